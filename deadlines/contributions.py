"""What deadlines add to the pages below the site."""

from __future__ import annotations

from alliance.lib.registry import contribute
from deadlines.defaults import load_calendar_defaults, load_ladder_defaults

contribute("defaults", load_calendar_defaults, order=15)
contribute("defaults", load_ladder_defaults, order=90)  # after every app has declared its stages
