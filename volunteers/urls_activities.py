"""Public pages of activities, and those of whoever runs one on the day."""

from __future__ import annotations

from django.urls import path

from volunteers.views import activities, photos, running, signups

urlpatterns = [
    path("activities/", activities.index, name="activities"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/poster/", activities.poster, name="poster"),
    path("activities/posts/<int:pk>/sign-up/", activities.sign, name="sign_up"),
    path("activities/days/<int:pk>/", running.today, name="today"),
    path("activities/days/<int:pk>/code/", running.code, name="code"),
    path("activities/days/<int:pk>/sheet/", running.sheet, name="sheet"),
    path("activities/days/<int:pk>/present/", running.present, name="present"),
    path("activities/days/<int:pk>/missing/", running.missing, name="missing"),
    path("activities/days/<int:pk>/take-back/", running.take_back, name="take_back"),
    path("activities/days/<int:pk>/confirm/", running.confirm, name="confirm"),
    path("activities/days/<int:pk>/answer/<int:signup>/", running.answer, name="answer"),
    path("activities/days/<int:pk>/entered/<int:signup>/", running.entered, name="entered"),
    path("activities/days/<int:pk>/photos/", photos.day, name="day_photos"),
    path("activities/photos/<int:pk>/", photos.picture, name="photo"),
    path("activities/photos/<int:pk>/who/", photos.who, name="photo_who"),
    path("activities/photos/<int:pk>/look/", photos.look, name="photo_look"),
    path("activities/photos/<int:pk>/remove/", photos.remove, name="photo_remove"),
    path("activities/days/<int:pk>/here/", signups.here, name="here"),
    path("my/activities/", signups.mine, name="my_activities"),
    path("my/activities/<int:pk>/", signups.signup, name="signup"),
    path("my/activities/<int:pk>/cancel/", signups.cancel, name="cancel"),
    path("my/activities/<int:pk>/accept/", signups.accept, name="accept"),
    path("my/activities/<int:pk>/appeal/", signups.appeal, name="appeal"),
    path("my/activities/<int:pk>/photos/", signups.photos, name="signup_photos"),
    path("my/activities/<int:pk>/feedback/", signups.feedback, name="feedback"),
]
