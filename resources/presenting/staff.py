"""A resource and a booking as staff see them: the strip above the page, facts, panels, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import moment
from alliance.lib.privacy import mask_name
from people.models import User
from people.querysets import STREET_LENGTH
from resources.models import Booking, Opening, Resource
from resources.permissions import keeps
from resources.presenting import facts, hands, times
from resources.services.hours import weekly
from resources.services.steps import last_to_cancel
from resources.services.usage import used
from resources.states import Form, ResourceState

FEW, LONG = 8, 40
Lines = list[dict[str, Any]]


def strip(row: Resource) -> Lines:
    """On top: where, who gives it, how much, for whom."""
    booked = _("要同意才约得上") if row.asks_first else _("约了就有")
    where = " ".join(part for part in (row.address, row.floor) if part)
    return [
        {"label": _("在哪里"), "text": row.area.name, "small": where},
        {"label": _("谁提供"), "text": str(row.unit or row.area.name), "small": row.phone, "url": _unit_url(row)},
        {
            "label": _("有多少") if facts.size_of(row) else _("怎么用"),
            "text": facts.size_of(row) or row.kind.get_form_display(),
            "small": _served(row),
        },
        {
            "label": _("给谁用"),
            "text": facts.for_whom(row),
            "small": "" if row.kind.form == Form.WALK_IN else booked,
        },
    ]


def _unit_url(row: Resource) -> str:
    return reverse("admin:members_memberunit_change", args=[row.unit_id]) if row.unit_id else ""


def _served(row: Resource) -> str:
    done = used(row)
    return _("用过%(times)d次，%(people)d人") % {"times": done.times, "people": done.people} if done.times else ""


def resource_facts(row: Resource) -> list[dict[str, str]]:
    """What is written down of it."""
    kind = row.kind
    sort = f"{kind.parent.label} › {kind.label}" if kind.parent else kind.label
    lines = [
        (_("种类"), sort),
        (_("优势"), " · ".join(str(p) for p in (kind.get_advantage_display(), kind.get_pool_display()) if p)),
        (_("别名"), _("、").join(row.aliases)),
        (_("说明"), row.words),
        (_("使用条件"), row.conditions),
        (_("服务范围"), row.serves.name if len(row.serves_id) > STREET_LENGTH else _("整个街道")),
        *facts.rules_of(row),
        (_("提供到"), times.day(row.until) if row.until else ""),
        (_("公开"), _("公开页上看得到") if row.is_public else _("不公开")),
        (_("战时"), _("战时可调用，由指挥的人统一安排") if row.emergency else ""),
    ]
    return [{"label": label, "text": str(text)} for label, text in lines if text]


def hours_of(row: Resource) -> list[tuple[str, str]]:
    """The hours of the week, its own or its station's; none: always."""
    week = weekly(row)
    return times.week(week) if week else []


def closures_of(row: Resource) -> Lines:
    """Days on which it is closed, from today on."""
    rows = row.closures.filter(ends_on__gte=timezone.localdate()).order_by("starts_on", "pk")[:FEW]
    return [
        {"pk": one.pk, "when": _days(one), "why": one.why, "url": reverse(OPEN_AGAIN, args=[row.pk])} for one in rows
    ]


OPEN_AGAIN = "admin:resources_resource_open_again"


def _days(one: Any) -> str:
    first, last = times.day(one.starts_on), times.day(one.ends_on)
    return first if one.starts_on == one.ends_on else _("%(first)s到%(last)s") % {"first": first, "last": last}


def coming(row: Resource) -> Lines:
    """Bookings that are not over, the next first; of a hall those of its rooms stand on the rooms' pages."""
    rows = Booking.objects.live().filter(resource=row).select_related("unit", "office").order_by("starts", "pk")
    return [
        {
            "text": times.between(one.starts, one.ends),
            "small": " · ".join((facts.booker_of(one), one.purpose, facts.booking_badge(one)["label"])),
            "url": reverse("admin:resources_booking_change", args=[one.pk]),
        }
        for one in rows[:FEW]
    ]


def floors_of(row: Resource) -> Lines:
    """The rooms of a station, floor by floor."""
    rooms = row.rooms.exclude(state=ResourceState.STOPPED).select_related("kind").order_by("floor", "name", "pk")
    found: dict[str, Lines] = {}
    for room in rooms:
        url = reverse("admin:resources_resource_change", args=[room.pk])
        line = {"name": room.name, "kind": room.kind.label, "size": facts.size_of(room), "url": url}
        found.setdefault(room.floor or str(_("没写楼层")), []).append(line)
    return [{"floor": floor, "rooms": lines} for floor, lines in found.items()]


