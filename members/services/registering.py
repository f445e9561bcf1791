"""Many new units at once, as a table brings them: the rules of one by one in a few statements for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from audit.services import Entry, record_all
from audit.states import Action
from members.models import Alliance, Membership, MemberUnit
from members.permissions import keeps_alliance
from members.services.alliances import ALREADY_MEMBER
from members.services.checked import require_sensible, save_all_checked
from members.services.receipts import deliver_current_to
from members.services.units import USCC_TAKEN, fill, require_keeps
from people.models import Area, User


@dataclass(frozen=True)
class NewUnit:
    """What is said of a unit, as ``create_unit`` takes it."""

    name: str
    kind: str
    area: Area
    alliance: Alliance | None = None
    joined_on: date | None = None
    short_name: str = ""
    uscc: str = ""
    is_public: bool = False
    note: str = ""


@dataclass(frozen=True)
class Registered:
    """What was made of it."""

    unit: MemberUnit
    membership: Membership | None = None


@transaction.atomic
def register_units(said: Sequence[NewUnit], *, by: User) -> list[Registered]:
    """Register units that are not there yet, in the order of ``said``; each as ``create_unit`` would.

    All or none: raises ``NotAllowed`` and ``Invalid`` as it does, without saying which of them it was.
    """
    units = [_unit(new, by) for new in said]
    save_all_checked(units, raced=USCC_TAKEN)
    joining = [(new, unit) for new, unit in zip(said, units, strict=True) if new.alliance is not None]
    joined = {membership.unit_id: membership for membership in _join(joining, by)}
    return [Registered(unit, joined.get(unit.pk)) for unit in units]


def _unit(new: NewUnit, by: User) -> MemberUnit:
    require_keeps(by, new.area)
    unit = MemberUnit(kind=new.kind)
    fill(
        unit,
        name=new.name,
        short_name=new.short_name,
        uscc=new.uscc,
        area=new.area,
        is_public=new.is_public,
        note=new.note,
    )
    return unit


def _join(joining: Sequence[tuple[NewUnit, MemberUnit]], by: User) -> list[Membership]:
    alliances = {new.alliance.pk: new.alliance for new, _unit in joining if new.alliance is not None}
    for key in sorted(alliances):
        if not keeps_alliance(by, alliances[key]):
            raise NotAllowed
        Alliance.objects.locked(key)  # or a version that is just being published would miss the units
    memberships, today = [], timezone.localdate()
    for new, unit in joining:
        require_sensible(joined_on=new.joined_on)
        memberships.append(Membership(alliance=new.alliance, unit=unit, joined_on=new.joined_on or today))
    save_all_checked(memberships, raced=ALREADY_MEMBER)
    for key in sorted(alliances):
        deliver_current_to([one.unit_id for one in memberships if one.alliance_id == key], alliance_id=key)
    record_all([_entry(one) for one in memberships], actor=by)
    return memberships


def _entry(membership: Membership) -> Entry:
    return Entry(
        Action.REGISTER_CHANGED,
        subject=str(membership.unit)[:80],
        area_code=membership.alliance.area_id,
        params={
            "unit": membership.unit_id,
            "alliance": membership.alliance_id,
            "joined_on": membership.joined_on.isoformat(),
        },
    )
