"""What moves when two rows of one unit are made one, and what gives way where both have the same.

Nothing is deleted. What cannot stand beside the kept unit's own ends today and stays, as history, with the row that
is gone. Each function locks its rows by key, in the order of the list at the end (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
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
from members.services.periods import Period, end_of, free_parts, part_to_keep, period_of
from members.services.seat_offers import forget_later
from members.states import NAME, OfferState, Shown

FILLED = ("intro", "building_id", "floor", "grid_id")
"""Of the entry: taken over where the kept unit has nothing."""


def memberships(journal: Journal) -> None:
    """A chapter moves with what the kept unit's own leave free of it: the part that lasts, else the one before.

    One that has no such part ends today and stays behind.
    """
    rows = journal.hold(Membership.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    placements = journal.hold(Placement.objects.filter(membership__in=rows))
    own = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = 0
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        whole = period_of(row.joined_on, row.left_on)
        mine = [period_of(one.joined_on, one.left_on) for one in own if one.alliance_id == row.alliance_id]
        part = part_to_keep(free_parts(whole, mine), journal.today)
        placed = [one for one in placements if one.membership_id == row.pk]
        if part is not None:
            _cut_placements(journal, placed, part)
            journal.change(row, unit_id=journal.kept.pk, joined_on=part[0], left_on=end_of(part))
            _say_part(journal, row.alliance, whole, part)
            moved += 1
        elif row.left_on is None or row.left_on > journal.today:
            end = max(journal.today, row.joined_on)
            _cut_placements(journal, placed, (row.joined_on, end))
            journal.change(row, left_on=end)
            journal.clashes.append(_("%(what)s：两边都是成员，并入的一条今天结束。") % {"what": row.alliance})
    journal.count(_("联盟成员"), moved)


def _say_part(journal: Journal, what: object, whole: Period, part: Period) -> None:
    if part[0] > whole[0]:
        journal.clashes.append(_("%(what)s：接在那边已有的一段后面。") % {"what": what})
    elif part != whole:
        journal.clashes.append(_("%(what)s：早先的一段接在前面。") % {"what": what})


def _cut_placements(journal: Journal, placed: Iterable[Placement], part: Period) -> None:
    """Places last no longer than the membership and begin no earlier; what had ended before it stays as it was."""
    for one in placed:
        start, end = period_of(one.starts_on, one.ends_on)
        if end > part[0]:
            first = max(start, part[0])
            journal.change(one, starts_on=first, ends_on=end_of((first, max(first, min(end, part[1])))))


def seats(journal: Journal) -> None:
    """A seat that finds no place: the first liaison becomes the second where there is none, else it ends today."""
    rows = journal.hold(Liaison.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    taken = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = 0
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        whole = period_of(row.starts_on, row.ends_on)
        if whole[1] <= journal.today and _free(row, taken, row.is_second) != [whole]:
            continue  # history that does not fit beside the kept unit's stays where it was
        found = _seat_for(row, taken, journal.today)
        if found is None:
            journal.change(row, ends_on=max(journal.today, row.starts_on))
            journal.clashes.append(_("%(who)s：席位满了，今天卸任。") % {"who": row.shown_name or _("联络员")})
            continue
        second, part = found
        if second != row.is_second:
            journal.clashes.append(
                _("%(who)s：那边已有联络员，改做第二联络员。") % {"who": row.shown_name or _("联络员")}
            )
        else:
            _say_part(journal, row.shown_name or _("联络员"), whole, part)
        journal.change(row, unit_id=journal.kept.pk, is_second=second, starts_on=part[0], ends_on=end_of(part))
        taken.append(row)
        moved += 1
    journal.count(_("联络员席位"), moved)


def _seat_for(row: Liaison, taken: Sequence[Liaison], today: date) -> tuple[bool, Period] | None:
    """As what and for how long ``row`` goes on: to its own end, if need be as the second; else as long as it can."""
    whole = period_of(row.starts_on, row.ends_on)
    ranks = [row.is_second] if row.is_second else [False, True]
    parts = {second: part_to_keep(_free(row, taken, second), today) for second in ranks}
    lasting = [(second, part) for second, part in parts.items() if part and part[1] == whole[1]]
    if lasting:
        return lasting[0]
    own = parts[row.is_second]
    return (row.is_second, own) if own and own[1] > today else None


def _free(row: Liaison, taken: Iterable[Liaison], second: bool) -> list[Period]:
    """When neither the seat nor the person is there already."""
    others = [one for one in taken if one.is_second == second or one.user_id == row.user_id]
    return free_parts(period_of(row.starts_on, row.ends_on), [period_of(one.starts_on, one.ends_on) for one in others])


def offers(journal: Journal) -> None:
    """Open offers of a seat for which the kept unit has asked somebody itself, or whose seat stays, are taken back.

    Name and phone go 30 days later, so that the merge can be taken back until then.
    """
    rows = journal.hold(SeatOffer.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    asked = {row.is_second for row in rows if row.unit_id == journal.kept.pk and row.state == OfferState.OPEN}
    stays = set(Liaison.objects.filter(unit=journal.gone).values_list("pk", flat=True)) - {
        entry["pk"] for entry in journal.entries if entry["model"] == Liaison._meta.label and "unit_id" in entry["set"]
    }
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        if row.state == OfferState.OPEN and (row.is_second in asked or row.hands_over_id in stays):
            # Of the day, not of the moment: the preview says what is done, to the letter.
            journal.change(row, state=OfferState.WITHDRAWN.value, answered_at=start_of(journal.today))
            if not journal.dry:
                forget_later(row)
            journal.clashes.append(_("联络员邀请：那边已经请了一位，这一份撤回。"))
        journal.change(row, unit_id=journal.kept.pk)


def strengths(journal: Journal) -> None:
    """What both wrote stands once."""
    rows = journal.hold(Strength.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]))
    known = {(row.kind, row.name) for row in rows if row.unit_id == journal.kept.pk}
    fresh = [row for row in rows if row.unit_id == journal.gone.pk and (row.kind, row.name) not in known]
    journal.move(_("特长和服务"), fresh)


def body_seats(journal: Journal) -> None:
    """Two seats of one unit in one body as the same: the second goes on after the first, or ends today and stays."""
    rows = journal.hold(BodySeat.objects.filter(unit__in=[journal.kept.pk, journal.gone.pk]).select_related("body"))
    own = [row for row in rows if row.unit_id == journal.kept.pk]
    moved = 0
    for row in (one for one in rows if one.unit_id == journal.gone.pk):
        twins = [one for one in own if (one.body_id, one.role, one.user_id) == (row.body_id, row.role, row.user_id)]
        whole = period_of(row.starts_on, row.ends_on)
        free = free_parts(whole, [period_of(one.starts_on, one.ends_on) for one in twins])
        lives = whole[1] > journal.today
        part = part_to_keep(free, journal.today) if lives or free == [whole] else None
        if part is not None and (not lives or part[1] > journal.today):
            journal.change(row, unit_id=journal.kept.pk, starts_on=part[0], ends_on=end_of(part))
            _say_part(journal, row.body, whole, part)
            moved += 1
        elif lives:
            journal.change(row, ends_on=max(journal.today, row.starts_on))
            journal.clashes.append(_("%(what)s：两边都在任，并入的一条今天结束。") % {"what": row.body})
    journal.count(_("机构任职"), moved)


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


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
    _say_shown(journal)
    _declined(journal)
    fill = {name: getattr(journal.gone, name) for name in FILLED if not getattr(journal.kept, name)}
    _say_filled(journal, [name for name, value in fill.items() if value])
    journal.change(journal.kept, **{name: value for name, value in fill.items() if value})
    have = set(journal.kept.tags.values_list("pk", flat=True))
    tags = [tag for tag in journal.gone.tags.order_by("pk") if tag.pk not in have]
    if tags:
        journal.clashes.append(_("标签补到保留的单位：%(tags)s。") % {"tags": _names(tags)})
    journal.add_tags([tag.pk for tag in tags])


def _say_shown(journal: Journal) -> None:
    """What the public reads now and will not: that is agreed to by the unit, and does not move."""
    kept, gone = journal.kept, journal.gone
    if NAME in gone.shown and NAME not in kept.shown:
        words = _("公开页：“%(gone)s”现在公开，保留的单位没有公开，合并后居民看不到。要公开，请单位同意。")
        journal.clashes.append(words % {"gone": gone})
    elif NAME in gone.shown:
        journal.clashes.append(_("公开页：“%(gone)s”的转到“%(kept)s”。") % {"gone": gone, "kept": kept})
        if lost := [part.label for part in Shown if part in gone.shown and part not in kept.shown]:
            words = _("公开展示：并入的单位公开着%(parts)s，保留的没有公开，合并后居民看不到。")
            journal.clashes.append(words % {"parts": _names(lost)})


def _say_filled(journal: Journal, filled: Sequence[str]) -> None:
    """What is taken over where the kept entry says nothing; an intro that gives way."""
    if filled:
        labels = [MemberUnit._meta.get_field(name).verbose_name for name in filled]  # type: ignore[union-attr]
        journal.clashes.append(_("保留的单位没填，用并入的：%(what)s。") % {"what": _names(labels)})
    if journal.gone.intro and journal.kept.intro and journal.gone.intro != journal.kept.intro:
        journal.clashes.append(_("简介：用保留的单位的，并入的一份不再显示。"))


def _names(things: Iterable[Any]) -> str:
    return str(_("、")).join(map(str, things))


def _declined(journal: Journal) -> None:
    """What the unit took back under either name it has taken back: it is shown no more, until it agrees again."""
    kept, no = journal.kept, {*journal.kept.declined, *journal.gone.declined}
    if no & kept.shown:
        journal.clashes.append(_("公开展示：并入的单位撤回过公开，合并后照撤回的办。要再公开，请单位同意。"))
    journal.change(
        kept,
        declined=sorted(no),
        is_public=kept.is_public and NAME not in no,
        shows=[part for part in kept.shows if part not in no or part not in kept.shown],
    )


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
