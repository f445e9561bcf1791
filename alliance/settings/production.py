"""Production: every secret is given from outside, and a missing or default one stops the start."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from alliance.settings.base import *  # noqa: F403
from alliance.settings.base import ALLOWED_HOSTS, METRICS_TOKEN, PRIVACY_INDEX_KEY, PRIVACY_KEYS, SECRET_KEY, env

DEMO = False

for _name, _value in {
    "SECRET_KEY": SECRET_KEY,
    "PRIVACY_KEYS": "".join(PRIVACY_KEYS),
    "PRIVACY_INDEX_KEY": PRIVACY_INDEX_KEY,
    "DATABASE_URL": env("DATABASE_URL", default=""),
    "SITE_URL": env("SITE_URL", default=""),
    "ALLOWED_HOSTS": "".join(ALLOWED_HOSTS),
}.items():
    if not _value or _value.startswith(("local-check-only", "tests-only", "change-me")):
        raise ImproperlyConfigured(f"{_name} must be set (and not to a default)")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 32 characters, or be empty")

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics/$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("NUM_PROXIES", default=0) else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
