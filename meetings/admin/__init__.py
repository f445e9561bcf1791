"""Meetings in the workbench."""

from meetings.admin import action, meeting, series, topic  # noqa: F401 (registers)
