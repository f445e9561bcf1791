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
from django.db.models import Count, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from alliance.lib.search import Matches, Query, lexemes
from members.models import MemberUnit
from people.querysets import STREET_LENGTH
from resources.models import Booking, Hold, Resource, ResourceKind
from resources.states import BookingState, Form

NEAREST, NEWEST = 60, 60
"""How many are looked at: of the community, and of the rest of the street. Each is one walk along an index."""
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
    best = sorted(found, key=lambda row: (-_score(row, criteria, wanted), row.pk))[:LOOKED_INTO]
    looked = _second_look(best, criteria, wanted)
    return sorted(looked, key=lambda one: (-one.score, one.resource))[:most]


def _candidates(criteria: Criteria, condition: Q) -> list[_Row]:
    """Those of the community, then the newest of the street: those that serve the place."""
    codes = [criteria.area[:length] for length in range(STREET_LENGTH, len(criteria.area) + 1)]
    rows = Resource.objects.usable().filter(condition, serves__in=codes)
    if criteria.for_units is not None:
        rows = rows.filter(**{"for_units" if criteria.for_units else "for_people": True})
    columns = ("pk", "area_id", "kind__key", "kind__form", "capacity", "quantity", "search_text", "unit_id")
    near = rows.filter(area=criteria.area[:COMMUNITY_LENGTH]).values_list(*columns)[:NEAREST]
    street = rows.filter(street_code=criteria.area[:STREET_LENGTH]).order_by("-offered_at", "-pk")
    every = [_Row(*row) for row in (*near, *street.values_list(*columns)[:NEWEST])]
    return list({row.pk: row for row in every}.values())


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


def _score(row: _Row, criteria: Criteria, wanted: frozenset[str]) -> float:
    """What can be said of it without asking the database."""
    score = 4.0 if row.kind in criteria.kinds else 0.0
    if _is_near(row, criteria):
        score += 3
    if shared := _shared(row, wanted):
        score += 2 * len(shared) / len(wanted) ** 0.5
    if criteria.people and row.form == Form.SPACE and row.capacity:
        fits = 1.0 if row.capacity <= 4 * criteria.people else 0.5
        score += fits if row.capacity >= criteria.people else -5
    return score


def _is_near(row: _Row, criteria: Criteria) -> bool:
    community = criteria.area[:COMMUNITY_LENGTH]
    return len(community) == COMMUNITY_LENGTH and row.area.startswith(community)


def _shared(row: _Row, wanted: frozenset[str]) -> set[str]:
    return {pair for pair in wanted if pair in row.text}  # the text is folded already


def _reasons(row: _Row, criteria: Criteria, wanted: frozenset[str]) -> list[Text]:
    found: list[Text] = []
    if row.kind in criteria.kinds:
        found.append(_("正是要找的种类"))
    if _is_near(row, criteria):
        found.append(_("就在本社区"))
    if shared := _shared(row, wanted):
        found.append(_("说到了“%(words)s”") % {"words": _("、").join(_joined(shared, row.text)[:2])})
    if criteria.people and row.form == Form.SPACE and row.capacity and row.capacity >= criteria.people:
        found.append(_("坐得下%(n)d人") % {"n": criteria.people})
    return found


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


def _second_look(best: Sequence[_Row], criteria: Criteria, wanted: frozenset[str]) -> list[Proposal]:
    """With what is known of the best: free at the time, of use before; none of a suspended unit."""
    keys = [row.pk for row in best]
    away = _suspended(best)
    busy, times = _busy(keys, criteria), _times(keys)
    done = []
    for row in best:
        if row.unit in away:
            continue
        score, reasons = _score(row, criteria, wanted), _reasons(row, criteria, wanted)
        if criteria.starts and criteria.ends and row.form != Form.WALK_IN:
            taken = busy.get(row.pk, 0) >= row.quantity
            score += -6 if taken else 2
            reasons.append(_("那个时间已经有人约了") if taken else _("那个时间还空着"))
        if count := times.get(row.pk):
            score += min(count, 10) / 10
            reasons.append(_("帮过%(n)d次") % {"n": count})
        done.append(Proposal(row.pk, score, reasons))
    return done


def _suspended(rows: Sequence[_Row]) -> set[int | None]:
    units = {row.unit for row in rows if row.unit is not None}
    if not units:
        return set()
    return set(MemberUnit.objects.filter(pk__in=units, suspended_at__isnull=False).values_list("pk", flat=True))


def _times(keys: Sequence[int]) -> dict[int, int]:
    """By resource: how often it was used after a booking."""
    if not keys:
        return {}
    used = Booking.objects.filter(resource__in=keys, state=BookingState.USED).order_by().values("resource")
    return dict(used.annotate(n=Count("pk")).values_list("resource", "n"))


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
