"""Rewards and exchanges as pages say them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import day_of, moment
from points.codes import code_of, spaced
from points.figures import said
from points.models import Redemption, Reward
from points.states import RedemptionState, RedemptionVerb
from resources.models import Resource
from resources.presenting.facts import knows_units

TONES = {RedemptionState.HELD: "warn", RedemptionState.DONE: "ok", RedemptionState.VOID: ""}


def giver(row: Reward, user: Any, *, told: bool = False) -> str:
    """Who gives it. A unit that has not agreed to be shown is named to those who work with it, and to whoever is
    ``told`` since they have something to pick up there."""
    if row.unit is None:
        return row.area.name
    shown = told or (row.unit.is_public and row.unit.merged_into_id is None)
    return str(row.unit) if shown or knows_units(user, row.street_code) else _("一家联盟单位")


def where(row: Reward, user: Any, *, told: bool = False) -> str:
    """Where one picks it up; the station only while everybody may read of it."""
    place = row.place.name if row.place and (told or _open(row)) else ""
    return " ".join(part for part in (giver(row, user, told=told), place, row.where) if part)


def to_come(row: Reward, user: Any, *, told: bool = False) -> dict[str, str]:
    """Where one picks it up, so that one finds the way: the words, the station's page and address, whom to call."""
    open_, shown = bool(row.place) and _open(row), row.place
    station = shown if shown and (told or open_) else None
    phone = (station.phone if station else "") or row.area.phone or str(settings.SITE["phone"])
    digits = "".join(sign for sign in phone if sign.isdigit())
    return {
        "words": where(row, user, told=told),
        "url": reverse("resources:resource", args=[station.pk]) if station and open_ else "",
        "address": " ".join(part for part in (station.address, station.floor) if part) if station else "",
        "phone": phone,
        "href": f"tel:{digits}" if digits else "",
    }


def _open(row: Reward) -> bool:
    known: bool | None = getattr(row, "place_open", None)
    return Resource.objects.public().filter(pk=row.place_id or 0).exists() if known is None else known


def card(row: Reward, user: Any, own: int | None = None) -> dict[str, Any]:
    """A reward on the shelf; with ``own`` (tenths) whether that is enough, and if not how much is missing."""
    asks = own if row.left != 0 else None
    return {
        "row": row,
        "points": said(row.price),
        "url": reverse("points:reward", args=[row.pk]),
        "left": left(row),
        "gone": row.left == 0,
        "enough": asks is not None and row.price <= asks,
        "short": said(row.price - asks) if asks is not None and row.price > asks else "",
        "where": where(row, user),
        "donor": row.donor or giver(row, user),
    }


def left(row: Reward) -> str:
    """还有3份; nothing where there is no end to it."""
    if row.left is None:
        return ""
    if row.left == 0:
        return _("换完了")
    return ngettext("还有%(n)d份", "还有%(n)d份", row.left) % {"n": row.left}


def facts(row: Reward, user: Any, *, placed: bool = True) -> list[tuple[str, str]]:
    """What one wants to know before; not ``placed``: where to come stands by itself (``to_come``)."""
    most = row.per_quarter
    found = [
        (_("谁提供的"), row.donor or giver(row, user)),
        (_("到哪里领"), where(row, user) if placed else ""),
        (_("还有多少"), left(row)),
        (_("每人每季"), ngettext("最多%(n)d份", "最多%(n)d份", most) % {"n": most} if most else ""),
        (_("兑换到"), day_of(row.until) if row.until else ""),
    ]
    return [(label, text) for label, text in found if text]


def waits(row: Redemption) -> bool:
    """Whether it can be picked up: what nobody fetched is void with its day, though the night has not come round."""
    return row.state == RedemptionState.HELD and row.until >= timezone.localdate()


def url_of(row: Redemption) -> str:
    """Its page, for its holder."""
    return reverse("points:exchange", args=[row.pk])


def standing(row: Redemption) -> str:
    """What has become of the points, in a word: held, used up, or back."""
    if waits(row):
        return _("占用中")
    if row.state == RedemptionState.DONE:
        return _("已核销")
    return _("已退回") if row.ended_at else _("过期没领")


def came(row: Redemption) -> str:
    """Until when they are held; when and where they were used up; when they came back."""
    if waits(row):
        return _("领到%(day)s为止") % {"day": day_of(row.until)}
    if row.state == RedemptionState.DONE and row.ended_at:
        return _("%(at)s在%(where)s领了") % {"at": moment(row.ended_at), "where": giver(row.reward, None, told=True)}
    return _("%(day)s退回") % {"day": day_of(row.ended_at)} if row.ended_at else _("积分会退回来")


def exchange(row: Redemption) -> dict[str, Any]:
    """A line of one's own exchanges."""
    held = waits(row)
    state = RedemptionState.VOID if row.state == RedemptionState.HELD and not held else RedemptionState(row.state)
    return {
        "row": row,
        "label": row.label,
        "points": said(row.price),
        "badge": {"tone": TONES[state], "label": state.label},
        "until": day_of(row.until) if held else "",
        "url": url_of(row),
    }


def outcome(row: Redemption) -> dict[str, str]:
    """What became of an exchange that is over, as its holder reads it. One that nobody fetched in time counts as over
    before the night has come round."""
    event = row.events.exclude(verb=RedemptionVerb.REDEEM).last()
    verb = RedemptionVerb(event.verb) if event else RedemptionVerb.LAPSE
    labels = {
        RedemptionVerb.WRITE_OFF: _("领到了"),
        RedemptionVerb.CANCEL: _("您取消了"),
        RedemptionVerb.CALL_OFF: _("街道社区收回了"),
        RedemptionVerb.LAPSE: _("过期没领"),
    }
    return {
        "label": labels[verb],
        "tone": "ok" if verb == RedemptionVerb.WRITE_OFF else "",
        "words": _came_of(row, verb),
        "why": event.words if event and verb == RedemptionVerb.CALL_OFF else "",
    }


def _came_of(row: Redemption, verb: RedemptionVerb) -> str:
    """Where the points went."""
    day = {"n": said(row.price), "day": day_of(row.ended_at or row.until + timedelta(days=1))}
    if verb == RedemptionVerb.WRITE_OFF:
        return _("%(day)s领到的，用了%(n)s分。") % day
    if row.ended_at is None:
        return _("%(n)s分会退回来，有效期不变。") % day
    return _("%(n)s分%(day)s退回来了，有效期不变。") % day


def code(request: HttpRequest, row: Redemption) -> dict[str, str]:
    """The code to show at the counter, and its picture. It stands behind # in the address, which no server sees."""
    own = code_of(row.client_key)
    path = reverse("desk:counter")
    url = settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else request.build_absolute_uri(path)
    picture = segno.make(f"{url}#{own}", error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
    return {"code": spaced(own), "picture": picture}
