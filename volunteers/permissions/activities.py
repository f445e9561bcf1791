"""What a person may do to an activity, a sign-up or somebody's hours: derived from the tables of steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.querysets import seated_units
from members.permissions import keeps_place
from people.states import WORK_ROLES
from volunteers.models import Activity, DayPhoto, SignUp
from volunteers.permissions.people import KEEPERS
from volunteers.states import (
    ACTIVITY_WORKFLOW,
    SAID_WITHIN,
    SIGNUP_WORKFLOW,
    ActivityState,
    ActivityVerb,
    Hand,
    SignUpState,
    SignUpVerb,
    Who,
)


def organises(user: Any, activity: Activity) -> bool:
    """Whether ``user`` speaks for whoever organises it: the unit's liaisons, unless it is suspended; of an office's
    own those who keep it."""
    if not getattr(user, "is_authenticated", False):
        return False
    if activity.unit_id is not None:
        return seated_units(user).filter(unit_id=activity.unit_id, unit__suspended_at__isnull=True).exists()
    return keeps_place(user, activity.area_id)


def hands(user: Any, activity: Activity) -> frozenset[Hand]:
    """What ``user`` is to the activity."""
    found = set()
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    if organises(user, activity):
        found.add(Hand.ORGANISER)
    if keeps_place(user, activity.area_id):
        found.add(Hand.KEEPER)
    return frozenset(found)


def activity_abilities(user: Any, obj: Activity | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who looks at activities in the workbench and drafts them.

    Nobody approves what they proposed.
    """
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)
    verbs = set(ACTIVITY_WORKFLOW.verbs(obj.state, hands(user, obj)))
    if obj.unit_id is not None and obj.state == ActivityState.DRAFT:
        verbs -= {ActivityVerb.PUBLISH}
    if obj.unit_id is None:
        verbs -= {ActivityVerb.SEND}
    if obj.proposed_by_id == user.pk and obj.unit_id is not None:
        verbs -= {ActivityVerb.APPROVE}
    return frozenset({*verbs, "view"})


def runs(user: Any, activity: Activity) -> bool:
    """Whether ``user`` notes on the day who is there."""
    return bool(hands(user, activity))


def signup_whos(user: Any, signup: SignUp, known: frozenset[Hand] | None = None) -> frozenset[Who]:
    """What ``user`` is to the sign-up; ``known``: to its activity, where a page asks for many.

    Whoever it is about is that and nothing more: a second person notes.
    """
    if signup.person_id == user.pk:
        return frozenset({Who.PERSON})
    mine = hands(user, signup.post.slot.activity) if known is None else known
    found = {Hand.ORGANISER: Who.ORGANISER, Hand.KEEPER: Who.KEEPER}
    return frozenset(found[hand] for hand in mine if hand in found)


def signup_abilities(user: Any, obj: SignUp, known: frozenset[Hand] | None = None) -> frozenset[str]:
    """Verbs open to ``user``. An appeal is answered once, and never by the person. Whoever signed up themselves answers
    themselves; for whom an office entered, the office may too.
    """
    verbs = set(SIGNUP_WORKFLOW.verbs(obj.state, signup_whos(user, obj, known)))
    if user.pk != obj.person_id and obj.by_id == obj.person_id:
        verbs -= {SignUpVerb.ACCEPT, SignUpVerb.CANCEL}
    if obj.appeal:
        verbs -= {SignUpVerb.APPEAL}
    if obj.appeal != "asked":
        verbs -= {SignUpVerb.UPHOLD, SignUpVerb.EXCUSE}
    return frozenset(verbs)


def there_lately(obj: SignUp, now: datetime) -> bool:
    """Whether the person was there, the day is over, and ``SAID_WITHIN`` is not."""
    ends = obj.post.slot.ends
    return bool(obj.state == SignUpState.ATTENDED and ends <= now <= ends + SAID_WITHIN)


def may_say(user: Any, obj: SignUp, now: datetime) -> bool:
    """Whether ``user`` may say how it was, or say it anew: nobody but the person."""
    return obj.person_id == user.pk and there_lately(obj, now)


def may_look(user: Any, obj: DayPhoto) -> bool:
    """Whether ``user`` is the second person who looks at a picture: another than whoever said who is on it."""
    return obj.looked_at is None and obj.noted_by_id != user.pk and runs(user, obj.slot.activity)
