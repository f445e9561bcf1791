"""Addresses of points in the API."""

from __future__ import annotations

from django.urls import path

from points.api import views

urlpatterns = [
    path("points/", views.Accounts.as_view(), name="api_points"),
    path("points/postings/", views.Postings.as_view(), name="api_postings"),
    path("points/totals/<str:code>/", views.Totals.as_view(), name="api_totals"),
    path("rewards/", views.Rewards.as_view(), name="api_rewards"),
    path("rewards/<int:pk>/redeem/", views.Redeem.as_view(), name="api_reward_redeem"),
    path("redemptions/", views.Redemptions.as_view(), name="api_redemptions"),
    path("redemptions/<int:pk>/", views.RedemptionOne.as_view(), name="api_redemption"),
    path("redemptions/<int:pk>/cancel/", views.Cancel.as_view(), name="api_redemption_cancel"),
    path("counter/write-off/", views.WriteOff.as_view(), name="api_write_off"),
]
