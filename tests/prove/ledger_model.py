"""What the model of R2 knows: people with lots by year, awards, exchanges. It knows nothing of tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from people.models import User


@dataclass
class Person:
    """What one person has, as the model knows it."""

    user: User
    lots: dict[int, int] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)

    @property
    def balance(self) -> int:
        return sum(self.lots.values())

    def spend(self, amount: int, first: int | None = None) -> dict[int, int]:
        """Out of which years it comes: out of ``first``, then the oldest."""
        order = sorted(year for year in self.lots if self.lots[year] > 0)
        if first is not None:
            order.sort(key=lambda year: year != first)
        used: dict[int, int] = {}
        for year in order:
            part = min(amount, self.lots[year])
            if part:
                used[year] = part
                self.lots[year] -= part
                amount -= part
        assert amount == 0
        return used


@dataclass
class Given:
    """One award, as the model knows it."""

    key: UUID
    source: str
    who: int
    asked: int
    day: date
    amount: int
    pk: int
    taken_back: bool = False


@dataclass
class Exchange:
    """One exchange, as the model knows it."""

    key: UUID
    who: int
    thing: int
    used: dict[int, int]
    pk: int
    state: str = "held"
