"""All settings, read from a typed environment. Nonsense is refused with a sentence.

What each variable means stands in `.env.example`.
"""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bootstrap_wrapper import get_bootstrap_dir
from csp.constants import NONE, SELF

from partnercrm import embedded
from partnercrm.environment import (
    count,
    database,
    email,
    env,
    flag,
    host_names,
    keys,
    refuse,
    secret,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_dir()

# --- where and for whom -------------------------------------------------------------------

DEBUG = flag("DEBUG")
# The demo book is loaded and its passwords are public: only `manage.py up` sets this.
DEMO = flag("DEMO")
SECRET_KEY = secret("SECRET_KEY", "secret_key")
if len(SECRET_KEY) < 50:
    raise refuse("SECRET_KEY must have at least 50 characters.")

SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise refuse(f"SITE_URL must be an address such as https://crm.example.com, not {SITE_URL!r}.")
HTTPS = _site.scheme == "https"

ALLOWED_HOSTS = host_names("ALLOWED_HOSTS", default=[_site.hostname, "localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
if TIME_ZONE not in available_timezones():
    raise refuse(f"TIME_ZONE must be a name such as America/Chicago, not {TIME_ZONE!r}.")

# --- the application ----------------------------------------------------------------------

INSTALLED_APPS = [
    "partnercrm",
    "web",
    "audit",
    "mailing",
    "files",
    "accounts",
    "partners",
    "interactions",
    "ledger",
    "gratitude",
    "tiers",
    "touches",
    "policies",
    "insights",
    "texts",
    "stepaway",
    "imports",
    "demo",
    "backups",
    "digests",
    "pages",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "lucide",
    "phonenumber_field",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.KeepNoCopies",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.SignInForFragments",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.RequireSecondFactor",
    "accounts.middleware.UserTimeZone",
    "accounts.middleware.RecordRefusals",
]

ROOT_URLCONF = "partnercrm.urls"
WSGI_APPLICATION = "partnercrm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "web.context_processors.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- data ---------------------------------------------------------------------------------

DATABASES = {"default": database("DATABASE_URL")}
_database = DATABASES["default"]
if DEMO and _database["ENGINE"] != "django.db.backends.sqlite3":
    # It would open a server's data to whoever has a password: no second factor is asked for.
    raise refuse("DEMO is for the SQLite file of `manage.py up` alone: take it away.")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Eight people who write at once never saw "database is locked" with these; with Django's
    # defaults two writes in five did.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        # INSERT OR REPLACE would otherwise delete past the triggers that keep rows as written.
        " PRAGMA recursive_triggers=ON;",
    }
    # A file, as a database in memory is not shared by threads and hides locking faults.
    _database["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    # A new connection for each request costs more than most pages do.
    _database.update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    # PostgreSQL compiles the one query that counts a tier's signals each time that it runs: with
    # that it took 1.6 s for 2,000 partners, without it 0.6 s.
    _database.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

# Borrowers' phones and addresses are encrypted with the first key; the others still open old rows.
BORROWER_KEYS = keys("BORROWER_KEYS", "borrower_key")
# The record of who did what is chained with the first key; the others still prove old rows.
AUDIT_KEYS = keys("AUDIT_KEYS", "audit_key")

# --- queue and cache ----------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{embedded.socket_path()}"
_redis = urlsplit(REDIS_URL)
if _redis.scheme not in {"redis", "rediss", "unix"}:
    raise refuse("REDIS_URL must begin with redis://, rediss:// or unix://.")


def redis_database(number: int) -> str:
    """The same server, another numbered database: the queue 0, the cache 1."""
    if _redis.scheme == "unix":
        return f"unix://{_redis.path}?db={number}"
    return f"{_redis.scheme}://{_redis.netloc}/{number}"


CACHES = {
    # Shared by all processes, as a limit counted in each process alone is no limit.
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(1),
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 2},
    }
}

CELERY_BROKER_URL = (
    f"redis+socket://{_redis.path}?virtual_host=0" if _redis.scheme == "unix" else redis_database(0)
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task: a task that outlives it is run a second time beside itself.
    "visibility_timeout": 600,
    # What a killed worker held comes back in seconds, not in two minutes.
    "unacked_restore_throttle": 1,
    # Without these a worker hangs as long as Redis does.
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 30,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task is done when it has ended, not when it was handed over: a killed worker loses nothing.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# --- mail ---------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"partnercrm@{_site.hostname}")
# How long a worker holds a delivery. Longer than all that a mail server may make it wait.
DELIVERY_LEASE_SECONDS = count("DELIVERY_LEASE_SECONDS") or 180
# Seconds for each answer of a mail server; `mailing.backends` gives more for that to a message.
EMAIL_TIMEOUT = 10
_email = email("EMAIL_URL")
if _email:
    vars().update(_email)
else:
    # Nothing to send by: mails can be read in this folder.
    EMAIL_BACKEND = "mailing.backends.FileBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- sign-in ------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Nothing is sent to an address that we do not know: anybody may type one.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = count("TRUSTED_PROXY_COUNT")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "PartnerCRM"
# An administrator gave the address, so nobody is asked to verify it: without this allauth would
# refuse the second factor that managers must set up before anything else opens.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO

# --- safety -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^healthz/background$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- pages --------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = True  # for the formats alone: the language is always English
USE_TZ = True
FORMAT_MODULE_PATH = "partnercrm.formats"
PHONENUMBER_DEFAULT_REGION = "US"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor/bootstrap", get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Nothing under static/ refers to files outside it.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "web.logs.LineWithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
