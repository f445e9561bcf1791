"""Quick start on one machine: secrets and database addresses come from the supervisor, the demo may be loaded."""

from __future__ import annotations

from alliance.settings.base import *  # noqa: F403
from alliance.settings.base import env
from alliance.settings.logs import logging_config

DEMO = env.bool("DEMO", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
# Secure defaults of the supervisor; the fallbacks let a bare ``manage.py check`` run before the first start.
SECRET_KEY = env("SECRET_KEY", default="local-check-only-never-served-" + "0" * 32)
PRIVACY_KEYS = env.list("PRIVACY_KEYS", default=["bG9jYWwtY2hlY2stb25seS1uZXZlci1zZXJ2ZWQtMDA="])
PRIVACY_INDEX_KEY = env("PRIVACY_INDEX_KEY", default="local-check-only-never-served")
SMS_CHANNEL = "console" if DEMO else env("SMS_CHANNEL", default="none")
QUIET_HOURS = env("QUIET_HOURS", default="" if DEMO else "21:00-08:00")  # the demo disturbs nobody
SITE_URL = env("SITE_URL", default="")
LOGGING = logging_config(json=False)

# Served from the finders: a changed file shows at once, and nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DEMO:
    SITE = {
        **SITE,  # noqa: F405
        "phone": env("SITE_PHONE", default="0571-0000 0000"),
        "host_org": env("SITE_HOST_ORG", default="城厢街道党工委、办事处（演示）"),
    }
