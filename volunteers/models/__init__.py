"""Activities and those who come; volunteers and their teams."""

from __future__ import annotations

from volunteers.models.certificate import Certificate
from volunteers.models.papers import Insurance, PartyReport, Qualification, Training
from volunteers.models.team import Team, TeamMember
from volunteers.models.volunteer import Volunteer, VolunteerEvent, VolunteerPolicy

__all__ = [
    "Certificate",
    "Insurance",
    "PartyReport",
    "Qualification",
    "Team",
    "TeamMember",
    "Training",
    "Volunteer",
    "VolunteerEvent",
    "VolunteerPolicy",
]
