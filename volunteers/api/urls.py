"""Addresses of volunteering in the API."""

from __future__ import annotations

from django.urls import path

from volunteers.api import people, photos, sections, views

urlpatterns = [
    path("activities/", views.Activities.as_view(), name="api_activities"),
    path("activities/<int:pk>/", views.ActivityOne.as_view(), name="api_activity"),
    path("activity-posts/<int:pk>/sign-up/", views.Join.as_view(), name="api_activity_sign_up"),
    path("activity-days/<int:pk>/check-in/", views.CheckIn.as_view(), name="api_activity_check_in"),
    path("activity-signups/", views.SignUps.as_view(), name="api_activity_signups"),
    path("activity-signups/<int:pk>/cancel/", views.Cancel.as_view(), name="api_activity_cancel"),
    path("activity-signups/<int:pk>/accept/", views.Accept.as_view(), name="api_activity_accept"),
    path("activity-signups/<int:pk>/feedback/", views.Say.as_view(), name="api_activity_feedback"),
    path("activities/<int:pk>/photos/", photos.ActivityPhotos.as_view(), name="api_activity_photos"),
    path("activity-signups/<int:pk>/photos/", photos.PhotosSaid.as_view(), name="api_activity_photos_said"),
    path("volunteer/", people.Own.as_view(), name="api_volunteer"),
    path("volunteer-teams/", people.Teams.as_view(), name="api_volunteer_teams"),
    path("volunteer-teams/<int:pk>/join/", people.TeamJoin.as_view(), name="api_volunteer_team_join"),
    path("volunteer-sections/", sections.Sections.as_view(), name="api_volunteer_sections"),
    path("volunteer-sections/<int:pk>/take/", sections.SectionTake.as_view(), name="api_volunteer_section_take"),
    path("volunteer-sections/<int:pk>/notes/", sections.SectionWrite.as_view(), name="api_volunteer_section_write"),
    path(
        "volunteer-sections/<int:pk>/give-back/",
        sections.SectionGiveBack.as_view(),
        name="api_volunteer_section_give_back",
    ),
    path("volunteer-section-notes/", sections.SectionNotes.as_view(), name="api_volunteer_section_notes"),
    path(
        "volunteer-section-notes/<int:pk>/take-back/",
        sections.SectionNoteTakeBack.as_view(),
        name="api_volunteer_section_note_take_back",
    ),
    path(
        "volunteer-section-notes/<int:pk>/answer/",
        sections.SectionNoteAnswer.as_view(),
        name="api_volunteer_section_note_answer",
    ),
    path("volunteer-certificates/check/", people.CertificateCheck.as_view(), name="api_volunteer_check"),
]
