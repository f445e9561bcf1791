"""What volunteering adds to the pages of the apps below."""

from __future__ import annotations

from volunteers import contributions_activities, contributions_people  # noqa: F401 (registers)
