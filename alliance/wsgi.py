"""WSGI entry point."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings.local")
application = get_wsgi_application()
reverse(
    "portal:home"
)  # loads the module of every page before requests come, so that a new worker's first visitors do not wait
