"""The rooms a hall is made of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from people.models import User
from resources.models import Hold, Part, Resource
from resources.reach import with_wholes
from resources.services.hours import leaves
from resources.services.offering import hold
from resources.states import Form, ResourceState, ResourceVerb

MOST_PARTS = 20
PARTS_LOCK = 7265601
"""First half of the advisory lock under which a street's halls are put together; the second is its code."""


@transaction.atomic
def set_parts(*, pk: int, by: User, version: int | None, parts: Iterable[int]) -> Resource:
    """Of which rooms the space ``pk`` is made; who books it books them all. None: it is a room by itself.

    In one street one at a time: two that share no room could close a ring together. Then locks everything concerned in
    the order of keys. Raises as ``offering.hold``; ``Invalid`` on ``parts`` (not a space
    of the same giver and community, one that is itself made of this); ``RuleBroken`` while one of them is booked.
    """
    wanted = sorted(set(parts))
    _hold_parts_of(Resource.objects.filter(pk=pk).values_list("street_code", flat=True).first() or "")
    before = list(Part.objects.filter(whole_id=pk).values_list("part_id", flat=True))
    every = {pk, *wanted, *before}
    list(Resource.objects.filter(pk__in=every).order_by("pk").select_for_update(of=("self",), no_key=True))
    row = hold(pk, by, ResourceVerb.EDIT, version)
    if wanted != sorted(Part.objects.filter(whole=row).values_list("part_id", flat=True)):
        _check(row, wanted)
        if Hold.objects.filter(resource__in={*every, *leaves(row)}, live=True).exists():
            raise RuleBroken(_("这些房间还有没用完的预约，请用完或收回以后再改。"))
        Part.objects.filter(whole=row).delete()
        Part.objects.bulk_create(Part(whole=row, part_id=key) for key in wanted)
    row.move_to(ResourceVerb.EDIT, actor=by, changes={})
    return row


def _hold_parts_of(street: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PARTS_LOCK, street])


def could_be_parts(resource: Resource) -> list[Resource]:
    """Rooms of which ``resource`` may be made: other spaces of the same giver in the same community, none that is made
    of it. What was stopped is no longer chosen, but stays where it is chosen already.
    """
    rows = Resource.objects.filter(area=resource.area_id, unit=resource.unit_id, kind__form=Form.SPACE)
    mine = Part.objects.filter(whole=resource).values("part")
    rows = rows.filter(~Q(state=ResourceState.STOPPED) | Q(pk__in=mine))
    return list(rows.exclude(pk__in=with_wholes([resource.pk])).order_by("name", "pk"))


def _check(row: Resource, wanted: list[int]) -> None:
    if row.kind.form != Form.SPACE and wanted:
        raise Invalid({"parts": [_("只有场地才能由几间合成。")]})
    known = {room.pk for room in could_be_parts(row)}
    if len(wanted) > MOST_PARTS or not set(wanted) <= known:
        raise Invalid({"parts": [_("请从同一处、同一方提供的场地里选，最多%(n)d间。") % {"n": MOST_PARTS}]})
