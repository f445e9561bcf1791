"""What the shared warehouse adds: seeds, what falls due."""

from __future__ import annotations

from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from resources.defaults import load_defaults
from resources.services.clock import KINDS

for _kind in KINDS:
    register_kind(_kind)
contribute("defaults", load_defaults, order=15)
