"""Settings are safe by default and say clearly what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
DEVELOPMENT = "smsdoctor.development"
KEY = "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment and nothing else of ours."""
    ours = ("DEBUG", "SECRET_KEY", "HTTPS", "DATABASE_URL", "CACHE_URL", "DJANGO_", "PUBLICATION_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_missing_secret_key_is_a_clear_error():
    result = manage("check")
    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr.splitlines()[-1]


def test_the_check_for_deployment_is_clean():
    result = manage("check", "--deploy", "--fail-level", "DEBUG", SECRET_KEY=KEY)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


SAFE = {
    "DEBUG": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "X_FRAME_OPTIONS": "DENY",
}


@pytest.fixture(scope="module")
def said_nothing() -> dict[str, object]:
    """The settings in `SAFE` as they are without any of ours in the environment."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {[*SAFE]}}}))"
    )
    return json.loads(manage("shell", "--no-imports", "-c", code, SECRET_KEY=KEY).stdout)


@pytest.mark.parametrize("name", SAFE)
def test_a_site_of_which_nothing_is_said_is_safe(name, said_nothing):
    assert said_nothing[name] == SAFE[name]


def test_only_a_page_of_make_dev_loads_again_by_itself_and_by_our_own_scripts():
    code = (
        "from django.test import Client; "
        "print(Client(headers={'host': 'localhost'}).get('/nothing/').content.decode())"
    )
    script = '<script src="/static/django-browser-reload/'
    page = manage("shell", "--no-imports", "-c", code, DJANGO_SETTINGS_MODULE=DEVELOPMENT).stdout
    assert script in page
    assert 'data-events-path="/__reload__/events/"' in page
    assert page.count("<script") == page.count(script)
    page = manage("shell", "--no-imports", "-c", code, DEBUG="1").stdout
    assert "</body>" in page
    assert script not in page


def test_debugging_is_on_only_if_asked_for():
    code = "from django.conf import settings; print(settings.DEBUG)"
    assert manage("shell", "--no-imports", "-c", code, DEBUG="1").stdout.strip() == "True"


def test_every_model_change_has_its_migration():
    result = manage("makemigrations", "--check", "--dry-run", SECRET_KEY=KEY)
    assert result.returncode == 0, result.stdout


def test_redis_and_postgresql_are_read_from_their_urls():
    code = (
        "from django.conf import settings as s;"
        "print(s.DATABASES['default']['ENGINE'], s.CACHES['default']['BACKEND'])"
    )
    result = manage(
        "shell",
        "--no-imports",
        "-c",
        code,
        SECRET_KEY=KEY,
        DATABASE_URL="postgresql://someone@db.example/sms",
        CACHE_URL="redis://cache.example:6379/1",
    )
    assert result.stdout.split() == [
        "django.db.backends.postgresql",
        "django.core.cache.backends.redis.RedisCache",
    ]


def test_a_site_without_samples_does_without_the_simulated_platform():
    """Every other room is imported where there is no `wizard.simulator` at all."""
    code = """
import importlib, os, pkgutil, sys
sys.modules["wizard.simulator"] = None
import django
django.setup()
import wizard
for module in pkgutil.walk_packages(wizard.__path__, "wizard."):
    if not module.name.startswith("wizard.simulator"):
        importlib.import_module(module.name)
from wizard.cases import samples
print(samples.offered(), samples.account("s1"))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "() None\n"), result.stderr
