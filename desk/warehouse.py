"""What the desk shows of the warehouse: what a unit gives, what it is asked for, what it or a person has booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from alliance.lib.errors import NotFound
from desk import selectors
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH, within
from people.states import Level
from resources.models import Booking, BookingEvent, Resource
from resources.permissions import KEEPERS, booking_abilities
from resources.presenting import facts, hands, times
from resources.presenting.hands import BookingHand
from resources.querysets.offered import streets_of
from resources.services.free import obstacles
from resources.services.refusals import GRACE
from resources.services.steps import last_to_cancel
from resources.services.whereabouts import is_served, known_places
from resources.states import Appeal, BookingState, BookingVerb, Form, ResourceState

MOST = 60
"""So many are listed; whoever sees more than that says more exactly what is wanted."""
AROUND = ("kind__parent", "unit", "area", "within", "serves")
OF_BOOKING = ("resource__kind", "resource__unit", "resource__area", "resource__within", "unit", "office")


def given_by(unit: MemberUnit) -> list[Resource]:
    """What the unit gives: what waits and what can be had before what was stopped."""
    rows = list(Resource.objects.filter(unit=unit).select_related(*AROUND).order_by("-offered_at", "-pk")[:200])
    return sorted(rows, key=lambda row: row.state == ResourceState.STOPPED)


def keys_of(unit: MemberUnit) -> list[int]:
    """The keys of what the unit gives."""
    return list(Resource.objects.filter(unit=unit).values_list("pk", flat=True)[:200])


def own_resource(user: User, pk: int) -> Resource:
    """What one of one's units gives. Raises ``NotFound`` for everything else."""
    row: Resource | None = Resource.objects.of_units_of(user).select_related(*AROUND).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def asked_bookings(unit: MemberUnit) -> Any:
    """What waits for an answer of the unit, the soonest first."""
    rows = Booking.objects.filter(resource__unit=unit, state=BookingState.ASKED)
    return rows.select_related(*OF_BOOKING).order_by("starts", "pk")


def expected_bookings(unit: MemberUnit) -> Any:
    """Who comes to the unit, and what has still to be brought back."""
    rows = Booking.objects.filter(resource__unit=unit, state=BookingState.BOOKED)
    return rows.select_related(*OF_BOOKING).order_by("starts", "pk")


def made_by(user: User, unit: MemberUnit | None) -> Any:
    """What the unit has booked, or without one the person."""
    rows = Booking.objects.filter(unit=unit) if unit else Booking.objects.filter(person=user)
    return rows.select_related(*OF_BOOKING)


def to_come(user: User, unit: MemberUnit | None) -> Any:
    """Of these what is not over, the soonest first."""
    return made_by(user, unit).live().order_by("starts", "pk")


def booking_of(user: User, pk: int) -> Booking:
    """A booking of one's own side or asked of it. Raises ``NotFound``."""
    row: Booking | None = Booking.objects.visible_to(user).select_related(*OF_BOOKING).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def bookable(user: User, pk: int) -> Resource:
    """One thing that ``user`` may see. Raises ``NotFound``."""
    row: Resource | None = Resource.objects.visible_to(user).select_related(*AROUND).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def found_for(
    user: User,
    unit: MemberUnit | None,
    *,
    q: str = "",
    kind: str = "",
    people: int | None = None,
    span: tuple[datetime, datetime] | None = None,
) -> tuple[list[dict[str, Any]], bool]:
    """Rows to choose from, those that can be had first, then those near; and whether there are more."""
    rows = Resource.objects.visible_to(user).usable().exclude(kind__form=Form.WALK_IN)
    if not unit and not streets_of(user):
        rows = rows.filter(for_people=True)
    if streets := _streets(user, unit):
        rows = rows.filter(within(streets))
    if kind:
        rows = rows.filter(kind__key=kind)
    wanted = rows.said_to(user, q).select_related(*AROUND).order_by("-offered_at", "-pk")
    found = list(wanted[: MOST + 1])
    asker = user if unit or not streets_of(user) else None
    why = obstacles(found[:MOST], *span, people, by=asker, unit=unit) if span else _too_small(found, people)
    near = unit.area_id if unit else user.area_id or ""
    shown = sorted(found[:MOST], key=lambda row: (row.pk in why, not _near(row, near)))
    return [_row(row, user, str(why.get(row.pk, "")), bool(span)) for row in shown], len(found) > MOST


