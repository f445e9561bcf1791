"""A unit writes its two lists: drafts are kept line by line; sent, what it gives goes to the street for the one
approval, what it needs waits to be taken up.

Locks: the unit's lists; behind them the lines. Whoever closes the round takes all lists after the round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from claims.querysets import seated_units
from members.models import Membership, MemberUnit
from needs.messages.lists import arrived
from needs.models import ListLine, ListRound, UnitLists
from needs.services.hands import first_handlers
from needs.services.list_offers import MOST_WHAT, offer, still_offered
from needs.services.list_units import settle
from needs.states.lists import LineState, ListSide, ListVerb, RoundState
from notifications.services import queue
from people.models import User
from resources.models import ResourceKind

MOST_SHORT, MOST_LINES, MOST_AMOUNT = 60, 60, 100_000
ALL = "all"
LEFT_OUT = (LineState.DRAFT, LineState.TAKEN_BACK)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One line as it was typed. ``kind`` is a key; ``amount`` None where nothing was, -1 for what is no number."""

    key: UUID
    side: str
    what: str = ""
    kind: str = ""
    amount: int | None = None
    whom: str = ""
    on_when: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.what.strip() or self.whom.strip() or self.on_when.strip() or self.amount)


def unit_in_round(*, round_pk: int, unit_id: int, by: User) -> tuple[ListRound, MemberUnit]:
    """The round and the unit for which ``by`` speaks in it. Raises ``NotFound``: no seat, or no member."""
    row = ListRound.objects.select_related("alliance").filter(pk=round_pk).first()
    unit = MemberUnit.objects.present().filter(pk=unit_id, pk__in=seated_units(by)).first()
    if row is None or unit is None:
        raise NotFound
    joined = Membership.objects.active().filter(alliance_id=row.alliance_id, unit=unit).exists()
    if not joined and not UnitLists.objects.filter(round=row, unit=unit).exists():
        raise NotFound
    return row, unit


@transaction.atomic
def fill_lists(
    *,
    round_pk: int,
    unit_id: int,
    by: User,
    lines: Sequence[Typed],
    version: int | None = None,
    send: str = "",
    nothing: bool = False,
) -> UnitLists:
    """Keep ``lines`` as the unit's drafts (those that are missing are thrown away); ``send`` them: ``all``, or the key
    of one. ``nothing``: this year the unit has nothing to write, and says so.

    The same lines again change nothing, whatever ``version`` they were written on: a second tap is one. What was sent
    is not written over. Raises ``NotFound``; ``RuleBroken`` (the round is closed, the unit takes a break);
    ``Conflict`` (a colleague wrote meanwhile); ``Invalid``, its fields named ``<key>.<field>``.
    """
    lists = _hold(round_pk, unit_id, by)
    there = {line.client_key: line for line in lists.lines.select_related("kind", "resource")}
    wanted = [_cleaned(line) for line in lines if not line.is_empty]
    changed = [one for one in wanted if _differs(one, there.get(one.key))]
    gone = [line for key, line in there.items() if _is_draft(line) and key not in {one.key for one in wanted}]
    if (changed or gone) and version is not None and version != lists.version:
        raise Conflict(_("同事刚改过这两张清单。您写的还在，请对一下再存。"))
    _keep(lists, by, there, changed, gone, len(wanted))
    drafts = [line for line in there.values() if _is_draft(line) and line not in gone]
    if send:
        _send(lists, by, [line for line in drafts if send in (ALL, str(line.client_key))], nothing=nothing)
    elif changed or gone:
        lists.move_to(ListVerb.SAVE, actor=by, changes={"saved_at": timezone.now()})
    return lists


def _hold(round_pk: int, unit_id: int, by: User) -> UnitLists:
    """The unit's lists, locked, in a round that is open. Made where the unit joined after it began."""
    row, unit = unit_in_round(round_pk=round_pk, unit_id=unit_id, by=by)
    found, _made = UnitLists.objects.get_or_create(round=row, unit=unit)
    lists: UnitLists = UnitLists.objects.locked(found.pk)
    if not ListRound.objects.filter(pk=row.pk, state=RoundState.OPEN).exists():
        raise RuleBroken(_("这一轮填报已经结束，不能再改。要补，请打电话给街道。"))
    if unit.is_suspended:
        raise RuleBroken(_("贵单位暂停参加，恢复以后再填。"))
    lists.round, lists.unit = row, unit
    return lists


def _is_draft(line: ListLine) -> bool:
    return line.state == LineState.DRAFT


def _cleaned(line: Typed) -> Typed:
    what, whom, on_when = (" ".join(clean(text).split()) for text in (line.what, line.whom, line.on_when))
    need = line.side == ListSide.NEED
    kind, amount = ("", None) if need else (clean(line.kind), line.amount)
    return Typed(key=line.key, side=line.side, what=what, kind=kind, amount=amount, whom=whom, on_when=on_when)


def _differs(line: Typed, there: ListLine | None) -> bool:
    """Whether ``line`` is new, or a draft written otherwise; what was sent stands, whatever comes with it."""
    if there is None:
        return True
    if not _is_draft(there) or there.resource_id is not None:
        return False
    now = (there.what, there.kind.key if there.kind else "", there.amount, there.whom, there.on_when)
    return now != (line.what, line.kind, line.amount, line.whom, line.on_when)


