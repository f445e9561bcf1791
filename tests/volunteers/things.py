"""Activities for tests: published, with a day ahead, and people who come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from people.models import Area, User
from tests.cast import Street, resident
from volunteers.models import Activity, Post, SignUp, Slot, Volunteer
from volunteers.services.activities import propose, publish_activity
from volunteers.services.party import Party
from volunteers.services.signing import sign_up
from volunteers.services.slots import Place, add_slot
from volunteers.states.people import VolunteerState

SAID: dict[str, Any] = {
    "kind": "trip",
    "title": "清厢之旅",
    "summary": "坐大巴去，馆里有讲解。",
    "place": "万寿桥党群服务中心门口",
    "contact": "社工小许",
    "phone": "0571-0000 0000",
}
_phones, _marks = count(13900000000), count(1)


def drafted(street: Street, **changes: Any) -> Activity:
    """An office's own draft."""
    return propose(client_key=uuid4(), by=street.worker, area=street.home.pk, **{**SAID, **changes})


def at(hours: float) -> datetime:
    """So many hours from now, on the minute."""
    return (timezone.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


def day(activity: Activity, by: User, *, starts: float = 48, hours: float = 3, posts: Iterable[Place] = ()) -> Slot:
    """A day of ``activity``, so many hours from now."""
    places = list(posts) or [Place(capacity=2)]
    begins = at(starts)
    ends = begins + timedelta(hours=hours)
    return add_slot(activity=activity.pk, by=by, version=None, starts=begins, ends=ends, posts=places)


def published(street: Street, *, capacity: int = 2, starts: float = 48, **changes: Any) -> tuple[Activity, Post]:
    """A published activity with one day and one post."""
    row = drafted(street, **changes)
    slot = day(row, street.worker, starts=starts, posts=[Place(capacity=capacity)])
    publish_activity(pk=row.pk, by=street.worker, version=None)
    return Activity.objects.get(pk=row.pk), slot.posts.get()


def comer(name: str = "孙大伯") -> User:
    """Somebody with a phone."""
    return resident(str(next(_phones)), name)


def joined(post: Post, by: User, **party: Any) -> SignUp:
    return sign_up(post=post.pk, by=by, client_key=uuid4(), party=Party(**party))


def volunteer(person: User, area: Area) -> Volunteer:
    """``person``, registered and approved."""
    return Volunteer.objects.create(
        number=f"YG-T-{next(_marks):05d}",
        client_key=uuid4(),
        user=person,
        area=area,
        name=person.name,
        state=VolunteerState.ACTIVE,
    )


def begun(post: Post, *, hours_ago: float = 4, lasted: float = 3) -> Slot:
    """The day of ``post`` as if time had passed: it began so long ago."""
    starts = at(-hours_ago)
    ends = starts + timedelta(hours=lasted)
    Slot.objects.filter(pk=post.slot_id).update(starts=starts, ends=ends)
    for row in SignUp.objects.filter(post__slot=post.slot_id):
        row.during = (starts, ends)
        row.save(update_fields=["during"])
    return Slot.objects.select_related("activity").get(pk=post.slot_id)
