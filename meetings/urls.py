"""Addresses of meetings outside the workbench and the desk."""

from __future__ import annotations

from django.urls import path

from meetings.views import files, here, public

app_name = "meetings"
urlpatterns = [
    path("meetings/", public.extracts, name="extracts"),
    path("meetings/<int:pk>/", public.extract, name="extract"),
    path("meetings/<int:pk>/meeting.ics", files.file, name="file"),
    path("meetings/<int:pk>/here/", here.here, name="here"),
]