def _keep(
    lists: UnitLists,
    by: User,
    there: dict[UUID, ListLine],
    changed: Sequence[Typed],
    gone: Sequence[ListLine],
    number: int,
) -> None:
    """The drafts as they are now; ``there`` has them afterwards."""
    if number > MOST_LINES:
        raise Invalid({"": [_("一次最多写%(n)d条。") % {"n": MOST_LINES}]})
    new = [line.key for line in changed if line.key not in there]
    if ListLine.objects.filter(client_key__in=new).exists():
        raise Conflict(_("这一页是别的填报的，请重新打开再填。"))
    kinds = {kind.key: kind for kind in ResourceKind.objects.sorts()}
    errors: dict[str, list[Text]] = {}
    for line in changed:
        _check(line, kinds, errors)
    if errors:
        raise Invalid(errors)
    for line in changed:
        row = there.get(line.key) or ListLine(lists=lists, client_key=line.key, side=line.side)
        row.what, row.kind, row.amount, row.by = line.what, kinds.get(line.kind), line.amount, by
        row.whom, row.on_when = line.whom, line.on_when
        row.save()
        there[line.key] = row
    ListLine.objects.filter(pk__in=[line.pk for line in gone]).delete()


def _check(line: Typed, kinds: Mapping[str, ResourceKind], errors: dict[str, list[Text]]) -> None:
    """What a draft may not be: without a word, too long, no number, of a kind that is not there."""
    if not line.what:
        errors[f"{line.key}.what"] = [_("请写是什么。")]
    for name, most in (("what", MOST_WHAT), ("whom", MOST_SHORT), ("on_when", MOST_SHORT)):
        if len(getattr(line, name)) > most:
            errors[f"{line.key}.{name}"] = [_("请写在%(n)d字以内。") % {"n": most}]
    if line.amount is not None and not 1 <= line.amount <= MOST_AMOUNT:
        errors[f"{line.key}.amount"] = [_("请写一个数，比如30。")]
    if line.kind and line.kind not in kinds:
        errors[f"{line.key}.kind"] = [_("请选一个种类。")]


def _send(lists: UnitLists, by: User, lines: list[ListLine], *, nothing: bool) -> None:
    """``lines`` are the street's to look at from now on."""
    sent_before = lists.sent_at is not None
    if not lines:
        if sent_before:
            return  # a second tap
        if not nothing:
            raise Invalid({"nothing": [_("两张清单都还空着。今年确实没有，请勾上再提交。")]})
    errors: dict[str, list[Text]] = {}
    offered = {line.pk: offer(line, lists, by, errors) for line in lines if line.side == ListSide.GIVE}
    if errors:
        raise Invalid(errors)
    now = timezone.now()
    lists.move_to(ListVerb.SEND, actor=by, changes={"saved_at": now, "sent_at": lists.sent_at or now})
    for line in lines:
        line.lists = lists
        line.move_to(ListVerb.SEND, actor=by, changes={"sent_at": now, "resource": offered.get(line.pk)})
    settle(lists.round, lists)
    if any(line.side == ListSide.NEED for line in lines):
        people = first_handlers(lists.round.alliance.area)
        queue(arrived(lists), occurrence=f"lists {lists.pk} {lists.version}", users=people)


@transaction.atomic
def copy_last(*, round_pk: int, unit_id: int, by: User) -> int:
    """照去年的抄: what the unit sent in the round before becomes drafts of this one. Returns how many are new.

    What is still on the shelf stays one resource: the line leads to it. Twice adds nothing. Raises as ``fill_lists``.
    """
    lists = _hold(round_pk, unit_id, by)
    before = last_lists(lists.round, lists.unit)
    if before is None:
        return 0
    known = set(lists.lines.values_list("copied_from", flat=True))
    said = {(line.side, line.what) for line in lists.lines.all()}
    lines = before.lines.exclude(state__in=LEFT_OUT).select_related("resource", "kind").order_by("pk")
    copied = [_copy(line, lists, by) for line in lines if line.pk not in known and (line.side, line.what) not in said]
    ListLine.objects.bulk_create(copied)
    if copied:
        lists.move_to(ListVerb.SAVE, actor=by, changes={"saved_at": timezone.now()})
    return len(copied)


def _copy(line: ListLine, lists: UnitLists, by: User) -> ListLine:
    names = ("side", "what", "kind", "amount", "whom", "on_when")
    row = ListLine(lists=lists, by=by, copied_from=line, client_key=uuid4(), **{n: getattr(line, n) for n in names})
    row.resource = line.resource if still_offered(line.resource) else None
    return row


def last_lists(row: ListRound, unit: MemberUnit) -> UnitLists | None:
    """What the unit sent to the same alliance in the latest round before ``row``."""
    sent = UnitLists.objects.filter(round__alliance_id=row.alliance_id, round__year__lt=row.year, unit=unit)
    return sent.filter(sent_at__isnull=False).order_by("-round__year").first()


@transaction.atomic
def take_back_line(*, pk: int, by: User) -> ListLine:
    """收回 a need that nobody has taken up yet. Raises ``NotFound`` (not of one's units), ``RuleBroken``."""
    line: ListLine = ListLine.objects.filter(lists__unit__in=seated_units(by)).select_related("lists__round").locked(pk)
    if line.side != ListSide.NEED or line.workflow.find(line.state, ListVerb.TAKE_BACK) is None:
        raise RuleBroken(_("这一条现在是“%(state)s”，不能收回。") % {"state": line.get_state_display()})
    line.move_to(ListVerb.TAKE_BACK, actor=by)
    return line


def facts_of(line: ListLine) -> dict[str, Any]:
    """A line as plain values: for forms and the API."""
    return {
        "key": str(line.client_key),
        "side": line.side,
        "what": line.what,
        "kind": line.kind.key if line.kind else "",
        "amount": line.amount,
        "whom": line.whom,
        "on_when": line.on_when,
    }
