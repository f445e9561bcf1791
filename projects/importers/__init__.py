"""Projects and tables of figures that come in as a file."""

from __future__ import annotations

from projects.importers.figures import FIGURES
from projects.importers.projects import PROJECTS

__all__ = ["FIGURES", "PROJECTS"]
