"""Why something cannot be booked: by whom, for when, how much. Every refusal says what to do instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from claims.querysets import seated_units
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from resources.models import Booking, Pause, Resource
from resources.permissions import commands, is_emergency, keeps
from resources.reach import Reach
from resources.services.hours import DAY, WEEKDAYS, clock, open_on, start_of
from resources.services.whereabouts import comes_out, is_served, known_places
from resources.states import BookingState, Form, ResourceState

GRACE = timedelta(minutes=1)
FARTHEST = timedelta(days=5 * 366)
"""Further away nothing can be booked, whatever a resource says; beyond the calendar's end a day has no name."""
MOST_PURPOSE, MOST_PLACE = 60, 120
SHORTEST = timedelta(minutes=15)
ONLY_THERE = _("这一件只服务%(place)s。")


@dataclass(frozen=True)
class Wanted:
    """What is wanted: when, how much, for what."""

    starts: datetime
    ends: datetime
    quantity: int = 1
    people: int | None = None
    purpose: str = ""
    subject: str = ""
    subject_label: str = ""
    place: str = ""

    def tidy(self) -> Wanted:
        purpose, place = (" ".join(clean(text).split()) for text in (self.purpose, self.place))
        return replace(self, purpose=purpose, place=place, subject_label=self.subject_label[:60])


def require_booker(
    row: Resource, by: User, *, unit: int | None, office: str | None
) -> tuple[MemberUnit | None, Area | None]:
    """The unit or office for which ``by`` books; neither: in person.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``.
    """
    street = row.area_id[:STREET_LENGTH]
    if unit is not None:
        found = MemberUnit.objects.members_in(street).filter(pk__in=seated_units(by)).filter(pk=unit).first()
        if found is None:
            raise NotFound
        if found.is_suspended:
            raise RuleBroken(_("您的单位暂停了，恢复以后才能预约。"))
        if not row.for_units:
            raise NotAllowed(_("这一件只给居民用。"))
        return found, None
    if office is not None:
        place = Area.objects.filter(pk=office).first()
        if place is None or place.pk[:STREET_LENGTH] != street or not keeps(by, place.pk):
            raise NotFound
        return None, place
    if not row.for_people:
        raise NotAllowed(_("这一件给单位用。居民要用，请找社区帮忙预约。"))
    return None, None


def require_sense(reach: Reach, wanted: Wanted) -> None:
    """Raises ``Invalid`` with every field that is wrong, before anything is looked up."""
    row, errors = reach.row, dict[str, list[Text]]()
    if not wanted.purpose or len(wanted.purpose) > MOST_PURPOSE:
        errors["purpose"] = [_("请写一句做什么用，60字以内。")]
    if len(wanted.place) > MOST_PLACE:
        errors["place"] = [_("请写在%(n)d字以内。") % {"n": MOST_PLACE}]
    elif comes_out(row) and not wanted.place:
        errors["place"] = [_("要上门的，请写到哪里来：小区、几幢几单元几室，怎么进门。对方答应以后才看得到。")]
    if wanted.quantity < 1:
        errors["quantity"] = [_("数量至少是1。")]
    elif row.kind.form == Form.SPACE and wanted.quantity != 1:
        errors["quantity"] = [_("场地一次约一处。")]
    if wanted.people is not None and not 1 <= wanted.people <= 100_000:
        errors["people"] = [_("请写大约几个人。")]
    elif wanted.people and row.capacity and wanted.people > row.capacity:
        errors["people"] = [_("这里最多容纳%(n)d人，请另找一处大些的。") % {"n": row.capacity}]
    if text := wrong_time(reach, wanted):
        errors["starts"] = [text, *_shut_as_well(reach, wanted)]
    if errors:
        raise Invalid(errors)


