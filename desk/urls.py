"""Addresses of the desk: errands on a phone, and what a member unit has to do."""

from __future__ import annotations

from django.urls import path

from desk.views import asked, claims, errands, home, offers, seats

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("errands/", errands.errands, name="errands"),
    path("errands/<int:pk>/", errands.errand, name="errand"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/send/", claims.send, name="claim_send"),
    path("claims/<int:pk>/deliver/", claims.deliver, name="claim_deliver"),
    path("claims/<int:pk>/return/", claims.give_back, name="claim_return"),
    path("claims/<int:pk>/photo/<uuid:photo>/", claims.photo, name="claim_photo"),
    path("seats/", seats.seats, name="seats"),
    path("seats/offer/", seats.offer, name="seat_offer"),
    path("seats/offers/<int:pk>/resend/", seats.resend, name="seat_resend"),
    path("seats/offers/<int:pk>/withdraw/", seats.withdraw, name="seat_withdraw"),
    path("needs/<int:pk>/", asked.need, name="need"),
    path("needs/<int:pk>/report/", asked.report, name="need_report"),
    path("needs/<int:pk>/hand-back/", asked.hand_back, name="need_hand_back"),
    path("needs/<int:pk>/photo/<uuid:photo>/", asked.photo, name="need_photo"),
]