def _streets(user: User, unit: MemberUnit | None) -> list[str]:
    """Where one looks: the streets of the unit's alliances, where one works, where one lives; empty: everywhere."""
    if unit is not None:
        return list(unit.memberships.active().values_list("alliance__street_code", flat=True).distinct()) or ["-"]
    if streets := streets_of(user):
        return list(streets)
    near = selectors.near_area(user)
    return [near.pk[:STREET_LENGTH]] if near else []


def _near(row: Resource, code: str) -> bool:
    return len(code) > STREET_LENGTH and row.area_id.startswith(code)


def _too_small(rows: Iterable[Resource], people: int | None) -> dict[int, str]:
    small = [row for row in rows if people and row.capacity and row.capacity < people]
    return {row.pk: _("最多容纳%(n)d人") % {"n": row.capacity} for row in small}


def _row(row: Resource, user: User, why: str, at_a_time: bool) -> dict[str, Any]:
    said = {"tone": "ok", "label": _("空着")} if at_a_time and not why else None
    giver, place = facts.giver_of(row, user), facts.place_of(row, user)
    return {
        "name": row.name,
        "kind": row.kind.label,
        "giver": giver if giver not in place else "",
        "place": place,
        "size": facts.size_of(row),
        "asks": row.asks_first,
        "why": why,
        "badge": said,
        "url": reverse("desk:book", args=[row.pk]),
    }


def bookers_for(user: User, row: Resource, units: Iterable[MemberUnit]) -> list[tuple[str, str]]:
    """For whom ``user`` may book ``row``: units, offices, in person. ``book`` checks it again."""
    street = row.street_code
    found: list[tuple[str, str]] = []
    if row.for_units:
        members = MemberUnit.objects.members_in(street).filter(pk__in=[unit.pk for unit in units])
        found += [(f"u{unit.pk}", unit.name) for unit in members.order_by("pinyin", "pk")]
    codes = [code for code in user.areas_of(*KEEPERS) if code.startswith(street) or street.startswith(code)]
    if codes:
        places = (
            Q(pk__in=codes) | Q(pk=street) if any(len(code) <= STREET_LENGTH for code in codes) else Q(pk__in=codes)
        )
        offices = Area.objects.filter(places, level__in=[Level.STREET, Level.COMMUNITY]).order_by("-code")
        found += [(office.pk, office.name) for office in offices]
    if row.for_people and is_served(row, known_places(user), exact=False):
        found.append(("me", _("我个人")))
    return found


def booking_rows(
    user: User, bookings: Iterable[Booking], *, asked: bool = False, by_whom: bool = False
) -> list[dict[str, Any]]:
    """Rows of bookings: to whoever gives it (``asked``), who comes (of one thing alone: ``by_whom``); to whoever
    booked, what and where.
    """
    return [
        {
            "title": facts.booker_of(row) if by_whom else row.resource.name,
            "who": "" if by_whom else facts.booker_of(row) if asked else facts.place_of(row.resource, user),
            "purpose": row.purpose,
            "when": times.between(row.starts, row.ends),
            "badge": facts.booking_badge(row),
            "hand": hand_of(user, row) if row.state == BookingState.ASKED else None,
            "url": reverse("desk:booking", args=[row.pk]),
        }
        for row in bookings
    ]


def hand_of(user: User, row: Booking) -> BookingHand:
    """In whose hands it is, as ``user`` reads it."""
    return hands.hand_of(row, facts.giver_of(row.resource, user), facts.booker_of(row))


def steps_now(user: User, row: Booking) -> set[str]:
    """Verbs that are open to ``user`` and that its day admits: no button that would be refused."""
    now, found = timezone.now(), {str(verb) for verb in booking_abilities(user, row)}
    begun = row.starts <= now
    if row.starts <= now - GRACE:
        found -= {BookingVerb.APPROVE}
    if row.state == BookingState.ASKED:
        found -= {BookingVerb.CALL_OFF}  # 这次不行 says the same
    if not begun:
        found -= {BookingVerb.TAKE_BACK, BookingVerb.NO_SHOW}
    if timezone.localdate(row.starts) > timezone.localdate():
        found -= {BookingVerb.HAND_OVER}
    if row.state == BookingState.BOOKED and now > last_to_cancel(row):
        found -= {BookingVerb.CANCEL}
    if row.appeal != Appeal.NONE:
        found -= {BookingVerb.APPEAL}
    return found


