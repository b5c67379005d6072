"""Settings, all from the environment and safe without one: see `docs/settings.md`."""

import hashlib
import ipaddress
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from smsdoctor import __version__

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VERSION = __version__

DEBUG = env.bool("DEBUG", default=False)
# Off only where the site is tried out on one machine without TLS (`make run`).
HTTPS = env.bool("HTTPS", default=not DEBUG)


def _secret_key() -> str:
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    if DEBUG:
        return "only-for-debugging-never-for-a-site-that-others-can-reach"
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give the site a long random one in the environment, for instance "
        "from: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    # Before ours, which shows its log in another way.
    "auditlog",
    "wizard",
    "smsdoctor.apps.AuthoringConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "import_export",
]

MIDDLEWARE = [
    # First, for the page of an error that another one raises asks for it.
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wizard.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "smsdoctor.urls"
WSGI_APPLICATION = "smsdoctor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var/db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue for the lock from their first statement on, instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- the guide in memory --------------------------------------------------------------------------

# Seconds between looks of each process for a new publication; 0 looks on every request.
PUBLICATION_POLL_SECONDS = env.float("PUBLICATION_POLL_SECONDS", default=2.0)
# Bytes of public pages kept in memory by each process.
KEPT_BYTES = env.int("KEPT_BYTES", default=32 * 1024 * 1024)
# Unknown codes that are recorded for the authors, at most.
UNKNOWN_CODES_KEPT = env.int("UNKNOWN_CODES_KEPT", default=5000)
# Searches that found nothing and are recorded for the authors, at most.
UNANSWERED_SEARCHES_KEPT = env.int("UNANSWERED_SEARCHES_KEPT", default=5000)

# --- cases ----------------------------------------------------------------------------------------

# New cases, and answers in cases, that one client may send in a minute.
CASES_PER_MINUTE = env.int("CASES_PER_MINUTE", default=20)
ANSWERS_PER_MINUTE = env.int("ANSWERS_PER_MINUTE", default=120)
# Days after which `manage.py purge` deletes reports, and cases that nobody has touched.
REPORT_RETENTION_DAYS = env.int("REPORT_RETENTION_DAYS", default=90)
CASE_RETENTION_DAYS = env.int("CASE_RETENTION_DAYS", default=365)
# Threads of each process that make look-ups beside the page; 0 makes the page wait for them.
LOOKUP_THREADS = env.int("LOOKUP_THREADS", default=8)
# On where every status report is pushed here: then a missing one tells something even on a day
# without traffic. Off, it does so only while other reports come in.
REPORTS_ALWAYS_PUSHED = env.bool("REPORTS_ALWAYS_PUSHED", default=False)
# Seconds between looks of an open case for a status report that may still come.
CASE_POLL_SECONDS = env.int("CASE_POLL_SECONDS", default=15)
# Hours for which a link to a case is good that an agent gives to a customer.
LINK_HOURS = env.int("LINK_HOURS", default=24)
# Where the simulated platform listens, for a site that somebody tries out on their own machine.
SIMULATOR_URL = env.str("SIMULATOR_URL", default="")
if SIMULATOR_URL and not SIMULATOR_URL.startswith("http://127.0.0.1:"):
    raise ImproperlyConfigured("SIMULATOR_URL is on this machine: http://127.0.0.1:<port>")

# --- status reports -------------------------------------------------------------------------------


def _at_least(lowest: int, name: str, value: int) -> int:
    if value < lowest:
        raise ImproperlyConfigured(f"{name} is {value}. Give it {lowest} or more.")
    return value


def _networks(name: str, values: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(value.strip()) for value in values]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. Give addresses or networks with commas between them, for instance "
            "192.0.2.7,198.51.100.0/24"
        ) from error


def _pairs(name: str, values: list[str]) -> dict[str, str]:
    """Secrets by access key. What is wrong is told by its place: the value may be a secret."""
    pairs: dict[str, str] = {}
    for place, value in enumerate(values, start=1):
        access, _, secret = value.strip().partition(":")
        if not access or not secret or access in pairs:
            problem = "names a key for the second time" if access in pairs else "is not one"
            raise ImproperlyConfigured(
                f"{name}: entry {place} {problem}. Give pairs like access:secret with commas "
                "between them."
            )
        pairs[access] = secret
    return pairs


