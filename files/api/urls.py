"""Addresses of photos and documents in the API."""

from __future__ import annotations

from django.urls import path

from files.api import views

urlpatterns = [
    path("photos/", views.Photos.as_view(), name="api_photos"),
    path("held-documents/", views.Documents.as_view(), name="api_held_documents"),
]
