"""Public pages of the warehouse."""

from __future__ import annotations

from django.urls import path

from resources.views import public

app_name = "resources"
urlpatterns = [
    path("stations/", public.stations, name="stations"),
    path("alliance/<int:pk>/resources/", public.shared, name="shared"),
    path("resources/<int:pk>/", public.resource, name="resource"),
    path("resources/<int:pk>/photo/<uuid:photo>/", public.photo, name="photo"),
]
