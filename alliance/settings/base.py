"""Settings shared by every way of running. What differs stands in local, test and production."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import environ

from alliance.settings.contract import SPECTACULAR_SETTINGS  # noqa: F401 (a setting)
from alliance.settings.logs import logging_config
from alliance.settings.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401 (a setting)

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("TONGXIN_VAR", default=str(BASE_DIR / "var")))

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "alliance.apps.AllianceConfig",
    "alliance.apps.WorkbenchConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "people.apps.PeopleConfig",
    "audit.apps.AuditConfig",
    "files.apps.FilesConfig",
    "notifications.apps.NotificationsConfig",
    "deadlines.apps.DeadlinesConfig",
    "transfers.apps.TransfersConfig",
    "members.apps.MembersConfig",
    "claims.apps.ClaimsConfig",
    "resources.apps.ResourcesConfig",
    "points.apps.PointsConfig",
    "needs.apps.NeedsConfig",
    "projects.apps.ProjectsConfig",
    "volunteers.apps.VolunteersConfig",
    "meetings.apps.MeetingsConfig",
    "portal.apps.PortalConfig",
    "desk.apps.DeskConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.SessionLimitsMiddleware",
    "people.middleware.DoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "alliance.lib.http.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

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
                "django.template.context_processors.i18n",
                "portal.context.site",
            ],
        },
    },
]

# --- Database: two roles. The application's role has no right to change history (docs/permissions.md). ---
_DATABASE_URL = env("DATABASE_OWNER_URL" if os.environ.get("TONGXIN_AS_OWNER") else "DATABASE_URL", default="")
DATABASES = {
    "default": {
        **env.db_url_config(_DATABASE_URL or "postgres://tongxin_app@127.0.0.1:5432/tongxin"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": "-c lock_timeout=3000 -c idle_in_transaction_session_timeout=60000",
        },
    }
}

# --- Hints only: whatever is due is a row, so losing the broker loses time and nothing else. ---
REDIS_URL = env("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 300, "socket_timeout": 2, "socket_connect_timeout": 2, "retry_on_timeout": False}
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
    }
)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker that is sent nothing for so long, while the clock strikes every ten seconds, is deaf and ends itself; 0:
# never. Longer where many workers share what the clock sends.
WORKER_SILENT_SECONDS = env.int("WORKER_SILENT_SECONDS", default=50)
# One in which received work waits so long while nobody works has lost its pool and ends itself; 0: never.
WORKER_STUCK_SECONDS = env.int("WORKER_STUCK_SECONDS", default=60)
CELERY_TIMEZONE = "Asia/Shanghai"
# Nothing expires: a worker would judge that by its own clock, and one that is a minute ahead would do nothing at all.
# Ticks that piled up while nobody worked find nothing to do, one after the other. Nothing is rarer than hourly either:
# a clock that is started anew more often than it strikes would never strike.
CELERY_BEAT_SCHEDULER = "alliance.clock:Clock"

# One small cache for hints within a process; limits and locks live in the database, where every process sees them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Sign-in and sessions ---
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.PasswordBackend",
    "people.backends.PhoneBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "people.passwords.MixedCharactersValidator"},
]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
RESIDENT_SESSION_SECONDS = 30 * 86_400
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "people.lockout.name_typed"
AXES_LOCKOUT_CALLABLE = "people.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

# --- Behind how many proxies the site stands: decides which address counts as the visitor's. ---
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
AXES_CLIENT_IP_CALLABLE = "alliance.lib.http.client_ip"

# --- Personal data: keys live outside the database; the first encrypts, all decrypt. ---
PRIVACY_KEYS: list[str] = env.list("PRIVACY_KEYS", default=[])
PRIVACY_INDEX_KEY: str = env("PRIVACY_INDEX_KEY", default="")
SECRET_KEY: str = env("SECRET_KEY", default="")

# --- Headers ---
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language and time: Chinese is the source language, there is one time zone. ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["alliance.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 12

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["people.api.permissions.MayEnter"],
    "DEFAULT_RENDERER_CLASSES": ["alliance.lib.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["alliance.lib.renderers.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "alliance.lib.api.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=12), "AUTO_REFRESH": False}

# --- What the site says about itself. A street fills it in by environment; empty lines are not shown. ---
SITE = {
    "name": "同心",
    "phone": env("SITE_PHONE", default=""),
    "host_org": env("SITE_HOST_ORG", default=""),
    "icp": env("SITE_ICP", default=""),
    "police_record": env("SITE_POLICE_RECORD", default=""),
    "gov_code": env("SITE_GOV_CODE", default=""),
}
SITE_URL = env("SITE_URL", default="")

SMS_CHANNEL = env("SMS_CHANNEL", default="none")
# Between these times of day text messages and e-mails wait, unless about something 紧急; people may choose their own.
QUIET_HOURS = env("QUIET_HOURS", default="21:00-08:00")
# Robots speak to 企业微信 and 钉钉 alone. Only tests name a server of their own, in their settings: no environment can.
ROBOT_TEST_SERVER: tuple[str, int] | None = None
# E-mail is off until EMAIL_CHANNEL=smtp; then EMAIL_URL=smtp+tls://user:password@host:587 and EMAIL_FROM are needed.
EMAIL_CHANNEL = env("EMAIL_CHANNEL", default="none")
_MAIL = env.email_url_config(env("EMAIL_URL", default="") or "smtp://")
EMAIL_HOST = _MAIL["EMAIL_HOST"] or ""
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_PORT = _MAIL["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="")
CAPTCHA_ENABLED = env.bool("CAPTCHA_ENABLED", default=True)
# Who asks for /metrics/ brings this as "Authorization: Bearer …"; shorter than 32 characters or empty: no such page.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

LOGGING = logging_config(json=True)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # visitors' addresses are in no log
SILENCED_SYSTEM_CHECKS: list[str] = []
