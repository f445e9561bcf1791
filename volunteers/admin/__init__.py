"""Volunteering in the workbench."""

from volunteers.admin import activity, papers, team, volunteer  # noqa: F401 (registers)
