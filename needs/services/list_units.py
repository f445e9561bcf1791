"""Which units are asked in a round, how far each is, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from members.models import Liaison, Membership
from needs.messages import lists as messages
from needs.models import ListLine, ListRound, UnitLists
from needs.states.lists import LineState, ListSide, ListsState
from notifications.messages import MessageClass
from notifications.services import queue_many, retire, retire_all
from people.models import User

ASK = """
    INSERT INTO needs_unitlists (round_id, unit_id, state, version)
    SELECT DISTINCT %s::bigint, unit.id, 'empty', 1
    FROM members_membership membership JOIN members_memberunit unit ON unit.id = membership.unit_id
    WHERE membership.alliance_id = %s AND unit.merged_into_id IS NULL AND membership.joined_on <= %s
        AND (membership.left_on IS NULL OR membership.left_on > %s)
    ORDER BY unit.id
    ON CONFLICT (round_id, unit_id) DO NOTHING
"""


def ask_units(row: ListRound) -> None:
    """Every present member of the alliance has its lists in the round, empty at first. Twice adds nothing."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(ASK, [row.pk, row.alliance_id, today, today])


def members_of(row: ListRound) -> Q:
    """The condition that lists are of a unit that belongs to the round's alliance today, and takes part."""
    joined = Membership.objects.active().filter(alliance_id=row.alliance_id)
    return Q(unit__in=joined.values("unit"), unit__suspended_at__isnull=True, unit__merged_into__isnull=True)


def waited_for(row: ListRound, *, all_of_them: bool = False) -> dict[int, list[User]]:
    """By key of the lists: the liaisons of units that have not sent theirs (``all_of_them``: of every unit)."""
    lists = UnitLists.objects.filter(members_of(row), round=row)
    if not all_of_them:
        lists = lists.exclude(state=ListsState.SENT)
    by_unit = dict(lists.values_list("unit_id", "pk"))
    found: dict[int, list[User]] = {}
    for seat in Liaison.objects.active().filter(unit_id__in=by_unit).select_related("user").order_by("user_id"):
        found.setdefault(by_unit[seat.unit_id], []).append(seat.user)
    return found


def tell(kind: type[MessageClass], row: ListRound, people: dict[int, list[User]], day: date | None = None) -> int:
    """One letter to each unit's liaisons; ``day`` says which reminder it is. Returns how many people are told."""
    message = messages.of_round(kind, row)
    queue_many((message, occurrence(pk, day), users) for pk, users in people.items())
    return len({user.pk for users in people.values() for user in users})


def occurrence(lists: int, day: date | None = None) -> str:
    return f"lists {lists} {day.isoformat()}" if day else f"lists {lists}"


def settle(row: ListRound, lists: UnitLists | None = None) -> None:
    """What liaisons were asked is asked no more: of one unit that sent its lists, or of all."""
    if lists is not None:
        for kind in messages.ASKING:
            retire(kind, occurrence=occurrence(lists.pk), and_parts=True)
        return
    keys = list(UnitLists.objects.filter(round=row).values_list("pk", flat=True))
    days = (None, row.last_day, row.reminded_on)
    for kind in messages.ASKING:
        retire_all(kind, occurrences={occurrence(pk, day) for pk in keys for day in days})


def liaisons_of(units: Iterable[int]) -> list[User]:
    """Whoever speaks for one of ``units`` today, once each."""
    seats = Liaison.objects.active().filter(unit_id__in=list(units)).select_related("user").order_by("user_id")
    return list({seat.user_id: seat.user for seat in seats}.values())


@dataclass(frozen=True)
class Tally:
    """A round in numbers: units asked, those that sent and that began; lines given, needed, taken, waiting."""

    units: int = 0
    sent: int = 0
    drafts: int = 0
    gives: int = 0
    needs: int = 0
    taken: int = 0
    waiting: int = 0

    @property
    def missing(self) -> int:
        return self.units - self.sent


def tally(row: ListRound) -> Tally:
    """``row`` in numbers, in two queries."""
    return tallies([row])[row.pk]


def tallies(rounds: Iterable[ListRound]) -> dict[int, Tally]:
    """By key, for several rounds."""
    keys = [row.pk for row in rounds]
    how_far = {
        "units": Count("pk"),
        "sent": Count("pk", filter=Q(state=ListsState.SENT)),
        "drafts": Count("pk", filter=Q(state=ListsState.DRAFT)),
    }
    units = UnitLists.objects.filter(round__in=keys, unit__merged_into__isnull=True).order_by()
    found: dict[int, dict[str, Any]] = {one["round"]: dict(one) for one in units.values("round").annotate(**how_far)}
    need = Q(side=ListSide.NEED)
    written = {
        "gives": Count("pk", filter=Q(side=ListSide.GIVE)),
        "needs": Count("pk", filter=need),
        "taken": Count("pk", filter=Q(state=LineState.TAKEN)),
        "waiting": Count("pk", filter=need & Q(state=LineState.SENT)),
    }
    lines = ListLine.objects.filter(lists__round__in=keys)
    lines = lines.exclude(state__in=[LineState.DRAFT, LineState.TAKEN_BACK]).order_by()
    for one in lines.values("lists__round").annotate(**written):
        found.setdefault(one["lists__round"], {}).update(dict(one))
    names = list(Tally.__annotations__)
    return {pk: Tally(**{name: found.get(pk, {}).get(name, 0) for name in names}) for pk in keys}
