"""Settings of the project: one file; what differs between installations comes from the environment.

DATABASE_URL          the PostgreSQL server (default: the commands start the embedded one and set this)
DATA_DIR              where the embedded server, the secrets and the collected files live (data/)
HOST, PORT            the address to serve on (127.0.0.1, 8000)
ALLOWED_HOSTS         host names to answer to, separated by commas (this machine's own, and HOST)
HTTPS                 1: served behind HTTPS: secure cookies, redirect, HSTS (0)
CSRF_TRUSTED_ORIGINS  origins (https://...) that may post here, separated by commas (none)
SECRET_KEY            Django's signing key (made at random and kept in DATA_DIR/secret_key)
CONTACT_EMAIL         an address that sites we fetch from may write to; they are kinder to those who give one (none)
NCBI_API_KEY          a key of NCBI: PubMed then answers ten requests a second, not three (none)
DEMO                  0: start without the demonstration corpus (1)
DEBUG                 1: error pages with tracebacks, for developing only (0)
"""

import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mskb.data_folder import data_folder, secret


def env_flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off; the default for empty or absent.

    Raises ImproperlyConfigured for anything else.
    """
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")
    return default


def env_list(name: str) -> list[str]:
    """The parts of a variable separated by commas, blanks dropped."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_matching(name: str, pattern: str, expected: str) -> str:
    """A variable's value, blank where absent. Raises ImproperlyConfigured where it does not match."""
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(pattern, value, re.ASCII):
        # Not the value itself: it may be a secret.
        raise ImproperlyConfigured(f"{name} must be {expected}.")
    return value


def env_database() -> dict[str, Any]:
    """The database of DATABASE_URL. Raises ImproperlyConfigured unless it names a PostgreSQL server."""
    # The commands set DATABASE_URL when they start the embedded server; settings start nothing.
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(os.environ.get("DATABASE_URL") or "postgres:///mskb"))
    except ValueError:
        database = {}
    if database.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/database")
    # One pool per process: its threads share a few connections, and one that a restarted server cut is replaced.
    options: dict[str, Any] = {**database.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
    return {**database, "CONN_MAX_AGE": 0, "OPTIONS": options}


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_folder()
VERSION = str(tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"])
HOST = os.environ.get("HOST") or "127.0.0.1"
DEBUG = env_flag("DEBUG")
DEMO = env_flag("DEMO", default=True)
HTTPS = env_flag("HTTPS")
SECRET_KEY = os.environ.get("SECRET_KEY") or secret(DATA_DIR / "secret_key")

# --- Application -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mskb.apps.CurationAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that would read the query.
    "mskb.middleware.NoDeviceFeatures",
    "mskb.middleware.RefuseBadQuery",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before anything that would read the body: only curators may upload much.
    "mskb.middleware.RefuseLargeBody",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Notes the user and the address of a request beside every change the triggers record.
    "pghistory.middleware.HistoryMiddleware",
    # Last, as it asks: it turns a locked-out login into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mskb.urls"
WSGI_APPLICATION = "mskb.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
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
    },
]

# --- Database --------------------------------------------------------------------------------------------------------

DATABASES = {"default": env_database()}

# What `articles.queries.kept` keeps, in each process: a map of the whole corpus takes about half a megabyte.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100}}}

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Static files and uploads ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names with a hash of the content, so that browsers may keep them for ever, and compressed copies beside them.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What any form may carry, a pasted document included; and the files of one upload, which never stand in memory.
MAX_BODY_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 500 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
# The system's own folder for such files may be in memory.
FILE_UPLOAD_TEMP_DIR = DATA_DIR
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Fetching from other sites ----------------------------------------------------------------------------------------

CONTACT_EMAIL = env_matching("CONTACT_EMAIL", r"[\w.+-]+@[\w.-]+", "an e-mail address")
NCBI_API_KEY = env_matching("NCBI_API_KEY", "[0-9A-Za-z]+", "letters and digits only")

# --- Safety ----------------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]", HOST]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

# Login throttling: a guesser is locked out of one name from one address; the name's owner elsewhere is not.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS

SECURE_SSL_REDIRECT = HTTPS
# A load balancer asks these from inside, without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
# Subdomains and browsers' preload lists bind sites beside this one: their owner decides, not this file.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Errors ----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Without this Django's own handlers would print twice and try to mail.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
