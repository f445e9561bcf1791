"""Pages of the workbench: the calendar and what falls due."""

from deadlines.admin import calendar

__all__ = ["calendar"]
