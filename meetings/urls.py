"""Addresses of meetings outside the workbench and the desk."""

from __future__ import annotations

from django.urls import path

from meetings.views import here

app_name = "meetings"
urlpatterns = [
    path("meetings/<int:pk>/here/", here.here, name="here"),
]
