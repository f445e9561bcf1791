"""Volunteering in the workbench."""

from volunteers.admin import papers, team, volunteer  # noqa: F401 (registers)
