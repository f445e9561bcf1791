"""Addresses of imports in the API."""

from __future__ import annotations

from django.urls import path

from transfers.api import imports

urlpatterns = [
    path("imports/", imports.Imports.as_view(), name="api_imports"),
    path("imports/<int:pk>/", imports.ImportOne.as_view(), name="api_import"),
    path("imports/<int:pk>/errors/", imports.ImportErrors.as_view(), name="api_import_errors"),
]
