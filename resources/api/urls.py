"""Addresses of the warehouse in the API."""

from __future__ import annotations

from django.urls import path

from resources.api import standing, steps, views

urlpatterns = [
    path("resources/", views.Resources.as_view(), name="api_resources"),
    path("resources/<int:pk>/", views.ResourceOne.as_view(), name="api_resource"),
    path("resources/<int:pk>/calendar/", views.Calendar.as_view(), name="api_resource_calendar"),
    path("resources/<int:pk>/photos/<uuid:photo>/", views.Photo.as_view(), name="api_resource_photo"),
    path("resources/<int:pk>/book/", views.Book.as_view(), name="api_resource_book"),
    path("resources/<int:pk>/uses/", steps.Uses.as_view(), name="api_resource_uses"),
    path("resources/<int:pk>/edit/", steps.Edit.as_view(), name="api_resource_edit"),
    path("resources/<int:pk>/hours/", steps.Hours.as_view(), name="api_resource_hours"),
    path("resources/<int:pk>/close/", steps.Close.as_view(), name="api_resource_close"),
    path("resources/<int:pk>/open-again/", steps.OpenAgain.as_view(), name="api_resource_open_again"),
    path("resources/<int:pk>/parts/", steps.Parts.as_view(), name="api_resource_parts"),
    path("resources/<int:pk>/ask-again/", steps.AskAgain.as_view(), name="api_resource_ask_again"),
    path("resources/<int:pk>/approve/", steps.Approve.as_view(), name="api_resource_approve"),
    path("resources/<int:pk>/refuse/", steps.Refuse.as_view(), name="api_resource_refuse"),
    path("resources/<int:pk>/stop/", steps.Stop.as_view(), name="api_resource_stop"),
    path("resources/<int:pk>/resume/", steps.Resume.as_view(), name="api_resource_resume"),
    path("resources/mode/", standing.Modes.as_view(), name="api_resources_mode"),
    path("bookings/", views.Bookings.as_view(), name="api_bookings"),
    path("bookings/<int:pk>/", views.BookingOne.as_view(), name="api_booking"),
    path("bookings/<int:pk>/approve/", steps.Accept.as_view(), name="api_booking_approve"),
    path("bookings/<int:pk>/refuse/", steps.TurnDown.as_view(), name="api_booking_refuse"),
    path("bookings/<int:pk>/cancel/", steps.Cancel.as_view(), name="api_booking_cancel"),
    path("bookings/<int:pk>/call-off/", steps.CallOff.as_view(), name="api_booking_call_off"),
    path("bookings/<int:pk>/hand-over/", steps.HandOver.as_view(), name="api_booking_hand_over"),
    path("bookings/<int:pk>/take-back/", steps.TakeBack.as_view(), name="api_booking_take_back"),
    path("bookings/<int:pk>/no-show/", steps.NoShow.as_view(), name="api_booking_no_show"),
    path("bookings/<int:pk>/appeal/", steps.Appeal.as_view(), name="api_booking_appeal"),
    path("bookings/<int:pk>/decide/", steps.Decide.as_view(), name="api_booking_decide"),
    path("bookings/<int:pk>/pause/", standing.PauseBooker.as_view(), name="api_booking_pause"),
    path("pauses/", standing.Pauses.as_view(), name="api_pauses"),
    path("pauses/<int:pk>/lift/", standing.Lift.as_view(), name="api_pause_lift"),
]
