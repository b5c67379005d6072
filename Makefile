.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
SIMULATOR_PORT ?= $(shell expr $(PORT) + 1010)
VENV := .venv
BIN := $(VENV)/bin
TEXTS := $(patsubst %.po,%.mo,$(wildcard wizard/locale/*/LC_MESSAGES/django.po))
STATIC := $(shell find static -type f 2>/dev/null)

# The site on this machine alone: no TLS, a key of its own that never leaves var/.
LOCAL = SECRET_KEY="$$(cat var/secret_key)" HTTPS=0 ALLOWED_HOSTS=localhost,127.0.0.1
MANAGE = $(LOCAL) $(BIN)/python manage.py
DEVELOPMENT = DJANGO_SETTINGS_MODULE=smsdoctor.development
WITH_SIMULATOR = SIMULATOR_URL=http://127.0.0.1:$(SIMULATOR_PORT) REPORTS_ALWAYS_PUSHED=1
SIMULATOR = $(BIN)/python -m wizard.simulator --port $(SIMULATOR_PORT) \
	--site http://127.0.0.1:$(PORT) --state var/simulator.json --with-parent --log-level WARNING

INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK = UV_CUSTOM_COMPILE_COMMAND="make update" $(BIN)/uv --quiet
LOCK_OPTIONS = --upgrade --universal --python-version 3.11 --generate-hashes \
	--annotation-style line --no-emit-index-url --no-emit-find-links

.PHONY: help run dev ready test quick coverage lint format hooks bench pictures messages update clean

help:
	@awk '/^## /{says = substr($$0, 4)} \
		/^[a-z]+:/{if (says) printf "make %-10s %s\n", substr($$1, 1, index($$1, ":") - 1), says; says = ""}' \
		$(MAKEFILE_LIST)

## the site with the simulated platform, at http://127.0.0.1:8000/ (or PORT=...)
run: var/static.stamp ready
	@$(SIMULATOR) & \
	$(LOCAL) PORT=$(PORT) $(WITH_SIMULATOR) \
		exec $(BIN)/python -m smsdoctor.server

## the same for who works on it: server and pages load again when a file has changed
dev: $(VENV)/test.stamp ready
	@$(SIMULATOR) & \
	$(LOCAL) $(DEVELOPMENT) $(WITH_SIMULATOR) \
		exec $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

# The database, the shipped guides and the demo logins.
ready: $(VENV)/run.stamp $(TEXTS) | var/secret_key
	@$(MANAGE) migrate --noinput -v 0
	@$(MANAGE) loadguide --if-missing --publish
	@$(MANAGE) demo --port $(PORT) --simulator-port $(SIMULATOR_PORT)

# Files go to the processes in turn, until one has nothing to do and takes a part of another's.
PYTEST = $(BIN)/python -m pytest -n auto --dist worksteal

## all tests, the browser's included; ARGS="-k words" for some of them
test: $(VENV)/test.stamp
	@tests/install_browser.sh $(BIN)
	@$(PYTEST) $(ARGS)

## the tests that need no database, no server and no browser
quick: $(VENV)/test.stamp
	@$(PYTEST) -m pure $(ARGS)

## all tests, and which lines and branches none of them covers
coverage: $(VENV)/test.stamp
	@tests/install_browser.sh $(BIN)
	@$(PYTEST) --cov --cov-report=term $(ARGS)

## format, lint and types, as CI checks them
lint: $(VENV)/test.stamp $(TEXTS)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@told=$$($(BIN)/lint-imports --no-cache --no-logo 2>&1) || { echo "$$told"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/djlint --quiet --lint templates
	@SECRET_KEY=lint $(BIN)/python manage.py makemigrations --check --dry-run -v 0
	@SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

## the code as the formatter writes it
format: $(VENV)/test.stamp
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

## the linters before each commit of this clone
hooks: $(VENV)/test.stamp
	@$(BIN)/pre-commit install

## the benchmarks (not part of the tests)
bench: $(VENV)/test.stamp $(TEXTS)
	@$(BIN)/python -m tests.benchmarks.pages
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.receiver
	@$(BIN)/python -m tests.benchmarks.desk
	@$(BIN)/python -m tests.benchmarks.replay
	@$(BIN)/python -m tests.benchmarks.admin
	@$(BIN)/python -m tests.benchmarks.codes
	@$(BIN)/python -m tests.benchmarks.reading
	@$(BIN)/python -m tests.benchmarks.search

## the README's pictures, made by the browser tests
pictures: $(VENV)/test.stamp
	@tests/install_browser.sh $(BIN)
	@PICTURES=1 $(BIN)/python -m pytest tests/browser/test_pictures.py

## the texts of the interface into the files of their translations
messages: $(VENV)/test.stamp
	@$(BIN)/python -m tests.support.texts

## newer releases of what requirements.in and tests/requirements.in ask for
update: $(VENV)/test.stamp
	@$(LOCK) pip compile $(LOCK_OPTIONS) requirements.in -o requirements.txt
	@$(LOCK) --directory tests pip compile $(LOCK_OPTIONS) requirements.in -o requirements.txt

## without all that was installed, and without the database of `make run`
clean:
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "SMS Doctor needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the site needs ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt tests/requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(INSTALL) -r tests/requirements.txt
	@touch $@

# What Django reads of what translators write.
%.mo: %.po | $(VENV)/run.stamp
	@$(BIN)/pybabel --quiet compile -i $< -o $@

var/secret_key: | $(VENV)/bin/python
	@mkdir -p var
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

var/static.stamp: $(VENV)/run.stamp $(STATIC) | var/secret_key
	@$(MANAGE) collectstatic --noinput -v 0
	@touch $@
