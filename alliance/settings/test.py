"""Tests: real PostgreSQL and Redis started by the test run, cheap password hashing, nothing else softened."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from alliance.settings.base import *  # noqa: F403
from alliance.settings.base import DATABASES, env

DEMO = True
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECRET_KEY = "tests-only-" + "t" * 40
PRIVACY_KEYS = ["dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="]
PRIVACY_INDEX_KEY = "tests-only-index"
SITE_URL = "https://tongxin.example"
SMS_CHANNEL = "none"
QUIET_HOURS = ""  # tests run at any time of day; those about quiet hours set them
CAPTCHA_ENABLED = False

# The test database is made by the owner; connections then take the application's role (tests/conftest.py).
DATABASES["default"].update(env.db_url_config(env("DATABASE_OWNER_URL", default="postgres://x@127.0.0.1:1/x")))
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_ROOT = tempfile.mkdtemp(prefix="tongxin-test-")
atexit.register(shutil.rmtree, _ROOT, ignore_errors=True)
STATIC_ROOT = Path(_ROOT) / "static"
STATIC_ROOT.mkdir()
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{_ROOT}/media", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all of them in every new client
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": f"{_ROOT}/broker",
    "data_folder_out": f"{_ROOT}/broker",
    "control_folder": f"{_ROOT}/broker-control",
}
