"""Volunteering in the workbench."""

from volunteers.admin import activity, hours, papers, team, volunteer  # noqa: F401 (registers)
