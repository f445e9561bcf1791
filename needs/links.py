"""Addresses: of a need's progress page, with its QR code; of the list of needs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def progress_path(token: str) -> str:
    """Path of the progress page."""
    return reverse("needs:progress", args=[token])


def progress_url(request: HttpRequest, token: str) -> str:
    """Full address: under ``SITE_URL`` if that is set, else under the address the visitor used."""
    path = progress_path(token)
    return settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else request.build_absolute_uri(path)


def site_host(request: HttpRequest) -> str:
    """The site's address as one types it, without the scheme."""
    return urlsplit(settings.SITE_URL).netloc or request.get_host()


def qr_data_uri(url: str) -> str:
    """A QR code as an SVG data address: crisp on paper, no file to serve, dark on white in every theme."""
    return segno.make(url, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")


def list_url(**params: Any) -> str:
    """The staff's list of needs, narrowed to ``params``."""
    return reverse("admin:needs_need_changelist") + (f"?{urlencode(params)}" if params else "")
