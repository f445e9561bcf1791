"""Addresses of offers and claims in the API."""

from __future__ import annotations

from django.urls import path

from claims.api import views

urlpatterns = [
    path("offers/", views.Offers.as_view(), name="api_offers"),
    path("offers/<int:pk>/claim/", views.TakeOffer.as_view(), name="api_offer_claim"),
    path("claims/", views.Claims.as_view(), name="api_claims"),
    path("claims/<int:pk>/send/", views.Send.as_view(), name="api_claim_send"),
    path("claims/<int:pk>/deliver/", views.Deliver.as_view(), name="api_claim_deliver"),
    path("claims/<int:pk>/confirm/", views.Confirm.as_view(), name="api_claim_confirm"),
    path("claims/<int:pk>/not-there/", views.NotThere.as_view(), name="api_claim_not_there"),
    path("claims/<int:pk>/return/", views.Return.as_view(), name="api_claim_return"),
    path("claims/<int:pk>/release/", views.Release.as_view(), name="api_claim_release"),
]
