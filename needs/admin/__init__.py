"""Needs in the workbench."""

from __future__ import annotations

from needs.admin.category import CategoryAdmin
from needs.admin.need import NeedAdmin

__all__ = ["CategoryAdmin", "NeedAdmin"]
