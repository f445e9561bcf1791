"""Public addresses of notifications: one's notices, and the cards that are answered by a link."""

from __future__ import annotations

from django.urls import path

from notifications.views import public

app_name = "notifications"
urlpatterns = [
    path("inbox/", public.inbox, name="inbox"),
    path("c/<str:token>/", public.card, name="card"),
]
