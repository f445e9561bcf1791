"""Pages of volunteers, teams and certificates."""

from __future__ import annotations

from django.urls import path

from volunteers.views import certificates, own, teams

urlpatterns = [
    path("volunteer/", own.welcome, name="welcome"),
    path("volunteer/teams/", teams.teams, name="teams"),
    path("volunteer/teams/<int:pk>/", teams.team, name="team"),
    path("volunteer/teams/<int:pk>/join/", teams.join, name="join"),
    path("volunteer/teams/<int:pk>/pledge/", teams.pledge, name="pledge"),
    path("volunteer/teams/<int:pk>/leave/", teams.leave, name="leave_team"),
    path("volunteer/check/", certificates.check, name="check"),
    path("my/volunteer/", own.mine, name="mine"),
    path("my/volunteer/change/", own.change, name="change"),
    path("my/volunteer/leave/", own.quit_all, name="leave"),
    path("my/volunteer/certificates/", certificates.issue, name="issue"),
    path("my/volunteer/certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("my/volunteer/report/", certificates.report, name="report"),
    path("my/volunteer/report/end/", certificates.end, name="end_report"),
    path("my/volunteer/card/", certificates.card, name="card"),
]
