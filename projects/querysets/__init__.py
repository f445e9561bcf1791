"""Who sees which agreements, projects, livelihood items and menus. The only place that knows."""

from __future__ import annotations

from projects.querysets.agreements import AgreementQuerySet, AskQuerySet, PaperPartQuerySet, PartyQuerySet
from projects.querysets.others import DeedQuerySet, MenuQuerySet, SignUpQuerySet
from projects.querysets.projects import ProjectPartQuerySet, ProjectQuerySet
from projects.querysets.stories import StoryQuerySet

__all__ = [
    "AgreementQuerySet",
    "AskQuerySet",
    "DeedQuerySet",
    "MenuQuerySet",
    "PaperPartQuerySet",
    "PartyQuerySet",
    "ProjectPartQuerySet",
    "ProjectQuerySet",
    "SignUpQuerySet",
    "StoryQuerySet",
]
