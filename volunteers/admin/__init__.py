"""Volunteering in the workbench."""

from volunteers.admin import activity, hours, papers, section, team, volunteer  # noqa: F401 (registers)