def _recipient_hash_key(key: str) -> str:
    if key and len(key) < 32:
        raise ImproperlyConfigured(
            "RECIPIENT_HASH_KEY is too short to protect phone numbers. Give it 32 characters or "
            "more, for instance from: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key or hashlib.sha256(f"recipient hash key {SECRET_KEY}".encode()).hexdigest()


# A push of the platform is at most this many bytes long; a longer one is answered 413.
CALLBACK_MAX_BYTES = _at_least(
    1024, "CALLBACK_MAX_BYTES", env.int("CALLBACK_MAX_BYTES", default=256 * 1024)
)
# Who may push, as addresses and networks; empty: anyone.
CALLBACK_ALLOWED_IPS = _networks(
    "CALLBACK_ALLOWED_IPS", env.list("CALLBACK_ALLOWED_IPS", default=[])
)
# Keys that pushes are signed with; empty: signatures are not looked at.
PUSH_KEYS = _pairs("PUSH_KEYS", env.list("PUSH_KEYS", default=[]))
# How far the time of a signed push may be from ours, either way.
PUSH_CLOCK_SECONDS = _at_least(1, "PUSH_CLOCK_SECONDS", env.int("PUSH_CLOCK_SECONDS", default=900))
# Recipients are kept as a hash with this key. With another key, reports of before and of after no
# longer belong together; without one it follows SECRET_KEY.
RECIPIENT_HASH_KEY = _recipient_hash_key(env.str("RECIPIENT_HASH_KEY", default=""))

# --- agents ---------------------------------------------------------------------------------------

LOGIN_URL = "wizard:desk_login"
LOGIN_REDIRECT_URL = "wizard:desk"
# Tries of one client, or at one name, to log in.
LOGINS_PER_MINUTE = env.int("LOGINS_PER_MINUTE", default=10)

# --- hand-over ------------------------------------------------------------------------------------


def _between(lowest: float, highest: float, name: str, value: float) -> float:
    if not lowest <= value <= highest:
        raise ImproperlyConfigured(f"{name} is {value}. Give it {lowest} to {highest}.")
    return value


def _webhook_secret(secret: str) -> str:
    if secret and len(secret) < 32:
        raise ImproperlyConfigured(
            "WEBHOOK_SECRET is too short: whoever guesses it can pass for this site. Give it 32 "
            "characters or more, for instance from: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return secret


# The mail server; by default mails are only printed, for a site that somebody tries out.
_mail = env.email_url("EMAIL_URL", default="consolemail://")
globals().update({name: value for name, value in _mail.items() if value is not None})
# Seconds for each step of a mail. All of them, and a webhook, have to fit into `deliveries.LEASE`.
EMAIL_TIMEOUT = _between(1, 20, "EMAIL_TIMEOUT", env.int("EMAIL_TIMEOUT", default=10))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="SMS Doctor <sms-doctor@localhost>")
# Webhooks are signed with it; without one none is sent.
WEBHOOK_SECRET = _webhook_secret(env.str("WEBHOOK_SECRET", default=""))
# Networks of the operator's own that webhooks may go to, also without TLS; any other address has to
# be one of the public Internet.
WEBHOOK_ALLOWED_NETWORKS = _networks(
    "WEBHOOK_ALLOWED_NETWORKS", env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])
)
# For a whole webhook, from the look-up of its host to the answer.
WEBHOOK_SECONDS = _between(0.1, 30, "WEBHOOK_SECONDS", env.float("WEBHOOK_SECONDS", default=5.0))
# Seconds between looks of each process for what is to be sent; 0: only `manage.py deliver` sends.
DELIVERY_POLL_SECONDS = _between(
    0, 3600, "DELIVERY_POLL_SECONDS", env.float("DELIVERY_POLL_SECONDS", default=2.0)
)

# --- open screens ---------------------------------------------------------------------------------

# Seconds for which each process remembers what the cases on screens were like, so that screens can
# ask for news without a query; 0: each asks the database.
WATCH_SECONDS = _between(0, 2, "WATCH_SECONDS", env.float("WATCH_SECONDS", default=1.0))

# --- authoring ------------------------------------------------------------------------------------

# On where the author of a draft's last change may not publish it: somebody else has to.
FOUR_EYES = env.bool("FOUR_EYES", default=False)
# The audit log shows the texts that the answers pointed at then, not their numbers.
AUDITLOG_USE_FK_STRING_REPRESENTATION = True

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "wizard/locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- static files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var/static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- safety ---------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# /healthz is asked by machines inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# On, what the proxy in front says of the client and of TLS is believed; it must set both itself.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# A pasted text is at most this long; a longer one is answered 413 before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

# --- look-ups -------------------------------------------------------------------------------------

# The account at the SMS platform. Without one nothing is looked up, and people are asked instead.
HUAWEI_ACCESS_KEY = env.str("HUAWEI_ACCESS_KEY", default="")
HUAWEI_SECRET_KEY = env.str("HUAWEI_SECRET_KEY", default="")
HUAWEI_PROJECT_ID = env.str("HUAWEI_PROJECT_ID", default="")
HUAWEI_MANAGEMENT_URL = env.str(
    "HUAWEI_MANAGEMENT_URL", default="https://msgsms.ap-southeast-1.myhuaweicloud.com"
)
HUAWEI_BILLING_URL = env.str("HUAWEI_BILLING_URL", default="https://bss-intl.myhuaweicloud.com")
# The code of SMS in billing, for its packages; the vendor does not publish it.
HUAWEI_SMS_SERVICE_TYPE = env.str("HUAWEI_SMS_SERVICE_TYPE", default="")
HUAWEI_SERVICE_MODE = env.str("HUAWEI_SERVICE_MODE", default="")
# Calls that may be made, by name; None: all.
HUAWEI_CALLS = env.list("HUAWEI_CALLS", default=None)
# All calls of a look-up together; then the page asks the person.
LOOKUP_BUDGET_SECONDS = env.float("LOOKUP_BUDGET_SECONDS", default=3.0)
# An answer serves everyone who asks the same within these seconds.
LOOKUP_CACHE_SECONDS = env.int("LOOKUP_CACHE_SECONDS", default=10)
# It would log whole addresses with their parameters.
LOGGING["loggers"] = {**LOGGING.get("loggers", {}), "urllib3": {"level": "ERROR"}}
