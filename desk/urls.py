"""Addresses of the desk: errands on a phone, and what a member unit has to do."""

from __future__ import annotations

from django.urls import path

from desk.views import (
    asked,
    bookings,
    claims,
    documents,
    errands,
    finding,
    home,
    lists,
    offering,
    offers,
    profile,
    resources,
    seats,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("unit/profile/", profile.profile, name="profile"),
    *(path(f"unit/profile/{part}/", profile.save, {"part": part}, name=f"profile_{part}") for part in profile.OWN),
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
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/seen/", documents.seen, name="document_seen"),
    path("documents/<int:pk>/file/<uuid:file>/", documents.file, name="document_file"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", offering.new, name="resource_new"),
    path("resources/<int:pk>/", resources.resource, name="resource"),
    path("resources/<int:pk>/edit/", offering.edit, name="resource_edit"),
    path("resources/<int:pk>/hours/", offering.hours, name="resource_hours"),
    path("resources/<int:pk>/hours/week/", offering.week, name="resource_week"),
    path("resources/<int:pk>/hours/rules/", offering.rules, name="resource_rules"),
    path("resources/<int:pk>/open/", resources.open_again, name="resource_open"),
    *(path(f"resources/<int:pk>/{n}/", resources.act, {"name": n}, name=f"resource_{n}") for n in resources.ACTS),
    path("lists/", lists.lists, name="lists"),
    path("lists/<int:pk>/", lists.list_form, name="list_form"),
    path("lists/<int:pk>/copy/", lists.copy, name="list_copy"),
    path("lists/lines/<int:pk>/take-back/", lists.take_back, name="list_take_back"),
    path("find/", finding.find, name="find"),
    path("find/<int:pk>/", finding.book, name="book"),
    path("bookings/", bookings.bookings, name="bookings"),
    path("bookings/<int:pk>/", bookings.booking, name="booking"),
    path("bookings/<int:pk>/booking.ics", bookings.file, name="booking_file"),
    *(
        path(f"bookings/<int:pk>/{n}/", bookings.step, {"name": n}, name=f"booking_{n.replace('-', '_')}")
        for n in bookings.STEPS
    ),
    path("needs/<int:pk>/", asked.need, name="need"),
    path("needs/<int:pk>/will-help/", asked.will_help, name="need_will_help"),
    path("needs/<int:pk>/report/", asked.report, name="need_report"),
    path("needs/<int:pk>/hand-back/", asked.hand_back, name="need_hand_back"),
    path("needs/<int:pk>/photo/<uuid:photo>/", asked.photo, name="need_photo"),
]
