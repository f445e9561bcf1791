"""Addresses of the warehouse in the API."""

from __future__ import annotations

from django.urls import path

from resources.api import views

urlpatterns = [
    path("resources/", views.Resources.as_view(), name="api_resources"),
    path("resources/<int:pk>/", views.ResourceOne.as_view(), name="api_resource"),
    path("resources/<int:pk>/calendar/", views.Calendar.as_view(), name="api_resource_calendar"),
    path("resources/<int:pk>/book/", views.Book.as_view(), name="api_resource_book"),
    path("bookings/", views.Bookings.as_view(), name="api_bookings"),
    path("bookings/<int:pk>/", views.BookingOne.as_view(), name="api_booking"),
    path("bookings/<int:pk>/cancel/", views.Cancel.as_view(), name="api_booking_cancel"),
]
