"""Addresses of what everybody may read of alliances."""

from __future__ import annotations

from django.urls import path

from members.api import public

urlpatterns = [
    path("alliances/", public.PublicAlliances.as_view(), name="api_public_alliances"),
    path("alliances/<int:pk>/", public.PublicAllianceOne.as_view(), name="api_public_alliance"),
    path("alliances/<int:pk>/groups/", public.PublicGroups.as_view(), name="api_public_groups"),
    path("alliances/<int:pk>/units/", public.PublicUnits.as_view(), name="api_public_units"),
    path("units/<int:pk>/", public.PublicUnitOne.as_view(), name="api_public_unit"),
]
