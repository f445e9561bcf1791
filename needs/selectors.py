"""The questions the workbench asks of needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import chain
from math import log
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat, Now, Substr
from django.utils import timezone

from alliance.lib.pagination import capped_count
from alliance.lib.search import lexemes
from deadlines.models import Stage
from deadlines.selectors import midnight
from needs.models import Need
from needs.presenting import LIST_FIELDS
from needs.states import CALL_BACK, FIRST_RESPONSE, OPEN_STATES, PROMISES, Office, State
from people.models import Area, User

QUEUE_LENGTH = 10
DESK = "desk"
SUBJECT = "need:"

SIMILAR_WITHIN = timedelta(days=180)
SIMILAR_AT_LEAST = 3
SIMILAR_AMONG, SIMILAR_WORDS = 300, 200
ALIKE, ALIKE_IN_CATEGORY = 0.16, 0.08
COMMON = set("的了是我们你您他她在有不没个这那和都也就很说要到，。？！、：（）")


def queue(user: User, limit: int = QUEUE_LENGTH) -> list[Need]:
    """The needs whose time runs out first, by the moment it does: a promised day lasts to its end. 紧急 comes first of
    the same moment. Behind them those without a moment: not accepted and under no limit, then those whose clock stands.

    Short reads, each by its own order, instead of one sort of everything.
    """
    needs = Need.objects.visible_to(user).select_related(*LIST_FIELDS)
    pending = needs.pending().annotate(runs_out=next_response())
    found: list[Need] = _by_moment(needs, pending.filter(runs_out__isnull=False), limit)
    undated = (
        pending.filter(runs_out__isnull=True).order_by("-urgent", "created_at", "id"),
        needs.filter(state=State.IN_PROGRESS, waiting_since__isnull=False).order_by("-urgent", "waiting_since", "id"),
    )
    for rows in undated:
        if len(found) < limit:
            found += rows[: limit - len(found)]
    return found


def _by_moment(needs: Any, pending: Any, limit: int) -> list[Need]:
    parts = (
        pending.order_by("runs_out", "-urgent", "id"),
        needs.running().order_by("reply_by", "-urgent", "id"),
        needs.answered().order_by("done_by", "-urgent", "id"),
    )
    rows = [need for part in parts for need in part[:limit]]
    return sorted(rows, key=lambda need: (_runs_out_at(need), not need.urgent, need.pk))[:limit]


def _runs_out_at(need: Need) -> datetime:
    """The moment that counts for a need that has one: ``runs_out`` of the first response, or the end of the day."""
    first: datetime | None = getattr(need, "runs_out", None)
    if first is not None or need.promised is None:
        return first or need.created_at
    return timezone.make_aware(datetime.combine(need.promised + timedelta(days=1), time()))


def counts(user: User) -> dict[str, int]:
    """Numbers of the tiles, each counted no further than 1,001."""
    mine = Need.objects.visible_to(user)
    return {name: capped_count(tab(mine, name, user)) for name in (DESK, "today", "overdue")}


def at_desk(user: User) -> int:
    """How many wait to be accepted at ``user``'s own desk."""
    return capped_count(Need.objects.at_desk_of(user).pending())


def tab(queryset: Any, name: str, user: User) -> Any:
    """``queryset`` narrowed to one tab of the list."""
    match name:
        case "desk":
            return queryset.pending().at_desk_of(user)
        case "pending":
            return queryset.pending().exclude(office=Office.LEADER)
        case "working":
            return queryset.filter(Q(state=State.IN_PROGRESS) | Q(state=State.PENDING, office=Office.LEADER))
        case "today":
            return queryset.filter(pk__in=_ticking().filter(due_at__gte=Now(), due_at__lte=midnight(1)))
        case "overdue":
            return queryset.filter(pk__in=_ticking().filter(due_at__lt=Now()))
        case "to_answer":
            return queryset.filter(state=State.TO_ANSWER)
        case "closed":
            return queryset.filter(state=State.CLOSED)
        case "mine":
            return queryset.open().held_by(user)
        case "all":
            return queryset
        case _:
            return queryset.filter(state__in=[*OPEN_STATES, State.TO_ANSWER])


