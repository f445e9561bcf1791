"""Agreements, projects, their milestones and figures, 服务菜单 and candidates of 民生实事 that come in as a file."""

from __future__ import annotations

from projects.importers.agreements import AGREEMENTS
from projects.importers.deeds import DEEDS
from projects.importers.figures import FIGURES
from projects.importers.menu import MENU
from projects.importers.milestones import MILESTONES
from projects.importers.projects import PROJECTS

__all__ = ["AGREEMENTS", "DEEDS", "FIGURES", "MENU", "MILESTONES", "PROJECTS"]
