"""What people add to the pages below the site: the default notice, the administrators' menu."""

from __future__ import annotations

from alliance.lib.registry import contribute
from people.defaults import load_defaults

contribute("defaults", load_defaults, order=10)
