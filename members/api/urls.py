"""Addresses of the register in the API."""

from __future__ import annotations

from django.urls import path

from members.api import party, units

urlpatterns = [
    path("units/", units.Units.as_view(), name="api_units"),
    path("units/<int:pk>/", units.UnitOne.as_view(), name="api_unit"),
    path("party-organisations/", party.PartyOrganisations.as_view(), name="api_party"),
    path("cultivations/", party.Cultivations.as_view(), name="api_cultivations"),
    path("cultivations/<int:pk>/", party.CultivationOne.as_view(), name="api_cultivation"),
    path("buildings/", party.Buildings.as_view(), name="api_buildings"),
    path("brands/", party.Brands.as_view(), name="api_brands"),
]
