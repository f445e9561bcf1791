"""Agreements and projects, what belongs to them, and their histories."""

from __future__ import annotations

from projects.models.agreement import Agreement, AgreementEvent, Amendment
from projects.models.deed import Deed, DeedRecord, DeedReport, DeedYear
from projects.models.figures import Assessment, Indicator, Reading, Score, Yardstick
from projects.models.menu import MenuItem, SignUp
from projects.models.paper import Paper
from projects.models.parts import Link, Milestone, ProjectUnit
from projects.models.party import Ask, Party, Target
from projects.models.project import Project, ProjectEvent
from projects.models.story import Story

__all__ = [
    "Agreement",
    "AgreementEvent",
    "Amendment",
    "Ask",
    "Assessment",
    "Deed",
    "DeedRecord",
    "DeedReport",
    "DeedYear",
    "Indicator",
    "Link",
    "MenuItem",
    "Milestone",
    "Paper",
    "Party",
    "Project",
    "ProjectEvent",
    "ProjectUnit",
    "Reading",
    "Score",
    "SignUp",
    "Story",
    "Target",
    "Yardstick",
]
