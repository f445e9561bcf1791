"""Needs in the workbench."""

from __future__ import annotations

from needs.admin.need import CategoryAdmin, NeedAdmin

__all__ = ["CategoryAdmin", "NeedAdmin"]
