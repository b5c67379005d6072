# make run       the site, from a fresh clone, at http://127.0.0.1:$(PORT)/
# make test      all tests, the browser's included
# make lint      format, lint and types, as CI checks them
# make bench     the benchmarks (not part of the tests)
# make pictures  the README's pictures, made by the browser tests
# make messages  the texts of the interface into the files of their translations

PYTHON ?= python3
PORT ?= 8000
SIMULATOR_PORT ?= $(shell expr $(PORT) + 1010)
VENV := .venv
BIN := $(VENV)/bin
STATIC := $(shell find static -type f 2>/dev/null)

# The site on this machine alone: no TLS, a key of its own that never leaves var/.
LOCAL = SECRET_KEY="$$(cat var/secret_key)" HTTPS=0 ALLOWED_HOSTS=localhost,127.0.0.1
MANAGE = $(LOCAL) $(BIN)/python manage.py

.PHONY: run test lint format bench pictures messages clean

run: $(VENV)/run.stamp var/static.stamp
	@$(MANAGE) migrate --noinput -v 0
	@$(MANAGE) loadguide --if-missing --publish
	@$(MANAGE) demo --port $(PORT) --simulator-port $(SIMULATOR_PORT)
	@$(BIN)/python -m wizard.simulator --port $(SIMULATOR_PORT) --site http://127.0.0.1:$(PORT) \
		--state var/simulator.json --with-parent --log-level WARNING & \
	$(LOCAL) PORT=$(PORT) SIMULATOR_URL=http://127.0.0.1:$(SIMULATOR_PORT) REPORTS_ALWAYS_PUSHED=1 \
		exec $(BIN)/gunicorn -c python:smsdoctor.gunicorn smsdoctor.wsgi

test: $(VENV)/test.stamp
	@tests/install_browser.sh $(BIN)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/test.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/djlint --quiet --lint templates
	@SECRET_KEY=lint $(BIN)/python manage.py makemigrations --check --dry-run -v 0
	@SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/test.stamp
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/test.stamp
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.receiver
	@$(BIN)/python -m tests.benchmarks.desk
	@$(BIN)/python -m tests.benchmarks.replay
	@$(BIN)/python -m tests.benchmarks.admin
	@$(BIN)/python -m tests.benchmarks.codes

pictures: $(VENV)/test.stamp
	@tests/install_browser.sh $(BIN)
	@PICTURES=1 $(BIN)/python -m pytest tests/browser/test_pictures.py

messages: $(VENV)/test.stamp
	@$(BIN)/python -m tests.support.texts

clean:
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "SMS Doctor needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

var/secret_key: | $(VENV)/bin/python
	@mkdir -p var
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

var/static.stamp: $(VENV)/run.stamp $(STATIC) | var/secret_key
	@$(MANAGE) collectstatic --noinput -v 0
	@touch $@
