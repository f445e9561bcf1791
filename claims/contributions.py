"""What claims add: what falls due."""

from __future__ import annotations

from claims.services.clock import KINDS
from deadlines.kinds import register_kind

for _kind in KINDS:
    register_kind(_kind)
