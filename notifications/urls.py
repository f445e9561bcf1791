"""Public addresses: one's notices and when to be told of them, and the cards that are answered by a link."""

from __future__ import annotations

from django.urls import path

from notifications.views import preferences, public

app_name = "notifications"
urlpatterns = [
    path("inbox/", public.inbox, name="inbox"),
    path("inbox/preferences/", preferences.preferences, name="preferences"),
    path("c/<str:token>/", public.card, name="card"),
    path("c/<str:token>/calendar.ics", public.card_file, name="card_file"),
]
