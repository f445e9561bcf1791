"""Agreements, projects, their milestones, figures, assessments and stories, 服务菜单, candidates and monthly reports of
民生实事 that come in as a file."""

from __future__ import annotations

from projects.importers.agreements import AGREEMENTS
from projects.importers.assessments import ASSESSMENTS
from projects.importers.deed_reports import DEED_REPORTS
from projects.importers.deeds import DEEDS
from projects.importers.figures import FIGURES
from projects.importers.menu import MENU
from projects.importers.milestones import MILESTONES
from projects.importers.projects import PROJECTS
from projects.importers.stories import STORIES

ALL = (AGREEMENTS, PROJECTS, MILESTONES, FIGURES, ASSESSMENTS, MENU, STORIES, DEEDS, DEED_REPORTS)

__all__ = ["ALL"]
