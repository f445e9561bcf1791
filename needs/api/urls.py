"""Addresses of needs in the API."""

from __future__ import annotations

from django.urls import path

from needs.api import views

urlpatterns = [
    path("needs/", views.Needs.as_view(), name="api_needs"),
    path("needs/track/", views.Track.as_view(), name="api_track"),
    path("needs/<int:pk>/", views.Detail.as_view(), name="api_need"),
    path("needs/<int:pk>/accept/", views.Accept.as_view(), name="api_accept"),
    path("needs/<int:pk>/reply/", views.Reply.as_view(), name="api_reply"),
]