def wrong_time(reach: Reach, wanted: Wanted) -> Text | None:
    """Why the time makes no sense for what is wanted, or nothing."""
    row, now, length = reach.row, timezone.now(), wanted.ends - wanted.starts
    if length <= timedelta(0):
        overnight = row.kind.form == Form.PIECES
        return _("结束要晚于开始。") if overnight else _("结束要晚于开始，不能过夜；要过夜请分两天约。")
    if length < SHORTEST:
        return _("至少约%(n)d分钟。") % {"n": SHORTEST // timedelta(minutes=1)}
    if wanted.starts < now - GRACE:
        return _("这个时间已经过了，请选以后的时间。")
    if max(wanted.starts, wanted.ends) > now + FARTHEST:
        return _("最早提前%(n)d天预约，请到时候再来。") % {"n": row.ahead_days}
    if row.kind.form != Form.PIECES and _next_day(wanted):
        return _("不能过夜，请分两天约。")
    if length > timedelta(minutes=row.longest_minutes):
        return _("一次最长%(length)s，请约短一些。") % {"length": length_in_words(row.longest_minutes)}
    if timezone.localdate(wanted.starts) > timezone.localdate() + timedelta(days=row.ahead_days):
        return _("最早提前%(n)d天预约，请到时候再来。") % {"n": row.ahead_days}
    until = reach.until
    if until and timezone.localdate(wanted.ends - timedelta(microseconds=1)) > until:
        return _("这一件提供到%(month)d月%(day)d日。") % {"month": until.month, "day": until.day}
    return None


def _next_day(wanted: Wanted) -> bool:
    """Whether it goes past midnight; ending at midnight does not."""
    return timezone.localdate(wanted.ends - timedelta(microseconds=1)) != timezone.localdate(wanted.starts)


def length_in_words(minutes: int) -> Text:
    """90 → 1小时30分钟."""
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, 60)
    if days and not rest:
        return _("%(n)d天") % {"n": days}
    if hours + 24 * days and not left:
        return _("%(n)d小时") % {"n": hours + 24 * days}
    if hours + 24 * days:
        return _("%(h)d小时%(m)d分钟") % {"h": hours + 24 * days, "m": left}
    return _("%(n)d分钟") % {"n": left}


def require_allowed(
    reach: Reach,
    by: User,
    *,
    unit: MemberUnit | None,
    office: Area | None,
    wanted: Wanted,
) -> None:
    """What the locked rows say: usable, not 战时, in its area, open, booker not paused, not too often."""
    row = reach.row
    if text := unusable(reach, given=Resource.objects.given().filter(pk=row.pk).exists()):
        raise RuleBroken(text)
    if not is_served(row, {office.pk} if office else _places(by, unit), exact=unit is not None):
        raise RuleBroken(ONLY_THERE % {"place": row.serves.name})
    require_not_reserved(reach, by)
    _require_open(reach, wanted)
    _require_not_paused(row, by, unit, office)
    _require_not_too_often(row, by, unit, office, wanted)


def _places(by: User, unit: MemberUnit | None) -> Collection[str]:
    return {unit.area_id} if unit else known_places(by)


def require_not_reserved(reach: Reach, by: User) -> None:
    """Raises ``RuleBroken`` in 战时 where something of it is marked and ``by`` is not in command."""
    place = reach.row.area_id
    if reach.is_reserved and is_emergency(place) and not commands(by, place[:STREET_LENGTH]):
        raise RuleBroken(_("现在是战时，这一件由街道统一安排。请打电话找街道党建办。"))


def unusable(reach: Reach, *, given: bool) -> Text | None:
    """Why nobody can have it at any time, or nothing; ``given``: whether it is among ``Resource.objects.given()``.

    A station that is looked at again still has its rooms.
    """
    row = reach.row
    if row.kind.form == Form.WALK_IN:
        return _("这里不用预约，开放时间直接去就行。")
    gone = [one for one in reach.rooms if one.state != ResourceState.USABLE]
    gone += [one for one in reach.stations if one.state == ResourceState.STOPPED]
    if gone:
        return _("“%(name)s”现在不能预约。") % {"name": gone[0].name}
    if row.unit is not None and row.unit.is_suspended:
        return _("提供它的单位暂停了，现在不能预约。")
    return None if given else _("提供它的单位不在联盟里了，现在不能预约。")


