"""One settings file for every place Placard runs in; what differs comes from the environment (see .env.example).

With neither DATABASE_URL nor REDIS_URL it is a trial on one machine: embedded servers, mail into a folder, a secret
key of its own, all under LOCAL_DIR. Everything else defaults to what production needs.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded, environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = embedded.LOCAL_DIR

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

EMBEDDED = not (environment.text("DATABASE_URL") and environment.text("REDIS_URL"))
DEBUG = environment.flag("DEBUG")


def local_key(name: str, make: Callable[[], str]) -> str:
    """A key of this trial's own, made once, whichever process comes first. Production has to name its keys."""
    path = LOCAL_DIR / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f"{name}.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(make())
        with suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text()


def new_secret_key() -> str:
    return secrets.token_urlsafe(50)


def new_seal_key() -> str:
    return Fernet.generate_key().decode()


SECRET_KEY = environment.secret("SECRET_KEY") or (local_key("secret_key", new_secret_key) if EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Give it a long random value; .env.example says how to make one.")
# What few may read (data of children) is sealed with the first of these keys, and unsealed with any of them.
SEAL_KEYS = environment.words("SEAL_KEYS") or ([local_key("seal_key", new_seal_key)] if EMBEDDED else [])
if not SEAL_KEYS:
    raise ImproperlyConfigured("SEAL_KEYS is not set. Give it a Fernet key; .env.example says how to make one.")
environment.check_seal_keys(SEAL_KEYS)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")  # earlier keys, while what they signed is in use

# --- Where it is reached -----------------------------------------------------------------------------------------
SITE_URL = environment.site_url("http://localhost:8000" if EMBEDDED else "")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    str(urlsplit(SITE_URL).hostname),
    *(environment.hosts("ALLOWED_HOSTS") or (["localhost", "127.0.0.1"] if EMBEDDED else [])),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Only behind a proxy that always sets this header itself, as docker/nginx does.
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SECURE_REFERRER_POLICY = "same-origin"  # links are keys: no other site may see them
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# --- What it is made of --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "config.apps.DeskAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets' templates, for FORM_RENDERER
    "crispy_forms",
    "csp",
    "meeting",
    "registration",
    "programme",
]
MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "config.health.HealthMiddleware",
    # Headers first, so that static files and errors have them too.
    "config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "meeting.account.middleware.StaffSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.nul.NulMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "meeting.templatetags.placard"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "placard"
CRISPY_FAIL_SILENTLY = False

