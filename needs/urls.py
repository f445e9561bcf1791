"""Public addresses of needs."""

from __future__ import annotations

from django.urls import path

from needs.views import answer, follow, mine, say, wall

app_name = "needs"
urlpatterns = [
    path("say/", say.what, name="say"),
    path("say/photo/<uuid:pk>/", say.held_photo, name="held_photo"),
    path("say/where/", say.where, name="say_where"),
    path("say/contact/", say.contact, name="say_contact"),
    path("say/challenge/", say.challenge, name="challenge"),
    path("say/done/", say.done, name="say_done"),
    path("track/", follow.track, name="track"),
    path("wishes/", wall.wall, name="wishes"),
    path("wishes/done/", wall.done, name="wishes_done"),
    path("my/add/", mine.add, name="my_add"),
    path("n/<str:token>/", follow.progress, name="progress"),
    path("n/<str:token>/slip/", follow.slip, name="slip"),
    path("n/<str:token>/supplement/", follow.supplement, name="supplement"),
    path("n/<str:token>/urge/", follow.urge, name="urge"),
    path("n/<str:token>/answer/", answer.answer, name="answer"),
    path("n/<str:token>/received/", answer.received, name="received"),
    path("n/<str:token>/not-there/", answer.not_there, name="not_there"),
    path("n/<str:token>/withdraw/", follow.withdraw, name="withdraw"),
    path("n/<str:token>/photo/<uuid:pk>/", follow.photo, name="photo"),
]
