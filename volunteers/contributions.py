"""What volunteering adds to the pages of the apps below."""

from __future__ import annotations

from volunteers import (  # noqa: F401 (registers)
    contributions_activities,
    contributions_people,
    contributions_sections,
)
