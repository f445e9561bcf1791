"""Needs and what became of them: history, answers, more time, errands, wishes, categories."""

from __future__ import annotations

from needs.models.answers import Answer, Extension
from needs.models.category import Category
from needs.models.errand import Errand
from needs.models.event import NeedEvent
from needs.models.lists import ListEvent, ListLine, ListRound, UnitLists
from needs.models.need import Need
from needs.models.wish import Wish, WishEvent, WishPolicy

__all__ = [
    "Answer",
    "Category",
    "Errand",
    "Extension",
    "ListEvent",
    "ListLine",
    "ListRound",
    "Need",
    "NeedEvent",
    "UnitLists",
    "Wish",
    "WishEvent",
    "WishPolicy",
]
