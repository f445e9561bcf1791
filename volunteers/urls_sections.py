"""Pages of patrol sections and their diaries."""

from __future__ import annotations

from django.urls import path

from volunteers.views import sections

urlpatterns = [
    path("volunteer/sections/", sections.index, name="sections"),
    path("volunteer/sections/<int:pk>/", sections.section, name="section"),
    path("volunteer/sections/<int:pk>/take/", sections.take, name="section_take"),
    path("volunteer/sections/<int:pk>/note/", sections.note, name="section_note"),
    path("volunteer/sections/<int:pk>/give-back/", sections.give_back, name="section_give_back"),
    path("volunteer/section-notes/<int:pk>/take-back/", sections.take_back, name="section_note_take_back"),
    path("volunteer/section-notes/<int:pk>/photos/<uuid:photo>/", sections.picture, name="section_note_photo"),
]
