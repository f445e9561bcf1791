"""Who hears of an activity, and telling them."""

from __future__ import annotations

from collections.abc import Iterable

from alliance.lib.dates import kept_moment
from claims.services.people import by_daylight
from members.models import Liaison
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User
from people.services.accounts import holders
from volunteers.messages import activities as messages
from volunteers.models import Activity, SignUp, Slot
from volunteers.permissions.people import KEEPERS


def organisers(activity: Activity) -> list[User]:
    """The unit's liaisons; of an office's own whoever keeps it."""
    if activity.unit_id is None:
        return holders(KEEPERS, activity.area_id)
    seats = Liaison.objects.active().filter(unit_id=activity.unit_id).select_related("user")
    return [seat.user for seat in seats.order_by("is_second", "pk")]


def tell_keepers(activity: Activity, kind: type[MessageClass], *, but: User) -> None:
    users = [user for user in holders(KEEPERS, activity.area_id) if user.pk != but.pk]
    queue(messages.of_activity(kind, activity, at_desk=False), occurrence=_turn(activity), users=users)


def tell_organisers(activity: Activity, kind: type[MessageClass], *, but: User) -> None:
    users = [user for user in organisers(activity) if user.pk != but.pk]
    message = messages.of_activity(kind, activity, at_desk=activity.unit_id is not None)
    queue(message, occurrence=_turn(activity), users=users, not_before=by_daylight())


def tell_of_day(slot: Slot, kind: type[MessageClass], *, but: User | None, turn: str, **more: str) -> None:
    """The organisers of the day hear what became of it, once for this ``turn``."""
    activity = slot.activity
    users = [user for user in organisers(activity) if but is None or user.pk != but.pk]
    more = {"when": kept_moment(slot.starts), **more}
    message = messages.of_activity(kind, activity, at_desk=activity.unit_id is not None, **more)
    queue(message, occurrence=f"slot:{slot.pk}:{turn}", users=users, not_before=by_daylight())


def tell_comers(slot: Slot, kind: type[MessageClass], people: Iterable[User], *, turn: str) -> None:
    """Everybody of ``people`` who comes to ``slot``, once for this ``turn`` of it."""
    queue(messages.of_slot(kind, slot), occurrence=f"slot:{slot.pk}:{turn}", users=people)


def tell_person(signup: SignUp, kind: type[MessageClass], *, by_day: bool = True, **more: str) -> None:
    message = messages.of_signup(kind, signup, **more)
    at = by_daylight() if by_day else None
    queue(message, occurrence=f"signup:{signup.pk}:{signup.version}", users=[signup.person], not_before=at)


def _turn(activity: Activity) -> str:
    return f"activity:{activity.pk}:{activity.version}"
