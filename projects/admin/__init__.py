"""Projects in the workbench."""

from projects.admin import across, agreement, deed, menu, project, story  # noqa: F401 (registers)
