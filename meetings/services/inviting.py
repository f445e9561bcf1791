"""Who belongs to a meeting: what its series says, as members and bodies are then, and whoever is added by hand.

Locks: the meeting, then its invitees (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from alliance.lib.text import clean
from meetings.models import Invitee, Meeting, Series
from meetings.services.checked import office_in, unit_in
from meetings.services.held import hold
from meetings.services.telling import CARD, invite
from meetings.states import Coming, MeetingState, MeetingVerb
from members.models import Body, BodySeat, Membership, MemberUnit, Placement
from notifications.services import revoke_cards
from people.models import User
from people.querysets import STREET_LENGTH

MOST = 300
Who = tuple[str, Any]
"""Column and value: ``("unit_id", 12)``, ``("office_id", "330109001048")``, ``("user_id", 7)``, ``("name", "…")``."""


def fill_invitees(meeting: Meeting) -> None:
    """The list as the series says today: new members are put on it, those that left the alliance are taken off. Whoever
    was taken off by hand stays off. ``meeting`` is locked."""
    if meeting.series is None:
        return
    rows = list(meeting.invitees.all())
    there = {who for row in rows for who in _keys(row)}
    day = timezone.localdate(meeting.starts)
    new = [who for who in wanted(meeting.series, day) if who not in there]
    room = max(MOST - len(rows), 0)
    Invitee.objects.bulk_create(Invitee(meeting=meeting, **{column: value}) for column, value in new[:room])
    units = {row.unit_id for row in rows if row.unit_id is not None and row.dropped_at is None}
    gone = units - set(_members(meeting.street_code).filter(pk__in=units).values_list("pk", flat=True))
    meeting.invitees.filter(unit__in=gone).update(dropped_at=timezone.now())


def _keys(row: Invitee) -> list[Who]:
    pairs: list[Who] = [("unit_id", row.unit_id), ("office_id", row.office_id), ("user_id", row.user_id)]
    return [(column, value) for column, value in [*pairs, ("name", row.name)] if value]


def wanted(series: Series, day: date) -> list[Who]:
    """Who comes to a meeting of ``series`` on ``day``, each once, units before people."""
    units, others = _everybody(series, day) if series.everybody else [], list[Who]()
    for one in series.invitees.select_related("body"):
        if one.body is not None:
            units += _units_of(one.body, day)
            others += _people_of(one.body, day)
        elif one.unit_id is not None:
            units.append(one.unit_id)
        else:
            others.append(("office_id", one.office_id))
    if series.unit_id is not None:
        units.append(series.unit_id)
    present = set(_members(series.street_code).filter(pk__in=units).values_list("pk", flat=True))
    found: list[Who] = [("unit_id", key) for key in units if key in present]
    return list(dict.fromkeys([*found, *others]))


def _members(street_code: str) -> Any:
    return MemberUnit.objects.members_in(street_code).filter(suspended_at__isnull=True)


def _everybody(series: Series, day: date) -> list[int]:
    rows = Membership.objects.active(day).filter(alliance__area_id=series.area_id)
    return list(rows.order_by("pk").values_list("unit_id", flat=True))


def _units_of(body: Body, day: date) -> list[int]:
    placed = Placement.objects.active(day).filter(Q(group=body) | Q(zone=body))
    seats = BodySeat.objects.active(day).filter(body=body, unit__isnull=False)
    return [
        *placed.order_by("pk").values_list("membership__unit_id", flat=True),
        *seats.order_by("pk").values_list("unit_id", flat=True),
    ]


def _people_of(body: Body, day: date) -> list[Who]:
    seats = BodySeat.objects.active(day).filter(body=body, unit__isnull=True).order_by("pk")
    return [("user_id", seat.user_id) if seat.user_id else ("name", seat.name) for seat in seats]


@transaction.atomic
def add_invitee(
    *,
    meeting: int,
    by: User,
    version: int | None,
    unit: int | None = None,
    office: str = "",
    user: int | None = None,
    name: str = "",
    role: str = "",
) -> Invitee:
    """请人参会: exactly one of unit, office, colleague and name. Once it is called, they are invited at once.

    Raises as ``hold``; ``Invalid`` (none or several; not of this street), ``RuleBroken`` (too many).
    """
    row = hold(Meeting, meeting, by, MeetingVerb.INVITE, version)
    who = _checked(row, unit=unit, office=office, user=user, name=clean(name)[:30])
    if row.invitees.count() >= MOST:
        raise RuleBroken(_("一次会议最多请%(n)d方。") % {"n": MOST})
    column, value = who
    values = {"dropped_at": None, "role": clean(role)[:20]}
    found, _made = Invitee.objects.update_or_create(meeting=row, **{column: value}, defaults=values)
    row.move_to(MeetingVerb.INVITE, actor=by, changes={"by_hand": True}, params={"added": found.pk})
    if row.state == MeetingState.CALLED:
        invite(found, row)
    return found


def _checked(meeting: Meeting, *, unit: int | None, office: str, user: int | None, name: str) -> Who:
    given: list[Who] = [("unit_id", unit), ("office_id", office), ("user_id", user), ("name", name)]
    chosen = [(column, value) for column, value in given if value]
    if len(chosen) != 1:
        raise Invalid({"name": [_("请选一家单位、一个街道社区或一位同事，或者写姓名，四样选一样。")]})
    unit_in(meeting.area_id, unit)
    office_in(meeting.area_id, office)
    street = meeting.area_id[:STREET_LENGTH]
    if user is not None and not User.objects.filter(pk=user, is_active=True, area__code__startswith=street).exists():
        raise Invalid({"user": [_("请选本街道的同事。")]})
    return chosen[0]


@transaction.atomic
def drop_invitee(*, meeting: int, by: User, version: int | None, invitee: int) -> Invitee:
    """移出名单. Raises as ``hold``; ``NotFound``."""
    row = hold(Meeting, meeting, by, MeetingVerb.INVITE, version)
    found = one_of(row, invitee)
    found.dropped_at = timezone.now()
    found.save(update_fields=["dropped_at"])
    revoke_cards(kind=CARD, subject=found.subject)
    row.move_to(MeetingVerb.INVITE, actor=by, changes={"by_hand": True}, params={"dropped": found.pk})
    return found


def one_of(meeting: Meeting, pk: int) -> Invitee:
    """Somebody on the list of ``meeting``. Raises ``NotFound``."""
    rows = Invitee.objects.asked().select_related("unit", "office", "user")
    found: Invitee | None = rows.filter(meeting=meeting, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def invite_all(meeting: Meeting, rows: Iterable[Invitee] | None = None) -> None:
    """Everybody on the list hears of it, with a link to answer by."""
    every = Invitee.objects.asked().select_related("unit", "user").filter(meeting=meeting).order_by("pk")
    for row in every if rows is None else rows:
        invite(row, meeting)


def forget_answers(meeting: Meeting) -> None:
    """It is another day: what was said of the first one does not count."""
    said = {"answer": Coming.OPEN, "stand_in": "", "answered_at": None, "answered_by": None, "via": ""}
    meeting.invitees.update(**said)
