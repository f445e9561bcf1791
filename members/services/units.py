"""The register of member units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, RuleBroken
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean, fold
from audit.services import record
from audit.states import Action
from members.models import Alliance, MemberUnit
from members.permissions import keeps_register
from members.services.alliances import join_within
from members.services.checked import save_checked
from members.services.profile import note_change, overruled, stamp
from members.services.stamps import CHANGED
from members.signals import unit_suspended
from members.states import Part
from members.uscc import normalise
from people.models import Area, User
from people.services.areas import pinyin_of

MAX_WHY = 120
DECLINED = _("单位自己撤回过公开。要再公开，请在单位页面的“公开内容”里写明单位怎么同意的。")
USCC_TAKEN = _("这个代码的单位已经登记过。")


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: str,
    area: Area,
    by: User | None,
    alliance: Alliance | None = None,
    joined_on: date | None = None,
    short_name: str = "",
    uscc: str = "",
    is_public: bool = False,
    note: str = "",
) -> MemberUnit:
    """Register a unit seated in ``area``, at once as a member of ``alliance`` if given.

    ``by=None`` is the installation. One legal body is one row: with an ``alliance``, a unit that another
    street registered before, under the same code and name, joins as it stands. Raises ``NotAllowed`` (the alliance
    or the seat in another street), ``Invalid`` (code or name wrong, code taken, already a member).
    """
    if by is not None and not keeps_register(by, alliance.area_id if alliance else area.code):
        raise NotAllowed
    unit = _registered(uscc, name) if alliance else None
    if unit is None:
        said = {"name": name, "short_name": short_name, "uscc": uscc, "is_public": is_public, "note": note}
        unit = create_within(by=by, kind=kind, area=area, **said)
    if alliance:
        join_within(alliance=alliance, unit=unit, by=by, joined_on=joined_on)
    return unit


def create_within(*, kind: str, area: Area, by: User | None, **said: Any) -> MemberUnit:
    """As ``create_unit`` without an alliance, in the caller's transaction or savepoint, which is taken back should
    this raise."""
    require_keeps(by, area)
    unit = MemberUnit(kind=kind)
    _write(unit, area=area, **said)
    return unit


@transaction.atomic
def update_unit(
    *,
    pk: int,
    by: User,
    name: str,
    kind: str,
    area: Area,
    short_name: str = "",
    uscc: str = "",
    is_public: bool | None = None,
    note: str = "",
    seen: str | None = None,
) -> MemberUnit:
    """Change the entry of a unit; without ``is_public`` what it agreed to stays as it is.

    ``seen``: its ``stamp`` when the form was opened. Raises ``NotFound``, ``NotAllowed`` (another street's unit, or one
    moved there), ``Conflict`` (changed in between), ``Invalid``.
    """
    unit = MemberUnit.objects.visible_to(by).locked(pk)
    require_keeps(by, unit.area)
    require_keeps(by, area)
    if seen is not None and seen != stamp(unit, Part.ENTRY):
        raise Conflict(CHANGED)
    if is_public and overruled(unit, is_public=True, shows=unit.shows):
        raise Invalid({"is_public": [DECLINED]})
    unit.kind = kind
    public = unit.is_public if is_public is None else is_public
    _write(unit, name=name, short_name=short_name, uscc=uscc, area=area, is_public=public, note=note)
    note_change(unit, by, Part.ENTRY)
    return unit


@transaction.atomic
def suspend_unit(*, pk: int, by: User, why: str, seen_warnings: str = "") -> MemberUnit:
    """For the time being the unit takes nothing new in hand and is asked for nothing; what it has, it may deliver.

    The unit reads ``why``, so that it is looked through like other words for outsiders. Raises ``NotFound``,
    ``NotAllowed`` (another street's unit), ``RuleBroken`` (suspended already), ``Invalid`` (no reason, or a long one)
    and ``Warned`` (words that look personal, unless ``seen_warnings``).
    """
    unit = _kept(pk, by)
    reason = clean(why)
    if not reason or len(reason) > MAX_WHY:
        raise Invalid({"why": [_("请写一句为什么暂停，最多%(n)d字。") % {"n": MAX_WHY}]})
    if unit.suspended_at is not None:
        raise RuleBroken(_("这个单位已经暂停了。"))
    names = unit.seats.active().exclude(name="").order_by("pk").values_list("name", flat=True)
    require_seen([reason], list(names), seen=seen_warnings)
    _suspended(unit, timezone.now(), reason)
    _record(Action.UNIT_SUSPENDED, unit, by, reason)
    unit_suspended.send(sender=MemberUnit, unit=unit, by=by)
    return unit


@transaction.atomic
def restore_unit(*, pk: int, by: User) -> MemberUnit:
    """The unit takes part again. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (not suspended)."""
    unit = _kept(pk, by)
    if unit.suspended_at is None:
        raise RuleBroken(_("这个单位没有暂停。"))
    _suspended(unit, None)
    _record(Action.UNIT_RESTORED, unit, by)
    return unit


def _suspended(unit: MemberUnit, at: datetime | None, why: str = "") -> None:
    unit.suspended_at, unit.suspended_why, unit.suspended_why_shown = at, why, bool(why)
    unit.save(update_fields=["suspended_at", "suspended_why", "suspended_why_shown"])


def _kept(pk: int, by: User) -> MemberUnit:
    unit = MemberUnit.objects.visible_to(by).locked(pk)
    require_keeps(by, unit.area)
    return unit


def _record(action: Action, unit: MemberUnit, by: User, reason: str = "") -> None:
    record(action, actor=by, subject=str(unit)[:80], area_code=unit.area_id, reason=reason, params={"unit": unit.pk})


def require_keeps(by: User | None, area: Area) -> None:
    """Raises ``NotAllowed`` unless ``by`` (None: the installation) keeps the register where ``area`` lies."""
    if by is not None and not keeps_register(by, area.code):
        raise NotAllowed(_("这个地方的单位由所在街道登记。"))


def public_units(street_code: str = "") -> list[str]:
    """Names of the present members of a street's alliances, or of all, that agreed to be shown, in order of sound."""
    shown = MemberUnit.objects.members_in(street_code).filter(is_public=True).order_by("sorted_as", "id")
    return [short or name for short, name in shown.values_list("short_name", "name")]


def _registered(uscc: str, name: str) -> MemberUnit | None:
    code = normalise(uscc)
    unit = MemberUnit.objects.filter(uscc=code).first() if code else None
    if unit is not None and fold(unit.name) != fold(name):
        raise Invalid({"uscc": [_("这个代码登记的是另一个单位名称，请对照证照核对代码和全称。")]})
    return unit


def _write(unit: MemberUnit, **said: Any) -> None:
    fill(unit, **said)
    save_checked(unit, raced=USCC_TAKEN)


def fill(unit: MemberUnit, *, name: str, short_name: str, uscc: str, area: Area, is_public: bool, note: str) -> None:
    """Write into ``unit``, unsaved, what is said of it and what follows: its names as they are sought and sorted."""
    unit.name, unit.short_name, unit.note = clean(name), clean(short_name), clean(note)
    unit.uscc = normalise(uscc) or None
    unit.area, unit.is_public = area, is_public
    unit.name_key = fold(unit.name)[:80]
    # In the order of what is shown; found by the initials of either name.
    full, initials = pinyin_of(unit.short_name or unit.name)
    whole = f" {pinyin_of(unit.name)[1]}" if unit.short_name and unit.short_name != unit.name else ""
    unit.pinyin, unit.initials = full[:300], f"{initials}{whole}"[:80]
