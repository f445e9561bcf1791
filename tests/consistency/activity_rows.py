"""Rows of the world about activities: one that is published, its day, what there is to do, and who comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from files.models import Attachment
from files.services import hold_own
from members.models import MemberUnit
from people.models import User
from tests.cast import Street, fresh
from tests.files.pictures import photo, upload
from volunteers.models import Activity, DayPhoto
from volunteers.services.activities import propose, publish_activity
from volunteers.services.photos import OWNER
from volunteers.services.proposing import propose_with_day
from volunteers.services.signing import sign_up
from volunteers.services.slots import Place, add_slot

SHOT = UUID(int=7)


def coming(here: Street, who: User) -> dict[str, Any]:
    """A trip of 万寿桥社区 in two days, to which the resident comes."""
    row = propose(
        client_key=uuid4(),
        by=here.worker,
        area=here.home.pk,
        kind="trip",
        title="清厢之旅",
        summary="坐大巴去，馆里有讲解。",
        place="万寿桥党群服务中心门口",
        contact="社工小许",
        phone="0571-0000 0000",
    )
    starts = (timezone.localtime() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    places = [Place(capacity=40)]
    ends = starts + timedelta(hours=3)
    slot = add_slot(activity=row.pk, by=here.worker, version=None, starts=starts, ends=ends, posts=places)
    publish_activity(pk=row.pk, by=here.worker, version=None)
    post = slot.posts.get()
    held = hold_own(upload(photo(colour="olive")), key=SHOT, user=here.worker)
    Attachment.objects.filter(pk=held.pk).update(hold_key="", owner_kind=OWNER, owner_id=str(slot.pk))
    return {
        "volunteers/photo": DayPhoto.objects.create(slot=slot, file_id=held.pk, nobody=True, noted_by=here.worker),
        "volunteers/activity": Activity.objects.get(pk=row.pk),
        "volunteers/slot": slot,
        "volunteers/post": post,
        "volunteers/signup": sign_up(post=post.pk, by=who, client_key=uuid4()),
    }


def proposed(here: Street) -> dict[str, Any]:
    """What the street's unit proposes, waiting for a yes."""
    unit = MemberUnit.objects.filter(area=here.street).earliest("pk")
    starts = (timezone.localtime() + timedelta(days=4)).replace(hour=14, minute=0, second=0, microsecond=0)
    row = propose_with_day(
        client_key=uuid4(),
        by=fresh(here.liaison),
        unit=unit,
        starts=starts,
        ends=starts + timedelta(hours=2),
        capacity=30,
        title="急救课",
        place="中医院三楼",
        contact="党办",
        phone="0571-0000 0000",
    )
    return {"volunteers/proposed": row}
