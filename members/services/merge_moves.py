"""What moves when two rows of one unit are made one, and what gives way where both have the same.

Nothing is deleted. What cannot stand beside the kept unit's own ends today and stays, as history, with the row that
is gone. Each function locks its rows by key, in the order of the list at the end (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from members.models import (
    BodySeat,
    Liaison,
    Membership,
    MemberUnit,
    PartyOrganisation,
    Placement,
    Receipt,
    SeatOffer,
    Strength,
)
from members.services.journal import Journal
from members.states import OfferState

FILLED = ("intro", "building_id", "floor", "grid_id")
"""Of the entry: taken over where the kept unit has nothing."""
FAR = date.max


def _until(day: date | None) -> date:
    return day or FAR


def _meet(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two periods share a day."""
    return max(start, other_start) < min(_until(end), _until(other_end))


def memberships(journal: Journal) -> None:
    """A chapter before the kept unit's own moves with its end; one that lies inside ends today and stays behind."""
    rows = journal.hold(Membership.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    placements = journal.hold(Placement.objects.filter(membership__in=rows))
    own = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = 0
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        mine = [one for one in own if one.alliance_id == row.alliance_id]
        clash = [one for one in mine if _meet(row.joined_on, row.left_on, one.joined_on, one.left_on)]
        first = min((one.joined_on for one in clash), default=None)
        placed = [one for one in placements if one.membership_id == row.pk]
        if first is None:
            journal.change(row, unit_id=journal.kept.pk)
            moved += 1
        elif row.joined_on < first:
            _end_placements(journal, placed, first)
            journal.change(row, unit_id=journal.kept.pk, left_on=first)
            journal.clashes.append(_("%(what)s：早先的一段接在前面。") % {"what": row.alliance})
            moved += 1
        elif row.left_on is None or row.left_on > journal.today:
            end = max(journal.today, row.joined_on)
            _end_placements(journal, placed, end)
            journal.change(row, left_on=end)
            journal.clashes.append(_("%(what)s：两边都是成员，并入的一条今天结束。") % {"what": row.alliance})
    journal.count(_("联盟成员"), moved)


def _end_placements(journal: Journal, placed: Iterable[Placement], day: date) -> None:
    for one in placed:
        if one.ends_on is None or one.ends_on > day:
            journal.change(one, ends_on=max(day, one.starts_on))


def seats(journal: Journal) -> None:
    """Seats that find no place: the first liaison becomes the second where there is none, else the seat ends today."""
    rows = journal.hold(Liaison.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    taken = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = 0
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        if _fits(row, taken, second=row.is_second):
            journal.change(row, unit_id=journal.kept.pk)
        elif row.ends_on is not None and row.ends_on <= journal.today:
            continue  # history that does not fit beside the kept unit's stays where it was
        elif not row.is_second and _fits(row, taken, second=True):
            journal.change(row, unit_id=journal.kept.pk, is_second=True)
            journal.clashes.append(
                _("%(who)s：那边已有联络员，改做第二联络员。") % {"who": row.shown_name or _("联络员")}
            )
        else:
            journal.change(row, ends_on=max(journal.today, row.starts_on))
            journal.clashes.append(_("%(who)s：席位满了，今天卸任。") % {"who": row.shown_name or _("联络员")})
            continue
        taken.append(row)
        moved += 1
    journal.count(_("联络员席位"), moved)


def _fits(row: Liaison, taken: Iterable[Liaison], *, second: bool) -> bool:
    """Neither the seat nor the person is there on the same day."""
    others = [one for one in taken if _meet(row.starts_on, row.ends_on, one.starts_on, one.ends_on)]
    return not any(one.is_second == second or one.user_id == row.user_id for one in others)


def offers(journal: Journal) -> None:
    """Open offers of a seat for which the kept unit has asked somebody itself, or whose seat stays, are taken back."""
    rows = journal.hold(SeatOffer.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    asked = {row.is_second for row in rows if row.unit_id == journal.kept.pk and row.state == OfferState.OPEN}
    stays = set(Liaison.objects.filter(unit=journal.gone).values_list("pk", flat=True)) - {
        entry["pk"] for entry in journal.entries if entry["model"] == Liaison._meta.label and "unit_id" in entry["set"]
    }
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        if row.state == OfferState.OPEN and (row.is_second in asked or row.hands_over_id in stays):
            journal.change(row, state=OfferState.WITHDRAWN.value)
            journal.clashes.append(_("联络员邀请：那边已经请了一位，这一份撤回。"))
        journal.change(row, unit_id=journal.kept.pk)


def strengths(journal: Journal) -> None:
    """What both wrote stands once."""
    rows = journal.hold(Strength.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    known = {(row.kind, row.name) for row in rows if row.unit_id == journal.kept.pk}
    fresh = [row for row in rows if row.unit_id == journal.gone.pk and (row.kind, row.name) not in known]
    journal.move(_("特长和服务"), fresh)


def body_seats(journal: Journal) -> None:
    """Two seats of one unit in one body as the same: the second ends today and stays behind."""
    rows = journal.hold(BodySeat.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]).select_related("body"))
    own = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = []
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        twins = [one for one in own if (one.body_id, one.role, one.user_id) == (row.body_id, row.role, row.user_id)]
        if not any(_meet(row.starts_on, row.ends_on, one.starts_on, one.ends_on) for one in twins):
            moved.append(row)
        elif row.ends_on is None or row.ends_on > journal.today:
            journal.change(row, ends_on=max(journal.today, row.starts_on))
            journal.clashes.append(_("%(what)s：两边都在任，并入的一条今天结束。") % {"what": row.body})
    journal.move(_("机构任职"), moved)


def organisations(journal: Journal) -> None:
    journal.move(_("党组织"), journal.hold(PartyOrganisation.objects.filter(unit=journal.gone)))


def receipts(journal: Journal) -> None:
    """A version that both got is one delivery; having opened it counts for both."""
    rows = journal.hold(Receipt.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    own = {row.version_id: row for row in rows if row.unit_id == journal.kept.pk}
    moved = []
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        twin = own.get(row.version_id)
        if twin is None:
            moved.append(row)
        elif row.seen_at and not twin.seen_at:
            journal.change(twin, seen_at=row.seen_at, seen_by_id=row.seen_by_id)
    journal.move(_("收到的文件"), moved)


def earlier(journal: Journal) -> None:
    """Units merged into the gone one before lead to the kept one from now on."""
    for unit in journal.hold(MemberUnit.objects.filter(merged_into=journal.gone)):
        journal.change(unit, merged_into_id=journal.kept.pk)


def entry(journal: Journal) -> None:
    """The code goes with the unit; what the kept entry says stands, what it does not say is filled in."""
    if journal.gone.uscc and not journal.kept.uscc:
        code = journal.gone.uscc
        journal.change(journal.gone, uscc=None)
        journal.change(journal.kept, uscc=code)
        journal.clashes.append(_("统一社会信用代码补到保留的单位。"))
    fill = {name: getattr(journal.gone, name) for name in FILLED if not getattr(journal.kept, name)}
    journal.change(journal.kept, **{name: value for name, value in fill.items() if value})
    have = set(journal.kept.tags.values_list("pk", flat=True))
    journal.add_tags([pk for pk in journal.gone.tags.order_by("pk").values_list("pk", flat=True) if pk not in have])


MOVES: tuple[Callable[[Journal], None], ...] = (
    earlier,
    entry,
    memberships,
    seats,
    offers,
    strengths,
    body_seats,
    organisations,
    receipts,
)
