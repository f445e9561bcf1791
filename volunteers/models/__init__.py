"""Activities and those who come; volunteers and their teams."""

from __future__ import annotations

from volunteers.models.activity import Activity, ActivityEvent, Post, Series, Slot
from volunteers.models.certificate import Certificate
from volunteers.models.feedback import Feedback
from volunteers.models.hours import Attendance, Hours
from volunteers.models.papers import Insurance, PartyReport, Qualification, Training
from volunteers.models.photo import DayPhoto, PhotoConsent, PhotoShown
from volunteers.models.section import Section, SectionNote
from volunteers.models.signup import SignUp, SignUpEvent
from volunteers.models.team import PledgeSignature, Team, TeamMember
from volunteers.models.volunteer import Volunteer, VolunteerEvent, VolunteerPolicy

__all__ = [
    "Activity",
    "ActivityEvent",
    "Attendance",
    "Certificate",
    "DayPhoto",
    "Feedback",
    "Hours",
    "Insurance",
    "PartyReport",
    "PhotoConsent",
    "PhotoShown",
    "PledgeSignature",
    "Post",
    "Qualification",
    "Section",
    "SectionNote",
    "Series",
    "SignUp",
    "SignUpEvent",
    "Slot",
    "Team",
    "TeamMember",
    "Training",
    "Volunteer",
    "VolunteerEvent",
    "VolunteerPolicy",
]
