"""Who hears of a meeting, a topic or an action item, and telling them."""

from __future__ import annotations

from collections.abc import Iterable

from claims.services.people import by_daylight
from meetings import messages
from meetings.models import ActionItem, Invitee, Meeting, Topic
from meetings.permissions import KEEPERS
from meetings.states import Coming
from members.models import Liaison
from notifications.messages import MessageClass
from notifications.services import card_url, make_card, queue
from people.models import User
from people.services.accounts import holders

CARD = "meetings.invitation"


def liaisons_of(unit_ids: Iterable[int]) -> list[User]:
    """Who speaks for the units today."""
    seats = Liaison.objects.active().filter(unit_id__in=set(unit_ids)).select_related("user")
    return list(dict.fromkeys(seat.user for seat in seats.order_by("is_second", "pk")))


def keepers(area_code: str) -> list[User]:
    """The office: of a community its staff, then the street's."""
    return holders(KEEPERS, area_code)


def outside(invitee: Invitee) -> list[User]:
    """Whom a link reaches: a unit's liaisons, a colleague; nobody of an office."""
    if invitee.unit_id is not None:
        return liaisons_of([invitee.unit_id])
    return [invitee.user] if invitee.user else []


def invite(invitee: Invitee, meeting: Meeting) -> None:
    """The invitation, with a link by which to answer; an office reads it in the workbench."""
    if invitee.office_id is not None:
        message = messages.of_meeting(messages.MeetingForOffice, meeting, url=messages.workbench(meeting))
        queue(message, occurrence=f"{invitee.subject}:{meeting.called_at}", users=keepers(invitee.office_id))
        return
    for user in outside(invitee):
        _card, token = make_card(
            kind=CARD,
            subject=invitee.subject,
            recipient=user,
            label=invitee.unit.name if invitee.unit else "",
            area_code=meeting.area_id,
            expires_at=meeting.ends,
        )
        link = card_url(token)
        message = messages.of_meeting(messages.MeetingCalled, meeting, url=messages.desk(meeting), link=link)
        occurrence = f"{invitee.subject}:{meeting.called_at}"
        queue(message, occurrence=occurrence, users=[user], not_before=by_daylight())


def tell_invited(meeting: Meeting, kind: type[MessageClass], *, all_of_them: bool = True) -> None:
    """Everybody invited (else without those who said that they stay away), once for this turn of the meeting."""
    rows = meeting.invitees.filter(dropped_at__isnull=True).select_related("unit", "user").order_by("pk")
    if not all_of_them:
        rows = rows.exclude(answer=Coming.STAYS_AWAY)
    every = list(rows)
    units = [row.unit_id for row in every if row.unit_id is not None]
    guests = [*liaisons_of(units), *(row.user for row in every if row.user)]
    offices = [user for row in every if row.office_id for user in keepers(row.office_id)]
    turn = f"{meeting.subject}:{meeting.version}"
    people = {user.pk: user for user in guests}
    message = messages.of_meeting(kind, meeting, url=messages.desk(meeting))
    queue(message, occurrence=turn, users=people.values(), not_before=by_daylight())
    staff = [user for user in offices if user.pk not in people]
    queue(messages.of_meeting(kind, meeting, url=messages.workbench(meeting)), occurrence=turn, users=staff)


def tell_keepers(meeting: Meeting, kind: type[MessageClass], *, turn: str) -> None:
    message = messages.of_meeting(kind, meeting, url=messages.workbench(meeting))
    queue(message, occurrence=f"{meeting.subject}:{turn}", users=keepers(meeting.area_id))


def tell_raiser(topic: Topic, kind: type[MessageClass], also: Iterable[User] = ()) -> None:
    """Whoever raised it; of a unit, whoever speaks for it today; and ``also``."""
    own = liaisons_of([topic.unit_id]) if topic.unit_id is not None else [topic.raised_by]
    people = {user.pk: user for user in (*own, *also)}
    url = messages.desk(topic) if topic.unit_id is not None else messages.workbench(topic)
    message = messages.of_topic(kind, topic, url=url)
    queue(message, occurrence=f"{topic.subject}:{topic.version}", users=people.values(), not_before=by_daylight())


def tell_doer(action: ActionItem, kind: type[MessageClass]) -> None:
    """The unit or office in whose hands it is."""
    turn = f"{action.subject}:{action.version}:{action.due_on}"
    if action.unit_id is not None:
        message = messages.of_action(kind, action, url=messages.desk(action))
        queue(message, occurrence=turn, users=liaisons_of([action.unit_id]), not_before=by_daylight())
    elif action.office_id is not None:
        message = messages.of_action(kind, action, url=messages.workbench(action))
        queue(message, occurrence=turn, users=keepers(action.office_id))


def tell_office(action: ActionItem, kind: type[MessageClass]) -> None:
    """The office that met."""
    message = messages.of_action(kind, action, url=messages.workbench(action))
    turn = f"{action.subject}:{action.version}:{action.due_on}"
    queue(message, occurrence=turn, users=keepers(action.area_id))
