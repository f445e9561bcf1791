"""Signing in to the API."""

from __future__ import annotations

from django.urls import path

from people.api import schema  # noqa: F401 - registers itself
from people.api.views import SignIn, SignOut

urlpatterns = [
    path("auth/sign-in/", SignIn.as_view(), name="api_sign_in"),
    path("auth/sign-out/", SignOut.as_view(), name="api_sign_out"),
]
