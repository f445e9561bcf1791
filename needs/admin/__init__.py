"""Needs in the workbench."""

from __future__ import annotations

from needs.admin.category import CategoryAdmin
from needs.admin.errand import ErrandAdmin
from needs.admin.list_line import ListLineAdmin
from needs.admin.list_round import ListRoundAdmin, UnitListsAdmin
from needs.admin.need import NeedAdmin
from needs.admin.wish import WishAdmin
from needs.admin.wish_policy import WishPolicyAdmin

__all__ = [
    "CategoryAdmin",
    "ErrandAdmin",
    "ListLineAdmin",
    "ListRoundAdmin",
    "NeedAdmin",
    "UnitListsAdmin",
    "WishAdmin",
    "WishPolicyAdmin",
]
