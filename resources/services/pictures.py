"""Photos of a resource: held while the form is filled in, looked at by the street like what is written."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from files.models import Attachment
from files.services import attach_held, attachments, attachments_of, drop_attached
from files.services import held as held_photos
from resources.models import Resource

OWNER = "resource"
MOST = 6


def photos_of(resource: Resource) -> list[Attachment]:
    """Its photos, the oldest first. Whoever may see the resource may see them."""
    return attachments(OWNER, str(resource.pk))


def photos_of_many(resources: Iterable[Resource]) -> dict[int, list[Attachment]]:
    """By resource: its photos, in one query."""
    found = attachments_of(OWNER, [str(row.pk) for row in resources])
    return {int(key): photos for key, photos in found.items()}


@transaction.atomic
def give_photos(resource: Resource, hold_key: str, drop: Iterable[UUID] = ()) -> bool:
    """``drop`` some of its photos and give it those the form held; whether anything changed.

    The caller holds the resource. Raises ``Invalid`` on ``photos`` beyond six.
    """
    mine = {photo.pk for photo in photos_of(resource)}
    gone = mine & set(drop)
    for pk in gone:
        drop_attached(OWNER, str(resource.pk), pk)
    fresh = len(held_photos(hold_key)) if hold_key else 0
    if len(mine) - len(gone) + fresh > MOST:
        raise Invalid({"photos": [_("照片最多%(n)d张。") % {"n": MOST}]})
    if fresh:
        attach_held(hold_key=hold_key, owner_kind=OWNER, owner_id=str(resource.pk), area_code=resource.area_id)
    return bool(fresh or gone)
