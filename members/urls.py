"""Public pages of alliances and their units."""

from __future__ import annotations

from django.urls import path

from members.views import public

app_name = "members"
urlpatterns = [
    path("alliance/", public.alliances, name="alliances"),
    path("alliance/<int:pk>/", public.alliance, name="alliance"),
    path("alliance/<int:pk>/units/", public.units, name="units"),
    path("alliance/<int:pk>/groups/", public.groups, name="groups"),
    path("alliance/<int:pk>/documents/<int:document>/", public.document, name="document"),
    path("alliance/<int:pk>/documents/<int:document>/file/<uuid:file>/", public.document_file, name="document_file"),
    path("units/<int:pk>/", public.unit, name="unit"),
]
