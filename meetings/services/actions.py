"""What was resolved, until it is done: set, changed, reported on, 销号, opened again.

Locks: the meeting, the action item, the need it goes back to, dues last (docs/locking.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, RuleBroken, constraint_of
from meetings import messages
from meetings.models import ActionItem, Meeting, Topic
from meetings.services.agenda import point_of
from meetings.services.checked import office_in, unit_in, words
from meetings.services.dues import follow_action
from meetings.services.held import hold
from meetings.services.telling import tell_doer, tell_office
from meetings.services.topics import tell_resident
from meetings.states import ActionVerb, MeetingVerb, TopicState
from members.models import MemberUnit
from people.models import Area, User

MOST_WHAT, MOST_SAID = 100, 300
FAR = timedelta(days=730)
ASK = _("请写要办什么，例如：公示1到9月公共收益。")


def set_action(
    *,
    client_key: UUID,
    meeting: int,
    by: User,
    version: int | None,
    what: str,
    due_on: date,
    unit: int | None = None,
    office: str = "",
    item: int | None = None,
) -> ActionItem:
    """转行动项: one unit or one office, one day; a second tap finds the first.

    Raises as ``hold``; ``Invalid`` by field (a unit that is not in the alliance any more, a day that is past),
    ``NotFound`` (no such point), ``Conflict``.
    """
    first = _already(client_key, by)
    if first is not None:
        return first
    try:
        with transaction.atomic():
            row = hold(Meeting, meeting, by, MeetingVerb.RESULT, version)
            host, place = _doer(row.area_id, unit, office)
            action = ActionItem.objects.create(
                client_key=client_key,
                meeting=row,
                item=point_of(row, item) if item is not None else None,
                area=row.area,
                what=words(what, "what", ASK, MOST_WHAT),
                unit=host,
                office=place,
                due_on=_day(due_on),
                first_due_on=due_on,
                set_by=by,
            )
            action.write_event(verb=ActionVerb.SET, actor=by, source="", target=action.state, note="")
            row.note(MeetingVerb.RESULT, actor=by, params={"action": action.pk})
            follow_action(action)
            tell_doer(action, messages.ActionSet)
    except IntegrityError as error:
        first = _already(client_key, by) if constraint_of(error) == "action_client_key_once" else None
        if first is None:
            raise
        return first
    action.just_made = True
    return action


def _already(key: UUID, by: User) -> ActionItem | None:
    row = ActionItem.objects.filter(client_key=key).first()
    if row is not None and row.set_by_id != by.pk:
        raise Conflict
    return row


def _doer(area_code: str, unit: int | None, office: str) -> tuple[MemberUnit | None, Area | None]:
    """Raises ``Invalid`` on ``unit`` or ``office``."""
    if bool(unit) == bool(office):
        raise Invalid({"unit": [_("请选一家责任单位，或者一个街道社区，只选一个。")]})
    return unit_in(area_code, unit or None), office_in(area_code, office)


def _day(due_on: date) -> date:
    today = timezone.localdate()
    if not today <= due_on <= today + FAR:
        raise Invalid({"due_on": [_("请选今天以后、两年以内的一天。")]})
    return due_on


@transaction.atomic
def edit_action(
    *, pk: int, by: User, version: int | None, why: str, due_on: date, unit: int | None = None, office: str = ""
) -> ActionItem:
    """另定期限, or put it into other hands, with words why; the day first resolved stays.

    Raises as ``hold``; ``Invalid`` by field.
    """
    row = hold(ActionItem, pk, by, ActionVerb.EDIT, version)
    text = words(why, "why", _("请写一句为什么改。"), 200)
    changes = {"due_on": row.due_on if due_on == row.due_on else _day(due_on)}
    kept = row.unit_id is not None and unit == row.unit_id and not office
    host, place = (row.unit, None) if kept else _doer(row.area_id, unit, office)
    others = (host, place) != (row.unit, row.office)
    params = {"due_on": row.due_on.isoformat(), "doer": row.doer}
    row.move_to(ActionVerb.EDIT, actor=by, note=text, changes={**changes, "unit": host, "office": place}, params=params)
    follow_action(row)
    if others:
        tell_doer(row, messages.ActionSet)
    return row


@transaction.atomic
def report_action(*, pk: int, by: User, version: int | None, said: str) -> ActionItem:
    """报办理情况, by whoever has it in hand; the office is told and looks. Raises as ``hold``; ``Invalid``."""
    row = hold(ActionItem, pk, by, ActionVerb.REPORT, version)
    text = words(said, "said", _("请写办得怎么样了。"), MOST_SAID)
    row.move_to(ActionVerb.REPORT, actor=by, note=text, changes={"said": text, "said_at": timezone.now()})
    tell_office(row, messages.ActionReported)
    return row


@transaction.atomic
def clear_action(*, pk: int, by: User, version: int | None, how: str = "", done_on: date | None = None) -> ActionItem:
    """销号. ``how``: what was done, unless whoever had it in hand has said so. Raises as ``hold``; ``Invalid``."""
    row = hold(ActionItem, pk, by, ActionVerb.CLEAR, version)
    text = words(how or row.said, "how", _("请写办成了什么。"), MOST_SAID)
    day = done_on or timezone.localdate()
    if not timezone.localdate(row.meeting.starts) <= day <= timezone.localdate():
        raise Invalid({"done_on": [_("请选开会以后、今天以前的一天。")]})
    row.move_to(ActionVerb.CLEAR, actor=by, note=text, changes={"done_on": day, "said": text})
    follow_action(row)
    topic = topic_of(row)
    if topic is not None:
        tell_resident(topic, by=by, words=text, done=True)
    return row


def topic_of(row: ActionItem) -> Topic | None:
    """The topic it was resolved about, if that was answered."""
    kind, _sep, key = row.item.subject.partition(":") if row.item is not None else ("", "", "")
    rows = Topic.objects.filter(state=TopicState.ANSWERED).select_related("meeting")
    return rows.filter(pk=int(key)).first() if kind == "topic" else None


@transaction.atomic
def reopen_action(*, pk: int, by: User, version: int | None, why: str, due_on: date) -> ActionItem:
    """重办, with words and another day. Raises as ``hold``; ``Invalid``; ``RuleBroken`` (its unit has left)."""
    row = hold(ActionItem, pk, by, ActionVerb.REOPEN, version)
    text = words(why, "why", _("请写一句为什么重办。"), 200)
    try:
        unit_in(row.area_id, row.unit_id)
    except Invalid:
        raise RuleBroken(_("%(unit)s已不在联盟里，请另立一项。") % {"unit": row.doer}) from None
    changes = {"done_on": None, "due_on": _day(due_on)}
    row.move_to(ActionVerb.REOPEN, actor=by, note=text, changes=changes)
    follow_action(row)
    tell_doer(row, messages.ActionSet)
    return row