def _require_open(reach: Reach, wanted: Wanted) -> None:
    row = reach.row
    if row.kind.form == Form.PIECES:
        days = {timezone.localdate(wanted.starts), timezone.localdate(wanted.ends - timedelta(microseconds=1))}
        for day in sorted(days):
            if not open_on(reach, day).open:
                raise Invalid({"starts": [_("取和还的那天要开门，请换一天。")]})
        return
    if text := _shut(reach, wanted):
        raise Invalid({"starts": [text]})


def _shut_as_well(reach: Reach, wanted: Wanted) -> list[Text]:
    """Of a time that is wrong by itself: that it is not open then either, where that can be said."""
    sane = timezone.now() - GRACE <= wanted.starts < wanted.ends <= timezone.now() + FARTHEST
    if not sane or reach.row.kind.form == Form.PIECES or _next_day(wanted):
        return []
    text = _shut(reach, wanted)
    return [text] if text else []


def _shut(reach: Reach, wanted: Wanted) -> Text | None:
    """Why it is not open from beginning to end, within one day; with the hours of that weekday."""
    day = timezone.localdate(wanted.starts)
    found, begin = open_on(reach, day), start_of(day)
    if found.closed_why is not None:
        words = _("那天关门：%(why)s。请换一天。") if found.closed_why else _("那天关门，请换一天。")
        return words % {"why": found.closed_why}
    if not found.open:
        return _("%(weekday)s不开放，请换一天。") % {"weekday": WEEKDAYS[day.weekday()]}
    first, last = (wanted.starts - begin).total_seconds() / 60, (wanted.ends - begin).total_seconds() / 60
    if any(opens <= first and last <= closes for opens, closes in found.open):
        return None
    hours = _("、").join(f"{clock(opens)}–{clock(closes)}" for opens, closes in found.open)
    return _("不在开放时间里：%(weekday)s开放%(hours)s。") % {"weekday": WEEKDAYS[day.weekday()], "hours": hours}


def booked_by(by: User, unit: MemberUnit | None, office: Area | None) -> Q:
    """Bookings of the same unit, office or person."""
    if unit is not None:
        return Q(unit=unit)
    return Q(office=office) if office is not None else Q(person=by)


def _require_not_paused(row: Resource, by: User, unit: MemberUnit | None, office: Area | None) -> None:
    if office is not None:
        return
    if text := pauses_of(by, unit.pk if unit else None).get(row.area_id[:STREET_LENGTH]):
        raise RuleBroken(text)


def not_for(row: Resource, by: User, unit: MemberUnit | None, pauses: Mapping[str, Text]) -> Text | None:
    """Why the unit, or without one ``by`` in person, does not get it at any time; ``pauses`` as ``pauses_of``."""
    if not is_served(row, _places(by, unit), exact=unit is not None):
        return ONLY_THERE % {"place": row.serves.name}
    return pauses.get(row.area_id[:STREET_LENGTH])


def pauses_of(by: User, unit: int | None) -> dict[str, Text]:
    """By street in which the unit, or without one ``by`` in person, books nothing for now: until when and why."""
    who = Q(unit=unit) if unit else Q(person=by)
    said = _("预约暂停到%(month)d月%(day)d日：%(why)s。有疑问请打电话给街道。")
    return {
        pause.street_code: said % {"month": pause.until.month, "day": pause.until.day, "why": pause.why}
        for pause in Pause.objects.in_force().filter(who)
    }


def _require_not_too_often(
    row: Resource, by: User, unit: MemberUnit | None, office: Area | None, wanted: Wanted
) -> None:
    if row.most_a_month is None:
        return
    month = timezone.localtime(wanted.starts)
    rows = Booking.objects.filter(booked_by(by, unit, office), resource=row)
    rows = rows.filter(starts__year=month.year, starts__month=month.month)
    if rows.exclude(state__in=[BookingState.CANCELLED, BookingState.REFUSED]).count() >= row.most_a_month:
        raise RuleBroken(_("每月最多约%(n)d次，这个月已经约满了。") % {"n": row.most_a_month})