def _ticking() -> QuerySet[Any]:
    """Keys of needs with a limit that runs, first response and promised reply alike: as 到期与提醒 counts them."""
    rows = Stage.objects.running().filter(kind__in=[FIRST_RESPONSE, CALL_BACK, *PROMISES], paused_at__isnull=True)
    key = Cast(Substr("subject", len(SUBJECT) + 1), BigIntegerField())
    found: QuerySet[Any] = rows.annotate(need=key).values("need")
    return found


def by_clock(needs: Any) -> tuple[Any, Any]:
    """``needs`` whose clock runs, with ``runs_out``, when the next one does; and the others."""
    ticking = needs.filter(state__in=OPEN_STATES).annotate(runs_out=_runs_out()).filter(runs_out__isnull=False)
    return ticking, needs.exclude(Q(state__in=OPEN_STATES) & Exists(_clocks()))


def holders(user: User) -> list[tuple[int, str]]:
    """Key and name of everybody who has something in hand that ``user`` sees and that is not over."""
    held = Need.objects.visible_to(user).open().filter(holder__isnull=False).order_by("holder__name", "holder")
    return list(held.values_list("holder", "holder__name").distinct())


def _clocks() -> QuerySet[Any]:
    """The limits that run for the need of the outer query."""
    subject = Concat(Value(SUBJECT), Cast(OuterRef("pk"), CharField()))
    return Stage.objects.running().filter(
        subject=subject, kind__in=[FIRST_RESPONSE, CALL_BACK, *PROMISES], paused_at__isnull=True
    )


def next_response() -> Subquery:
    """Until when somebody should take a need up where it lies now, or call; empty where no such limit runs."""
    return _ends(_clocks().exclude(kind__in=PROMISES))


def _runs_out() -> Subquery:
    """When the next limit of a need runs out; empty where none runs."""
    return _ends(_clocks())


def _ends(clocks: QuerySet[Any]) -> Subquery:
    return Subquery(clocks.order_by("due_at").values("due_at")[:1], output_field=DateTimeField())


def similar(need: Need, user: User, limit: int = 3) -> list[Need]:
    """Up to ``limit`` needs of the same community in the last half year that are most like this one.

    What few of them say counts more than what many say; another category has to be more alike. Weak likeness is left
    out: three that have nothing to do with it are worse than none.
    """
    lately = Need.objects.visible_to(user).filter(area_id=need.area_id, created_at__gte=timezone.now() - SIMILAR_WITHIN)
    rows = lately.exclude(pk=need.pk).only("title", "words", "state", "created_at", "category_id")
    others = {other: _pairs(other) for other in rows.order_by("-created_at", "-id")[:SIMILAR_AMONG]}
    said, own = Counter(chain.from_iterable(others.values())), _pairs(need)
    found = [
        (likeness, other)
        for other, pairs in others.items()
        if (likeness := _likeness(own, pairs, said, len(others))) >= _enough(need, other)
    ]
    return [other for _likeness_of, other in sorted(found, key=lambda one: -one[0])[:limit]]


def _enough(need: Need, other: Need) -> float:
    alike = need.category_id is not None and need.category_id == other.category_id
    return ALIKE_IN_CATEGORY if alike else ALIKE


def _likeness(own: set[str], other: set[str], said: Counter[str], among: int) -> float:
    """From 0 to 1: how much of what the two say is said by both, the rare counting more."""
    shared = own & other
    if len(shared) < SIMILAR_AT_LEAST:
        return 0.0

    def weight(pairs: set[str]) -> float:
        return sum(log((among + 2) / (said[pair] + 1)) for pair in pairs)

    whole = weight(own) + weight(other)
    return 2 * weight(shared) / whole if whole else 0.0


def _pairs(need: Need) -> set[str]:
    return set(_telling(need.words[:SIMILAR_WORDS] or need.title))


def _telling(text: str) -> Iterator[str]:
    """Bigrams of ``text`` without those of every sentence (我们, 没有 …)."""
    return (lexeme for lexeme in lexemes(text) if len(lexeme) == 2 and not set(lexeme) & COMMON)


def communities(user: User) -> list[tuple[str, str]]:
    """Code and name of the communities and streets in ``user``'s areas, for the filter."""
    codes = {area for _role, area in user.roles}
    areas = Area.objects.served()
    found = [area for area in areas.order_by("code") if any(area.code.startswith(code) for code in codes)]
    return [(area.code, area.name) for area in found]
