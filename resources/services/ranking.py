"""Which resources fit, the best first, each with its reasons in words. It proposes; people decide.

In scope first: the street, the kinds asked for. Wider only when few are found: kinds of the same heading, then what
the words alone find in the street. One query for the candidates, two for what is known of the best of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from alliance.lib.search import Matches, Query, lexemes
from people.querysets import STREET_LENGTH
from resources.models import Booking, Hold, Resource, ResourceKind
from resources.states import BookingState, Form

MOST_CANDIDATES = 200
LOOKED_INTO = 20
FEW = 3
COMMUNITY_LENGTH = 12
COMMON = frozenset(
    {"希望", "能不", "不能", "一下", "我们", "有没", "没有", "可以", "社区", "小区", "需要", "想要", "请问"}
)
"""Pairs that stand in almost every sentence say nothing about what is wanted."""


@dataclass(frozen=True)
class Criteria:
    """What is wanted, where: kinds by key, words as they were said, how many people, when."""

    area: str
    kinds: Collection[str] = ()
    words: str = ""
    people: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    for_units: bool | None = None


@dataclass(frozen=True)
class Proposal:
    """One resource that fits, and why."""

    resource: int
    score: float
    reasons: list[Text] = field(default_factory=list)


class _Row(NamedTuple):
    pk: int
    area: str
    kind: str
    form: str
    capacity: int | None
    quantity: int
    text: str
    unit: int | None


def rank(criteria: Criteria, *, most: int = 5) -> list[Proposal]:
    """The ``most`` resources that fit best. Of a suspended unit, or not serving the place: never."""
    wanted = _pairs(criteria.words)
    found = _candidates(criteria, Q(kind__key__in=list(criteria.kinds))) if criteria.kinds else []
    if len(found) < FEW:
        found = _wider(criteria, wanted, found)
    scored = sorted((_first_look(row, criteria, wanted) for row in found), key=_best_first)[:LOOKED_INTO]
    return sorted(_second_look(scored, found, criteria), key=_best_first)[:most]


def _best_first(proposal: Proposal) -> tuple[float, int]:
    return (-proposal.score, proposal.resource)


def _in_scope(criteria: Criteria) -> QuerySet[Resource]:
    codes = [criteria.area[:length] for length in range(STREET_LENGTH, len(criteria.area) + 1)]
    rows = Resource.objects.usable().filter(street_code=criteria.area[:STREET_LENGTH], serves__in=codes)
    rows = rows.filter(Q(unit__isnull=True) | Q(unit__suspended_at__isnull=True))
    if criteria.for_units is not None:
        rows = rows.filter(**{"for_units" if criteria.for_units else "for_people": True})
    return rows


def _candidates(criteria: Criteria, condition: Q) -> list[_Row]:
    """Those nearest first, as many as are looked at."""
    here = When(area=criteria.area[:COMMUNITY_LENGTH], then=Value(0))
    near = Case(here, default=Value(1), output_field=IntegerField())
    rows = _in_scope(criteria).filter(condition).order_by(near, "-pk")
    columns = ("pk", "area_id", "kind__key", "kind__form", "capacity", "quantity", "search_text", "unit_id")
    return [_Row(*row) for row in rows.values_list(*columns)[:MOST_CANDIDATES]]


def _wider(criteria: Criteria, wanted: Collection[str], found: list[_Row]) -> list[_Row]:
    known = {row.pk: row for row in found}
    headings = ResourceKind.objects.filter(key__in=list(criteria.kinds)).values("parent")
    if criteria.kinds:
        for row in _candidates(criteria, Q(kind__parent__in=headings)):
            known.setdefault(row.pk, row)
    if wanted and len(known) < FEW:
        for row in _candidates(criteria, Q(pk__in=_said(wanted, criteria))):
            known.setdefault(row.pk, row)
    return list(known.values())


def _said(wanted: Collection[str], criteria: Criteria) -> QuerySet[Resource, Any]:
    """Keys of resources of the street in whose words one of the pairs stands."""
    any_of = " | ".join("'" + pair.replace("\\", "\\\\").replace("'", "''") + "'" for pair in sorted(wanted))
    rows = Resource.objects.filter(street_code=criteria.area[:STREET_LENGTH])
    return rows.filter(Matches("search", Query(Value(any_of)))).values("pk")


def _pairs(words: str) -> frozenset[str]:
    return frozenset(pair for pair in lexemes(words) if len(pair) == 2) - COMMON


def _first_look(row: _Row, criteria: Criteria, wanted: frozenset[str]) -> Proposal:
    """What can be said of it without asking the database."""
    score, reasons = 0.0, list[Text]()
    if row.kind in criteria.kinds:
        score += 4
        reasons.append(_("正是要找的种类"))
    if row.area.startswith(criteria.area[:COMMUNITY_LENGTH]) and len(criteria.area) >= COMMUNITY_LENGTH:
        score += 3
        reasons.append(_("就在本社区"))
    shared = wanted & _pairs(row.text) if wanted else frozenset[str]()
    if shared:
        score += 4 * len(shared) / (len(wanted) ** 0.5 * 2)
        reasons.append(_("说到了“%(words)s”") % {"words": "、".join(_joined(shared, row.text)[:2])})
    if criteria.people and row.form == Form.SPACE and row.capacity:
        if row.capacity >= criteria.people:
            score += 1 if row.capacity <= 4 * criteria.people else 0.5
            reasons.append(_("坐得下%(n)d人") % {"n": criteria.people})
        else:
            score -= 5
    return Proposal(row.pk, score, reasons)


def _joined(shared: Iterable[str], text: str) -> list[str]:
    """Pairs that follow each other in ``text`` as one word, the longest first: 理发 + 发师 → 理发师."""
    pairs, runs, run = set(shared), list[str](), ""
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair in pairs:
            run = run + pair[1] if run else pair
        elif run:
            runs, run = [*runs, run], ""
    if run:
        runs.append(run)
    return sorted(dict.fromkeys(runs), key=lambda word: (-len(word), text.index(word)))


def _second_look(scored: Sequence[Proposal], found: Sequence[_Row], criteria: Criteria) -> list[Proposal]:
    """With what is known of the best: free at the time, of use before."""
    keys = [proposal.resource for proposal in scored]
    rows = {row.pk: row for row in found}
    busy = _busy(keys, criteria)
    used = Booking.objects.filter(resource__in=keys, state=BookingState.USED).order_by().values("resource")
    times = dict(used.annotate(n=Count("pk")).values_list("resource", "n")) if keys else {}
    done = []
    for proposal in scored:
        score, reasons = proposal.score, list(proposal.reasons)
        if criteria.starts and criteria.ends and rows[proposal.resource].form != Form.WALK_IN:
            taken = busy.get(proposal.resource, 0) >= rows[proposal.resource].quantity
            score += -6 if taken else 2
            reasons.append(_("那个时间已经有人约了") if taken else _("那个时间还空着"))
        if count := times.get(proposal.resource):
            score += min(count, 10) / 10
            reasons.append(_("帮过%(n)d次") % {"n": count})
        done.append(Proposal(proposal.resource, score, reasons))
    return done


def _busy(keys: Sequence[int], criteria: Criteria) -> dict[int, int]:
    """By resource: how much of it is held at some moment of the time asked for (an upper bound)."""
    if not (keys and criteria.starts and criteria.ends):
        return {}
    during = DateTimeTZRange(criteria.starts, criteria.ends, "[)")
    held = Hold.objects.filter(resource__in=keys, live=True, during__overlap=during).values_list("resource", "quantity")
    sums: dict[int, int] = {}
    for resource, quantity in held:
        sums[resource] = sums.get(resource, 0) + quantity
    return sums
