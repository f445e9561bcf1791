"""Which area a page is about: said by its view, asked by whatever frames it."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "tongxin.about"


def about(request: HttpRequest, area_code: str) -> None:
    """The page that answers ``request`` is about the area ``area_code``."""
    request.META[_KEY] = area_code


def area_about(request: HttpRequest) -> str:
    """The code of the area the page is about; empty for pages about none, or about all."""
    return str(request.META.get(_KEY, ""))
