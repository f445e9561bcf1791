"""What a person may do to a series, a meeting, a topic or an action item: derived from the tables of steps."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from claims.querysets import seated_units
from meetings.models import ActionItem, Invitee, Meeting, Series, Topic
from meetings.states import ACTION_WORKFLOW, MEETING_WORKFLOW, SERIES_WORKFLOW, TOPIC_WORKFLOW, Hand
from members.permissions import keeps_place
from members.states import REGISTER_ROLES
from people.states import COMMUNITY_ROLES, WORK_ROLES

KEEPERS = REGISTER_ROLES | COMMUNITY_ROLES
NOBODY: frozenset[Hand] = frozenset()


def _keeper(user: Any, area_code: str) -> frozenset[Hand]:
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    return frozenset({Hand.KEEPER}) if keeps_place(user, area_code) else NOBODY


def _of_class(user: Any) -> frozenset[str]:
    able = {"view"} if user.has_role(*WORK_ROLES) else set()
    return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)


def seated(user: Any, unit_id: int | None) -> bool:
    """Whether ``user`` speaks for the unit today."""
    return unit_id is not None and seated_units(user).filter(unit_id=unit_id).exists()


def series_abilities(user: Any, obj: Series | None = None) -> frozenset[str]:
    """Series: of a class, who looks at them in the workbench and sets them up."""
    if obj is None:
        return _of_class(user)
    return frozenset({*SERIES_WORKFLOW.verbs(obj.state, _keeper(user, obj.area_id)), "view"})


def speaks_as(user: Any, invitee: Invitee) -> bool:
    """Whether ``user`` answers for whoever was invited: is them, speaks for the unit, or keeps the office."""
    if invitee.user_id is not None:
        return bool(invitee.user_id == user.pk)
    if invitee.unit_id is not None:
        return seated(user, invitee.unit_id)
    return invitee.office_id is not None and keeps_place(user, invitee.office_id)


def meeting_hands(user: Any, meeting: Meeting) -> frozenset[Hand]:
    """What ``user`` is to the meeting."""
    found = set(_keeper(user, meeting.area_id))
    if getattr(user, "is_authenticated", False):
        rows = meeting.invitees.filter(dropped_at__isnull=True)
        own = rows.filter(Q(unit__in=seated_units(user)) | Q(user_id=user.pk))
        offices = rows.filter(office__isnull=False).values_list("office_id", flat=True)
        if own.exists() or any(keeps_place(user, code) for code in offices):
            found.add(Hand.INVITED)
    return frozenset(found)


def meeting_abilities(user: Any, obj: Meeting | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who looks at meetings in the workbench and plans them."""
    if obj is None:
        return _of_class(user)
    return frozenset({*MEETING_WORKFLOW.verbs(obj.state, meeting_hands(user, obj)), "view"})


def topic_abilities(user: Any, obj: Topic | None = None) -> frozenset[str]:
    """Topics: raised by anybody who works in the street and by its units; withdrawn by whoever raised them."""
    if obj is None:
        return _of_class(user) | ({"raise"} if user.has_role(*WORK_ROLES) else frozenset())
    hands = set(_keeper(user, obj.area_id))
    if obj.raised_by_id == user.pk or seated(user, obj.unit_id):
        hands.add(Hand.RAISER)
    return frozenset({*TOPIC_WORKFLOW.verbs(obj.state, hands), "view"})


def action_abilities(user: Any, obj: ActionItem | None = None) -> frozenset[str]:
    """Action items: kept by the office that met, reported on by the unit or office in whose hands they are."""
    if obj is None:
        return _of_class(user) - {"add"}
    hands = set(_keeper(user, obj.area_id))
    if seated(user, obj.unit_id) or (obj.office_id is not None and keeps_place(user, obj.office_id)):
        hands.add(Hand.DOER)
    return frozenset({*ACTION_WORKFLOW.verbs(obj.state, hands), "view"})
