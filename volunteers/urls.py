"""Public pages of volunteering."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "volunteers"
urlpatterns: list[URLPattern] = []
