"""Settings: one file; the environment decides, and a half-configured site refuses to start."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable; without value or default, a sentence that names it."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment: docs/deploying.md says how.")
    return value


def database(url: str) -> dict:
    """Django's database setting for `sqlite:///path` or `postgresql://user:password@host/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            "OPTIONS": {
                # Writers queue from their first statement, so no lock is ever upgraded half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: a ledger line that was acknowledged survives a power cut. Recursive
                # triggers: a row that REPLACE would delete is guarded like any other.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA recursive_triggers=ON;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with “{parts.scheme}”: use sqlite:///path or postgresql://…"
    )


def mailer(url: str) -> dict:
    """Django's mailer for `smtp://user:password@host:port`, with TLS for `smtp+tls` and `smtps`.

    `file:///folder` writes each mail to a file; `notify://template` goes through GOV.UK Notify.
    """
    parts = urlsplit(url)
    if parts.scheme in {"smtp", "smtp+tls", "smtps"}:
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": parts.port,
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_tls": parts.scheme == "smtp+tls",
                "use_ssl": parts.scheme == "smtps",
                "timeout": 10,  # seconds: a server that hangs must not hold the worker
            },
        }
    if parts.scheme == "file":
        folder = unquote(parts.path)
        return {
            "BACKEND": "participation.mail_files.EmailBackend",
            "OPTIONS": {"file_path": folder},
        }
    if parts.scheme == "notify":
        if find_spec("notifications_python_client") is None:
            raise ImproperlyConfigured(
                "MAIL_URL begins with “notify”, and its library is not installed: run "
                "pip install --require-hashes -r requirements.txt."
            )
        options = {"key": env("NOTIFY_KEY"), "template": parts.netloc}
        return {"BACKEND": "participation.notify.EmailBackend", "OPTIONS": options}
    raise ImproperlyConfigured(
        f"MAIL_URL begins with “{parts.scheme}”: use smtp+tls://user:password@host, smtps://…, "
        "smtp://…, notify://template or file:///folder"
    )


DEBUG = env("DEBUG", "") == "1"
SECRET_KEY = env("SECRET_KEY")
SITE_URL = env("SITE_URL").rstrip("/")
DATABASES = {"default": database(env("DATABASE_URL"))}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Each process keeps what it counted: publishing/counted.py.
    "counted": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "counted",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
DATA_DIR = Path(env("DATA_DIR", str(BASE_DIR / "var")))
# It retells what others published: where they are silent, it claims nothing for them.
TOLD_FROM_SOURCES = env("TOLD_FROM_SOURCES", "") == "1"

_site = urlsplit(SITE_URL)
_is_here = _site.hostname in {"127.0.0.1", "localhost", "testserver"}
IS_SECURE = _site.scheme == "https"
ALLOWED_HOSTS = [h for h in env("ALLOWED_HOSTS", _site.hostname or "").split(",") if h]

if not _site.hostname:
    raise ImproperlyConfigured("SITE_URL is not an address: set it to https://your.site.")
if not _is_here:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors: unset DEBUG on a public site.")
    if not IS_SECURE:
        raise ImproperlyConfigured("SITE_URL must begin with https:// on a public site.")
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured("SECRET_KEY is too short: set 50 or more random characters.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts: “*” would trust any address.")

INSTALLED_APPS = [
    "django_tasks_db",
    "website",
    "participation",
    "updates",
    "programme",
    "publishing",
    "markdownx",
    "config.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "website.middleware.MoreSecurityHeaders",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # Whoever has a page already gets 304. Around all that writes into a page, so not in its view.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "participation.middleware.NoticeNews",
    "publishing.middleware.ReleaseDue",
    "publishing.middleware.AtThisMoment",
    "website.middleware.GlossaryLinks",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "website.context.site",
            ],
        },
    },
]

# So that templates/ may hold a form widget's template too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Its widget only. The addresses are ours: docs/decisions/0003.
MARKDOWNX_MARKDOWNIFY_FUNCTION = "publishing.richtext.render"
MARKDOWNX_URLS_PATH = "/admin/editor/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/editor/upload/"

FILE_UPLOAD_HANDLERS = [
    "publishing.uploads.ReadNoMoreThanNeeded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# A measure with a number for every month of ten years has 1,500 fields. How long a form may be at
# all is decided elsewhere: by DATA_UPLOAD_MAX_MEMORY_SIZE, and before that by the handler above.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", str(DATA_DIR / "static")))
STORAGES = {
    # Private: nothing in here has an address of its own. publishing/attachments.py serves it.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "config.static.StaticFiles"},
}

# Only the hashed copies: nothing links to the others, and a start takes a third of the time.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
# Only a front that sets this header itself may be trusted with it: deploy/ says so.
BEHIND_PROXY = env("BEHIND_PROXY", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "website.views.form_refused"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_SECURE else []

LOGIN_REDIRECT_URL = "admin:index"

# Where somebody who found a hole writes to: an address of a page, or mailto:…
SECURITY_CONTACT = env("SECURITY_CONTACT", f"{SITE_URL}/private/")

SITE_NAME = env("SITE_NAME", "Together We CAN")
SITE_PLACE = env("SITE_PLACE", "Birmingham")

# On this machine mails become files; a public site must say how they leave.
MAIL_URL = env("MAIL_URL", (DATA_DIR.resolve() / "mails").as_uri() if _is_here else None)
MAILERS = {"default": mailer(MAIL_URL)}
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "") or f"{SITE_NAME} <updates@{_site.hostname}>"
# What may hang must not hold a visitor: only files are written without a worker.
_is_at_once = MAIL_URL.startswith("file:")
TASKS = {
    "default": {
        "BACKEND": "django.tasks.backends.immediate.ImmediateBackend"
        if _is_at_once
        else "django_tasks_db.DatabaseBackend"
    }
}
# Told by mail, without its words, of each message that may be about a child in danger.
SAFEGUARDING_EMAIL = env("SAFEGUARDING_EMAIL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without traceback": {"()": "config.logs.WithoutTraceback"}},
    "formatters": {"discreet": {"()": "config.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "publishing": {"level": "INFO"},
        "django.tasks": {"level": "WARNING"},
        "django.security.DisallowedHost": {"filters": ["without traceback"]},
    },
}

# A source that staff write without “https://” becomes a link all the same.
URLIZE_ASSUME_HTTPS = True
