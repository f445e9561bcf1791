"""Which group and which zone of an alliance its members stand in: moved together, undone together.

Whoever moves says where they saw each member. What somebody else has moved meanwhile is not moved again over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services import record
from audit.states import Action
from members.models import Alliance, Body, Membership, Placement
from members.permissions import keeps_alliance
from members.services.checked import save_checked
from members.states import Axis
from people.models import User

MOST_AT_ONCE = 1000
NAMED = 5
MOVED_MEANWHILE = _("已被他人移动：%(units)s。什么都没有改，请看看现在的位置再移。")

HELD = ("membership", "group", "zone")
"""What a placement points to: locked by then."""


@dataclass(frozen=True)
class Cell:
    """A place in the matrix. None: in no group, or in no zone."""

    group: int | None = None
    zone: int | None = None


@dataclass(frozen=True)
class Move:
    """The membership goes from where it was seen to another cell."""

    membership: int
    seen: Cell
    to: Cell

    def back(self) -> Move:
        return Move(self.membership, self.to, self.seen)


@transaction.atomic
def place_members(*, alliance: int, moves: Sequence[Move], by: User | None) -> list[Move]:
    """Move members of ``alliance`` to other cells, all or none; returns the moves that undo it.

    A second move on the same day corrects the first; otherwise the old placement ends today and another begins.
    ``by=None`` is the installation. Raises ``NotFound`` (the alliance, or somebody who is no member of it today),
    ``NotAllowed``, ``Conflict`` (somebody is no longer where they were seen), ``Invalid`` (nobody, too many, a group
    or zone that is not one of this alliance or has ended).
    """
    home = _alliance(alliance, by)
    if by is not None and not keeps_alliance(by, home):
        raise NotAllowed
    wanted = {move.membership: move for move in moves}
    if not wanted or len(wanted) != len(moves) or len(wanted) > MOST_AT_ONCE:
        raise Invalid({"units": [_("请先选要移动的单位，每个选一次，一次最多%(n)d家。") % {"n": MOST_AT_ONCE}]})
    members = _locked_members(home, wanted)
    _lock_bodies(home, [move.to for move in moves])
    stood = {row.membership_id: row for row in Placement.objects.active().filter(membership__in=members)}
    _require_unmoved(members, wanted, stood)
    today = timezone.localdate()
    this_morning = Placement.objects.filter(membership__in=members, ends_on=today, starts_on__lt=today)
    left = {row.membership_id: row for row in this_morning}
    for member in members:
        _put(member, stood.get(member.pk), left.get(member.pk), wanted[member.pk].to)
    _record(home, by, [wanted[member.pk] for member in members])
    return [move.back() for move in moves]


def end_placements(*, membership: Membership, on: date) -> None:
    """The member leaves on that day, and so its place. Called with the membership locked."""
    rows = Placement.objects.filter(membership=membership)
    rows.filter(starts_on__gte=on).delete()
    rows.filter(ends_on__isnull=True).update(ends_on=on)
    rows.filter(ends_on__gt=on).update(ends_on=on)


def _alliance(pk: int, by: User | None) -> Alliance:
    rows = Alliance.objects.all() if by is None else Alliance.objects.visible_to(by)
    found: Alliance | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _locked_members(home: Alliance, wanted: Iterable[int]) -> list[Membership]:
    """In the order of their keys, so that two who move the same ones wait for each other and not in a circle."""
    rows = Membership.objects.select_for_update(of=("self",), no_key=True).active()
    members = list(rows.filter(alliance=home, pk__in=list(wanted)).select_related("unit").order_by("pk"))
    if len(members) != len(set(wanted)):
        raise NotFound
    return members


def _lock_bodies(home: Alliance, cells: Iterable[Cell]) -> None:
    """Groups and zones that are to be stood in, held so that none ends meanwhile."""
    groups = {cell.group for cell in cells if cell.group is not None}
    zones = {cell.zone for cell in cells if cell.zone is not None}
    rows = Body.objects.select_for_update(of=("self",), no_key=True).filter(alliance=home, ended_on__isnull=True)
    found = dict(rows.filter(pk__in=groups | zones).order_by("pk").values_list("pk", "kind__axis"))
    for name, asked, axis in (("group", groups, Axis.GROUP), ("zone", zones, Axis.ZONE)):
        if any(found.get(pk) != axis for pk in asked):
            raise Invalid({name: [_("这个联盟没有这个界别或片区，或者已经撤销。请重新选。")]})


def _require_unmoved(members: list[Membership], wanted: dict[int, Move], stood: dict[int, Placement]) -> None:
    gone = [member for member in members if cell_of(stood.get(member.pk)) != wanted[member.pk].seen]
    if gone:
        names = str(_("、")).join(str(member.unit) for member in gone[:NAMED])
        raise Conflict(MOVED_MEANWHILE % {"units": names if len(gone) <= NAMED else f"{names}…"})


def cell_of(placement: Placement | None) -> Cell:
    return Cell(placement.group_id, placement.zone_id) if placement else Cell()


def _put(member: Membership, now: Placement | None, left: Placement | None, to: Cell) -> None:
    """From today ``member`` stands in ``to``: what began today is corrected, what began earlier ends today.

    ``left``: where it stood until this morning.
    """
    if cell_of(now) == to:
        return
    today = timezone.localdate()
    if now is not None and now.starts_on == today:
        now.delete()
    elif now is not None:
        now.ends_on = today
        save_checked(now, raced=Conflict.default, held=HELD)
    if to == Cell():
        return
    if left is not None and cell_of(left) == to:
        left.ends_on = None  # back where it stood: it never left
        save_checked(left, raced=Conflict.default, held=HELD)
        return
    new = Placement(membership=member, group_id=to.group, zone_id=to.zone, starts_on=today)
    save_checked(new, raced=Conflict.default, held=HELD)


def _record(home: Alliance, by: User | None, moves: list[Move]) -> None:
    rows = [[move.membership, move.seen.group, move.seen.zone, move.to.group, move.to.zone] for move in moves]
    params = {"alliance": home.pk, "moves": rows}
    subject = f"alliance:{home.pk}"
    record(Action.UNITS_PLACED, actor=by, subject=subject, area_code=home.area_id, params=params)
