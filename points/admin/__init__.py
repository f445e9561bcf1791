"""Points in the workbench."""

from points.admin import account, correction, reward, rule  # noqa: F401 (registers)
