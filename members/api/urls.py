"""Addresses of the register in the API."""

from __future__ import annotations

from django.urls import include, path

from members.api import bodies, documents, party, seats, units

urlpatterns = [
    path("alliances/", bodies.Alliances.as_view(), name="api_alliances"),
    path("alliances/<int:pk>/", bodies.AllianceOne.as_view(), name="api_alliance"),
    path("alliances/<int:pk>/matrix/", bodies.MatrixOf.as_view(), name="api_alliance_matrix"),
    path("alliances/<int:pk>/matrix/move/", bodies.MoveMembers.as_view(), name="api_alliance_move"),
    path("bodies/", bodies.Bodies.as_view(), name="api_bodies"),
    path("bodies/<int:pk>/", bodies.BodyOne.as_view(), name="api_body"),
    path("units/", units.Units.as_view(), name="api_units"),
    path("units/<int:pk>/", units.UnitOne.as_view(), name="api_unit"),
    path("seats/", seats.Seats.as_view(), name="api_seats"),
    path("seat-offers/", seats.SeatOffers.as_view(), name="api_seat_offers"),
    path("party-organisations/", party.PartyOrganisations.as_view(), name="api_party"),
    path("cultivations/", party.Cultivations.as_view(), name="api_cultivations"),
    path("cultivations/<int:pk>/", party.CultivationOne.as_view(), name="api_cultivation"),
    path("buildings/", party.Buildings.as_view(), name="api_buildings"),
    path("brands/", party.Brands.as_view(), name="api_brands"),
    path("documents/", documents.Documents.as_view(), name="api_documents"),
    path("documents/<int:pk>/", documents.DocumentOne.as_view(), name="api_document"),
    path("documents/<int:pk>/receipts/", documents.DocumentReceipts.as_view(), name="api_document_receipts"),
    path("public/", include("members.api.public_urls")),
]
