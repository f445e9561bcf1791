"""A resource and a booking as pages say them: pairs of a label and what stands behind it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from people.querysets import STREET_LENGTH
from resources.models import Booking, Resource
from resources.permissions import askers
from resources.presenting import times
from resources.querysets.offered import alliance_streets, streets_of
from resources.services.calling_off import to_call_off
from resources.services.refusals import length_in_words
from resources.states import Asker, BookingState, Form, ResourceState

TONES = {ResourceState.TO_APPROVE: "warn", ResourceState.USABLE: "ok", ResourceState.STOPPED: ""}
BOOKING_TONES = {
    BookingState.ASKED: "warn",
    BookingState.BOOKED: "info",
    BookingState.USED: "ok",
    BookingState.CANCELLED: "",
    BookingState.REFUSED: "",
    BookingState.NO_SHOW: "late",
}


def badge(row: Resource) -> dict[str, str]:
    return {"tone": TONES[ResourceState(row.state)], "label": row.get_state_display()}


def booking_badge(row: Booking) -> dict[str, str]:
    if row.state == BookingState.BOOKED and row.handed_at is not None:
        return {"tone": "info", "label": _("在用")}
    return {"tone": BOOKING_TONES[BookingState(row.state)], "label": row.get_state_display()}


def giver_of(row: Resource, user: Any) -> str:
    """Who gives it. A unit that has not agreed to be shown is named to those who work with it alone."""
    if row.unit is None:
        return row.area.name
    if row.unit.is_public and row.unit.merged_into_id is None:
        return str(row.unit)
    return str(row.unit) if knows_units(user, row.street_code) else _("一家联盟单位")


def knows_units(user: Any, street_code: str) -> bool:
    """Whether ``user`` works in the street or speaks for a unit of its alliances; the tables are asked once."""
    if not getattr(user, "is_authenticated", False):
        return False
    known = getattr(user, "_known_streets", None)
    if known is None:
        known = streets_of(user) | set(alliance_streets(user).values_list("alliance__street_code", flat=True))
        user._known_streets = known
    return any(code.startswith(street_code) or street_code.startswith(code) for code in known)


def place_of(row: Resource, user: Any) -> str:
    """Community, station if ``user`` may know of it (it may name the community itself), address and floor."""
    station = station_of(row, user)
    inside = station.name if station else ""
    area = "" if inside.startswith(row.area.name) else row.area.name
    return " · ".join(part for part in (area, inside, row.address, row.floor) if part)


def station_of(row: Resource, user: Any) -> Resource | None:
    """In which it lies, if ``user`` (None: everybody) may see that; of one that is not plainly public asked once."""
    station = row.within
    if station is None or (station.unit_id is None and station.is_public and station.is_usable):
        return station
    seen = getattr(user, "_stations_seen", {})
    if station.pk not in seen:
        seen[station.pk] = Resource.objects.visible_to(user).filter(pk=station.pk).exists()
        if user is not None:
            user._stations_seen = seen
    return station if seen[station.pk] else None


def size_of(row: Resource) -> str:
    """坐得下60人, 有20件, or nothing."""
    if row.kind.form == Form.PIECES:
        return ngettext("有%(n)d件", "有%(n)d件", row.quantity) % {"n": row.quantity}
    return ngettext("可容纳%(n)d人", "可容纳%(n)d人", row.capacity) % {"n": row.capacity} if row.capacity else ""


def rules_of(row: Resource) -> list[tuple[str, str]]:
    """What one has to know before one books."""
    if row.kind.form == Form.WALK_IN:
        return []
    asks = _("提供方同意了才算约好") if row.asks_first else _("约了就有，不用等答复")
    found = [(_("怎么约"), asks), (_("一次最长"), str(length_in_words(row.longest_minutes)))]
    if row.buffer_minutes and row.kind.form != Form.PIECES:
        found.append((_("两次之间"), _("前后各留%(length)s") % {"length": length_in_words(row.buffer_minutes)}))
    if row.cancel_hours:
        cancel = ngettext("最晚提前%(n)d小时", "最晚提前%(n)d小时", row.cancel_hours) % {"n": row.cancel_hours}
        found.append((_("取消"), cancel))
    if row.most_a_month:
        found.append((_("每月最多"), ngettext("%(n)d次", "%(n)d次", row.most_a_month) % {"n": row.most_a_month}))
    return found


def facts_of(row: Resource, user: Any) -> list[tuple[str, str]]:
    """What everybody who may see it reads first, below its kind and its name."""
    found = [
        (_("谁提供"), giver_of(row, user)),
        (_("在哪里"), place_of(row, user)),
        (_("能容多少"), size_of(row)),
        (_("给谁用"), for_whom(row)),
        (_("服务范围"), row.serves.name if len(row.serves_id) > STREET_LENGTH else ""),
        (_("使用条件"), row.conditions),
        (_("大家也叫"), _("、").join(row.aliases)),
        (_("提供到"), times.day(row.until) if row.until else ""),
    ]
    return [(label, said) for label, said in found if said]


def contact_of(row: Resource) -> dict[str, str]:
    """Whom to call where the resource has no number of its own: the community, else the site."""
    phone = row.area.phone or str(settings.SITE["phone"])
    digits = "".join(sign for sign in phone if sign.isdigit())
    return {"name": row.area.name, "phone": phone, "href": f"tel:{digits}" if digits else ""}


def booked_said(row: Resource) -> list[str]:
    """Who has booked what would be called off without it, the soonest first."""
    return [f"{booker_of(one)}{_('，')}{times.between(one.starts, one.ends)}" for one in to_call_off(row)]


def where_to(row: Booking, user: Any) -> str:
    """Where whoever comes is to go: to the side that booked, and to whoever agreed to come."""
    if not row.place:
        return ""
    mine = askers(user, row)
    if Asker.BOOKER in mine or (Asker.GIVER in mine and row.state == BookingState.BOOKED):
        return row.place
    return _("答应以后看得到") if Asker.GIVER in mine else ""


def for_whom(row: Resource) -> str:
    if row.for_units and row.for_people:
        return _("单位和居民")
    return pgettext("plural", "单位") if row.for_units else pgettext("plural", "居民")


def booker_of(row: Booking) -> str:
    """The unit, the office, or a resident, who is not named."""
    if row.unit is not None:
        return row.unit.name
    return row.office.name if row.office is not None else _("一位居民")
