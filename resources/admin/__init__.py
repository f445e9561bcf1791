"""The warehouse in the workbench."""

from resources.admin import booking, kind, pause, resource  # noqa: F401 (registers)
