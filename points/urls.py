"""Pages about points: one's own, and those for everybody."""

from __future__ import annotations

from django.urls import path

from points.views import mine, shelf

app_name = "points"
urlpatterns = [
    path("points/", shelf.shelf, name="shelf"),
    path("points/rewards/<int:pk>/", shelf.reward, name="reward"),
    path("points/rewards/<int:pk>/take/", shelf.take, name="take"),
    path("my/points/", mine.mine, name="mine"),
    path("my/points/exchanges/<int:pk>/", mine.exchange, name="exchange"),
    path("my/points/exchanges/<int:pk>/cancel/", mine.cancel, name="cancel"),
    path("my/points/<int:account>/wrong/", mine.wrong, name="missing"),
    path("my/points/<int:account>/wrong/<int:transfer>/", mine.wrong, name="wrong"),
]
