"""Public pages of projects."""

from __future__ import annotations

from django.urls import path

from projects.views import check, deeds, fair, project

app_name = "projects"
urlpatterns = [
    path("agreements/<str:number>/", check.check, name="check"),
    path("projects/<int:pk>/", project.project, name="project"),
    path("projects/<int:pk>/photo/<int:milestone>/<uuid:photo>/", fair.photo, name="photo"),
    path("fair/", fair.fairs, name="fairs"),
    path("fair/<str:area>/", fair.fair, name="fair"),
    path("fair/<str:area>/screen/", fair.screen, name="screen"),
    path("menu/<int:pk>/", fair.menu, name="menu"),
    path("deeds/<str:area>/", deeds.board, name="deeds"),
]
