"""Projects, their milestones and figures, and candidates of 民生实事 that come in as a file."""

from __future__ import annotations

from projects.importers.deeds import DEEDS
from projects.importers.figures import FIGURES
from projects.importers.milestones import MILESTONES
from projects.importers.projects import PROJECTS

__all__ = ["DEEDS", "FIGURES", "MILESTONES", "PROJECTS"]