def history(row: Booking, user: User) -> list[dict[str, Any]]:
    """What happened to it, the newest first: which side did it; people are not named."""
    return [
        {"at": event.at, "text": _happened(row, user, event), "note": event.words}
        for event in row.events.order_by("-at", "-id")
    ]


GIVERS = (BookingVerb.APPROVE, BookingVerb.REFUSE)
"""Steps that whoever gives it takes, nobody in their place."""


def _happened(row: Booking, user: User, event: BookingEvent) -> str:
    sides = {BookingVerb.ASK: facts.booker_of(row)}
    sides |= dict.fromkeys(GIVERS, facts.giver_of(row.resource, user))
    who = sides.get(BookingVerb(event.verb))
    return _("%(who)s：%(what)s") % {"who": who, "what": event.get_verb_display()} if who else event.get_verb_display()


LOST = (BookingVerb.CALL_OFF, BookingVerb.REFUSE, BookingVerb.LAPSE)


def lost(row: Booking, user: User) -> dict[str, str] | None:
    """Of a booking that the other side ended: what happened and why, and where to look for another one."""
    event = row.events.filter(verb__in=LOST).order_by("-at", "-pk").first() if row.ended_at else None
    if event is None or row.state not in (BookingState.CANCELLED, BookingState.REFUSED):
        return None
    giver = facts.giver_of(row.resource, user)
    said = {
        BookingVerb.CALL_OFF: _("%(who)s取消了：%(why)s"),
        BookingVerb.REFUSE: _("%(who)s这次不行：%(why)s"),
        BookingVerb.LAPSE: _("%(who)s没有答复，这次约不成了"),
    }[BookingVerb(event.verb)]
    first, last = timezone.localtime(row.starts), timezone.localtime(row.ends)
    asked = {"kind": row.resource.kind.key}
    if row.starts > timezone.now():
        asked |= {"day": f"{first:%Y-%m-%d}", "begins": f"{first:%H:%M}"}
        asked |= {"finishes": f"{last:%H:%M}"} if first.date() == last.date() else {}
    return {"text": said % {"who": giver, "why": event.words}, "url": f"{reverse('desk:find')}?{urlencode(asked)}"}


def lost_to_come(user: User, unit: MemberUnit | None) -> Any:
    """What the other side called off or did not give and was to come: something else has still to be found."""
    over = made_by(user, unit).filter(state__in=[BookingState.CANCELLED, BookingState.REFUSED])
    ended = over.filter(starts__gt=timezone.now(), events__verb__in=LOST)
    return ended.distinct().order_by("starts", "pk")


def said_of(row: Booking, *, gives: bool = False) -> str:
    """Where it stands, and until when what is to be done; ``gives``: to whoever is asked."""
    match row.state:
        case BookingState.ASKED:
            when = moment(row.answer_by or row.starts)
            asked = _("请在%(when)s前答复，不答复就作废") if gives else _("等提供方答复，最晚%(when)s，不答复就作废")
            return asked % {"when": when}
        case BookingState.BOOKED if row.handed_at:
            handed = _("%(when)s交给对方了，等对方用完还") if gives else _("%(when)s交给对方了，用完请还")
            return handed % {"when": moment(row.handed_at)}
        case BookingState.BOOKED if gives:
            return _("约好了，%(when)s来用") % {"when": moment(row.starts)}
        case BookingState.BOOKED:
            last = last_to_cancel(row)
            if timezone.now() <= last:
                return _("约好了；来不了，%(when)s以前可以取消") % {"when": moment(last)}
            return _("约好了；来不了，请打电话给对方")
        case BookingState.NO_SHOW if row.appeal == Appeal.ASKED:
            return _("说明交上去了，等街道答复")
        case BookingState.NO_SHOW if row.appeal == Appeal.UPHELD:
            return _("街道看过说明，维持不变")
    return row.get_state_display()