def is_station(row: Resource) -> bool:
    """Whether rooms lie in it: an open house of the kinds of stations."""
    return row.kind.form == Form.WALK_IN and row.kind.parent is not None and row.kind.parent.key == "stations"


def belongs(row: Resource) -> list[tuple[str, Lines]]:
    """The station in which it lies, the rooms it is made of, the halls it is part of."""
    station = [row.within] if row.within else []
    parts = [one.part for one in row.its_parts.select_related("part").order_by("part__name")]
    wholes = [one.whole for one in row.part_of.select_related("whole").order_by("whole__name")]
    groups = ((_("在阵地里"), station), (_("由这几间合成"), parts), (_("是它的一间"), wholes))
    return [(label, [_link(one) for one in rows]) for label, rows in groups if rows]


def _link(row: Resource) -> dict[str, Any]:
    return {"name": row.name, "url": reverse("admin:resources_resource_change", args=[row.pk])}


def notes_of_use(row: Resource) -> Lines:
    """The last notes of who came."""
    rows = row.usages.order_by("-day", "-pk")[:FEW]
    return [
        {
            "text": ngettext("%(n)d人", "%(n)d人", one.people) % {"n": one.people},
            "small": one.words,
            "when": times.day(one.day),
        }
        for one in rows
    ]


def story(events: Iterable[Any], *, veiled: int | None = None) -> Lines:
    """What happened, newest first. ``events`` come so, with their actors; the name of ``veiled`` is masked."""
    return [
        {
            "at": moment(event.at),
            "text": event.get_verb_display(),
            "who": _who(event.actor, veiled),
            "said": _("；").join(part for part in (event.words, *_changes(getattr(event, "changes", {}))) if part),
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, event in enumerate(events)
    ]


def _changes(story: dict[str, list[Any]]) -> list[str]:
    """What was changed, from what to what."""
    found = []
    for name, values in story.items():
        if name == "photos":
            found.append(_("换了照片"))
            continue
        is_week = name == "hours"
        before, after = (_week(value) if is_week else _short(value) for value in values)
        label = _("开放时间") if is_week else Resource._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        found.append(_("%(label)s：%(before)s → %(after)s") % {"label": label, "before": before, "after": after})
    return found


def _week(spans: list[list[int]]) -> str:
    """周一至周五 09:00–17:00、周六至周日 不开放."""
    week = [Opening(weekday=day, opens=opens, closes=closes) for day, opens, closes in spans]
    return _("、").join(f"{days} {hours}" for days, hours in times.week(week)) if week else _("没写")


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = _("、").join(value) if isinstance(value, list) else "" if value is None else str(value)
    return Truncator(text).chars(LONG) or _("没写")


def _who(actor: User | None, veiled: int | None) -> str:
    if actor is None:
        return _("系统")
    return mask_name(actor.name) if actor.pk == veiled else actor.name


def veiled_in(row: Booking, user: User) -> int | None:
    """Whose name stays masked on the booking's page: a resident's, except to whoever keeps the place."""
    return None if keeps(user, row.resource.area_id) else row.person_id


def booking_strip(row: Booking, user: User) -> Lines:
    """On top: in whose hands since when until when; when it is, who comes, how many, what for, whose thing it is."""
    resource, booker = row.resource, booker_for_staff(row, user)
    people = ngettext("大约%(n)d人", "大约%(n)d人", row.people) % {"n": row.people} if row.people else ""
    pieces = ngettext("%(n)d件", "%(n)d件", row.quantity) % {"n": row.quantity}
    giver = hands.giver_for_staff(row)
    hand, used_for = hands.hand_of(row, giver, booker), pieces if resource.kind.form == Form.PIECES else ""
    return [
        {"label": _("在谁手里"), "text": hand.who, "small": hand.line},
        {
            "label": _("什么时候"),
            "text": times.between(row.starts, row.ends),
            "small": " · ".join(part for part in (row.purpose, used_for) if part),
        },
        {"label": _("谁约的"), "text": booker, "small": people},
        {"label": _("谁提供"), "text": giver, "small": resource.phone, "url": _unit_url(resource)},
    ]


def booker_for_staff(row: Booking, user: User) -> str:
    """The unit, the office; of a resident the name to whoever keeps the place, else masked."""
    if row.person is None:
        return facts.booker_of(row)
    return _who(row.person, veiled_in(row, user))


def calendar_of(row: Booking) -> str:
    """The calendar of rooms on the booking's day."""
    return f"{reverse('admin:resources_calendar')}?day={timezone.localdate(row.starts).isoformat()}"


def last_day(row: Booking) -> str:
    """Until when whoever booked may cancel."""
    return moment(last_to_cancel(row))