# --- Where it keeps things -----------------------------------------------------------------------------------------
_database_url = environment.address(
    "DATABASE_URL", embedded.database_url(), {"postgres", "postgresql"}, "postgresql://user:password@host:5432/name"
)
DATABASES = {"default": env.db_url_config(_database_url)}
DATABASES["default"].update(
    ENGINE="config.postgresql",
    CONN_MAX_AGE=environment.number("CONN_MAX_AGE", 60),
    CONN_HEALTH_CHECKS=True,
    # A page that cannot have its database soon says so.
    OPTIONS={"connect_timeout": 3} | DATABASES["default"].get("OPTIONS", {}),
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.address(
    "REDIS_URL", embedded.redis_url(), {"redis", "rediss", "unix"}, "redis://:password@host:6379/0"
)
# Rendered parts of public pages only, for seconds: each process may have its own, and no page needs Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    }
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environment.text("STATIC_ROOT", str(LOCAL_DIR / "static"))
MEDIA_ROOT = environment.text("MEDIA_ROOT", str(LOCAL_DIR / "media"))  # private: no URL serves it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # whoever collects them need not be who serves them
    },
}
FILE_UPLOAD_HANDLERS = ["registration.letters.upload.BoundedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
LETTER_MAX_BYTES = 10 * 1024 * 1024

# --- Who signs in ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "meeting.User"
LOGIN_URL = "admin:login"
# Trying out on one machine goes without, unless asked for; with a server of one's own it is no trial any more.
TRIAL = not (environment.text("DATABASE_URL") or environment.text("REDIS_URL"))
SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", not (DEBUG or TRIAL))
CSRF_FAILURE_VIEW = "config.errors.form_expired"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Languages and times ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh-hans", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail and background work ----------------------------------------------------------------------------------------
_mail = {"smtp", "smtp+tls", "smtp+ssl", "filemail"}
EMAIL_URL = environment.address(
    "EMAIL_URL", f"filemail://{quote(str(LOCAL_DIR / 'mail'))}", _mail, "smtp+tls://user:password@host:587"
)
_email = env.email_url_config(EMAIL_URL)
# Ours know what the outbox asks of them: smtp tells "surely not sent" from "perhaps", the folder gets a file a message.
_backends = {"smtp": "registration.mail.smtp.EmailBackend", "filemail": "registration.mail.folder.EmailBackend"}
EMAIL_BACKEND = _backends[urlsplit(EMAIL_URL).scheme.partition("+")[0]]
EMAIL_FILE_PATH = unquote(urlsplit(EMAIL_URL).path) or str(LOCAL_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"] or "localhost", _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"] or "", _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # for each answer of the server
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"Placard <no-reply@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# What became of a message: reports to an address of its own, fetched or piped to us, or told by the provider.
MAIL_BOUNCE_ADDRESS = environment.bounce_address()
MAIL_BOUNCE_MAILBOX = environment.mailbox()
MAIL_WEBHOOK_PROVIDER, _webhook_secret = environment.webhook()
ANYMAIL = {"WEBHOOK_SECRET": _webhook_secret} if _webhook_secret else {}
if MAIL_WEBHOOK_PROVIDER == "mailgun":
    ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"] = environment.text("MAIL_WEBHOOK_SIGNING_KEY")

# Celery spells the address of a Unix socket in a way of its own.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # worker and beat wait for a broker as long as it takes
# Without max_retries a publisher tries for four seconds to reach a broker that is away (see mail/broker.py).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SOFT_TIME_LIMIT = 120  # above the longest conversation with a slow mail server
CELERY_WORKER_PREFETCH_MULTIPLIER = 16  # tasks are short
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # a message half sent is worse than one sent late
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1_000_000  # else a new connection for each task; config/celery.py looks after broken ones
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # remembers nothing: every entry may run again after a restart
CELERY_BEAT_SCHEDULE = {
    # Expiry: where no worker runs, sweeps must not heap up in the broker.
    "send what waits": {"task": "registration.tasks.sweep_outbox", "schedule": 15.0, "options": {"expires": 15}},
    "watch over mail": {"task": "registration.tasks.watch_over_mail", "schedule": 60.0, "options": {"expires": 60}},
    "go on with many": {"task": "registration.tasks.sweep_many", "schedule": 12.0, "options": {"expires": 12}},
    "go on with letters": {"task": "registration.tasks.sweep_letters", "schedule": 12.0, "options": {"expires": 12}},
    "forget files of letters": {
        "task": "registration.tasks.forget_letter_files",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
    "go on with exports": {"task": "registration.tasks.sweep_exports", "schedule": 12.0, "options": {"expires": 12}},
    "exports that come again": {
        "task": "registration.tasks.ask_for_exports",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "forget exports": {"task": "registration.tasks.forget_exports", "schedule": 3600.0, "options": {"expires": 3600}},
    "write to many": {"task": "registration.tasks.sweep_campaigns", "schedule": 12.0, "options": {"expires": 12}},
    "remind people": {"task": "registration.tasks.remind_people", "schedule": 600.0, "options": {"expires": 600}},
    "forget many": {"task": "registration.tasks.forget_many", "schedule": 21600.0, "options": {"expires": 21600}},
    "look for duplicates": {
        "task": "registration.tasks.look_for_duplicates",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "import what waits": {"task": "registration.tasks.sweep_imports", "schedule": 20.0, "options": {"expires": 20}},
    "forget imports": {"task": "registration.tasks.forget_imports", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget answers": {"task": "registration.tasks.forget_answers", "schedule": 21600.0, "options": {"expires": 21600}},
    "forget birth dates": {
        "task": "registration.tasks.forget_birth_dates",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
    "watch over children": {
        "task": "registration.tasks.watch_over_children",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "destroy old child records": {
        "task": "registration.tasks.destroy_old_child_records",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "pass on seats": {"task": "registration.tasks.expire_offers", "schedule": 60.0, "options": {"expires": 60}},
    "say what waits": {"task": "registration.tasks.send_digests", "schedule": 600.0, "options": {"expires": 600}},
    "raise alarms": {"task": "registration.tasks.raise_alarms", "schedule": 1800.0, "options": {"expires": 1800}},
    "forget sign-ins": {"task": "registration.tasks.forget_sign_ins", "schedule": 3600.0, "options": {"expires": 3600}},
    "read bounces": {"task": "registration.tasks.read_bounces", "schedule": 60.0, "options": {"expires": 60}},
    "forget addresses": {
        "task": "registration.tasks.forget_addresses",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
    "forget drafts": {"task": "registration.tasks.forget_drafts", "schedule": 3600.0, "options": {"expires": 3600}},
}

LOGGING = logs.logging_config(debug=DEBUG)
