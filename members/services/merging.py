"""Two rows of one unit are made one: shown before, done in one transaction, taken back where nothing was touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.registry import contributions
from audit.services import record
from audit.states import Action
from members.models import MemberUnit, UnitMerge
from members.permissions import merge_abilities
from members.services.journal import Entry, Journal, take_back
from members.services.merge_moves import MOVES
from members.services.merge_rights import rights_back, rights_moved
from people.models import User

ALREADY = _("这两个单位里有一个已经并入别的单位，请刷新看看。")


@dataclass(frozen=True)
class Preview:
    """What a merge would do. ``seen`` goes with the answer: something else than shown is not done."""

    kept: MemberUnit
    gone: MemberUnit
    lines: Sequence[tuple[Text, int]]
    clashes: Sequence[Text]
    seen: str


def preview_merge(*, kept_id: int, gone_id: int, by: User) -> Preview:
    """What would move from the one to the other. Writes nothing. Raises as ``merge_units``."""
    found = {unit.pk: unit for unit in MemberUnit.objects.known_to(by).filter(pk__in=[kept_id, gone_id])}
    kept, gone = _checked(found, kept_id, gone_id, by)
    journal = _moved(Journal(kept, gone, timezone.localdate(), dry=True))
    return Preview(kept, gone, journal.lines, journal.clashes, journal.digest())


@transaction.atomic
def merge_units(*, kept_id: int, gone_id: int, by: User, seen: str | None = None) -> UnitMerge:
    """Everything of ``gone_id`` is ``kept_id``'s from now on; its row stays and leads there.

    ``seen`` is the digest of the preview; None: a script that needs none. Raises ``NotFound``, ``NotAllowed`` (one of
    them is another street's to keep), ``RuleBroken`` (merged already, the same unit, two different codes) and
    ``Conflict`` (something has changed since the preview).
    """
    kept, gone = _checked(hold_units(kept_id, gone_id, by), kept_id, gone_id, by)
    journal = _moved(Journal(kept, gone, timezone.localdate()))
    if seen is not None and seen != journal.digest():
        raise Conflict
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    merge = UnitMerge.objects.create(kept=kept, gone=gone, by=by, moved={"entries": journal.entries})
    _record(Action.UNITS_MERGED, merge, by)
    rights_moved(merge, by)
    return merge


@transaction.atomic
def undo_merge(*, pk: int, by: User) -> tuple[UnitMerge, list[Entry]]:
    """The gone unit stands again, with everything of it that nobody has changed since; returns what stays.

    Raises ``NotFound``, ``NotAllowed``, ``RuleBroken`` (undone already, or the kept unit was merged on since).
    """
    merge = UnitMerge.objects.filter(pk=pk).first()
    if merge is None:
        raise NotFound
    found = hold_units(merge.kept_id, merge.gone_id, by)
    if len(found) < 2:
        raise NotFound
    kept, gone = found[merge.kept_id], found[merge.gone_id]
    if "merge" not in merge_abilities(by, kept, gone):
        raise NotAllowed
    merge = UnitMerge.objects.select_for_update(of=("self",)).get(pk=pk)
    if merge.undone_at is not None:
        raise RuleBroken(_("这次合并已经撤销了。"))
    if gone.merged_into_id != kept.pk or kept.merged_into_id is not None:
        raise RuleBroken(_("后来又合并过，请先撤销后面的一次。"))
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    stays = take_back(merge.moved["entries"])
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.moved = {**merge.moved, "stays": stays}
    merge.save(update_fields=["undone_at", "undone_by", "moved"])
    _record(Action.MERGE_UNDONE, merge, by)
    rights_back(merge, [entry for entry in merge.moved["entries"] if entry not in stays], by)
    return merge, stays


def hold_units(first: int, second: int, by: User) -> dict[int, MemberUnit]:
    """Both rows locked by key. Fully: what others write for them meanwhile waits, and then meets the trigger."""
    rows = MemberUnit.objects.known_to(by).filter(pk__in=[first, second]).order_by("pk")
    return {unit.pk: unit for unit in rows.select_for_update(of=("self",))}


def known_as(unit_id: int) -> list[int]:
    """The unit and those merged into it: history names units by the key they had."""
    return [unit_id, *MemberUnit.objects.filter(merged_into=unit_id).values_list("pk", flat=True)]


def leads_to(unit_id: int, by: User | None = None) -> int | None:
    """The unit into which ``unit_id`` was merged, for whoever knows it (None: everybody); None if it is in force."""
    rows = MemberUnit.objects.all() if by is None else MemberUnit.objects.known_to(by)
    merged = rows.filter(pk=unit_id, merged_into__isnull=False).values_list("merged_into", flat=True)
    found: int | None = merged.first()
    return found


def _checked(found: dict[int, MemberUnit], kept_id: int, gone_id: int, by: User) -> tuple[MemberUnit, MemberUnit]:
    if kept_id == gone_id:
        raise RuleBroken(_("请选两个不同的单位。"))
    if len(found) < 2:
        raise NotFound
    kept, gone = found[kept_id], found[gone_id]
    if "merge" not in merge_abilities(by, kept, gone):
        raise NotAllowed(_("两个单位都由您所在的街道登记，才能合并。"))
    if kept.merged_into_id or gone.merged_into_id:
        raise RuleBroken(ALREADY)
    if kept.uscc and gone.uscc:
        raise RuleBroken(_("两个单位的统一社会信用代码不同，是两个单位。代码填错了的，请先改对。"))
    return kept, gone


def _moved(journal: Journal) -> Journal:
    """The register's own rows, then what apps above add (``unit.merge``: journal → None), lower ones first."""
    for move in [*MOVES, *contributions("unit.merge")]:
        move(journal)
    return journal


def _record(action: Action, merge: UnitMerge, by: User) -> None:
    params = {"kept": merge.kept_id, "gone": merge.gone_id}
    record(action, actor=by, subject=str(merge.gone)[:80], area_code=merge.kept.area_id, params=params)
