"""A resource from the offer to the shelf: units offer, the street approves; what an approver enters stands at once.

Locks: the resource; then its bookings and their holds (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number
from resources import messages
from resources.models import Resource
from resources.permissions import approves, commands, gives, is_emergency, keeps, resource_abilities, speaks_for
from resources.services import calling_off, pictures
from resources.services.fields import LOOKED_AT, checked, differing, searchable
from resources.services.hours import own_spans, set_hours
from resources.services.people import tell_approvers, tell_givers
from resources.states import ResourceState, ResourceVerb

NUMBER_KIND = "ZY"
MOST_WORDS = 200


class ResourceFields(TypedDict, total=False):
    """What is typed of a resource. Areas and the station are keys; ``aliases`` is a list."""

    kind: str
    serves: str
    within: int | None
    name: str
    aliases: list[str]
    words: str
    conditions: str
    address: str
    floor: str
    phone: str
    capacity: int | None
    quantity: int
    for_units: bool
    for_people: bool
    asks_first: bool
    buffer_minutes: int
    longest_minutes: int
    ahead_days: int
    cancel_hours: int
    most_a_month: int | None
    emergency: bool
    until: NotRequired[date | None]
    is_public: bool


def offer_resource(
    *,
    client_key: UUID,
    by: User,
    area: str,
    unit: int | None = None,
    hold_key: str = "",
    **typed: Unpack[ResourceFields],
) -> Resource:
    """提供资源: by a liaison for ``unit``, by staff of ``area`` for the unit or for the office itself.

    ``hold_key``: the draft that holds its photos. A second tap with the same ``client_key`` finds the first. Usable at
    once where the person approves in that street, else it waits for the street (待我审批).

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``, ``RuleBroken`` (the unit is suspended), ``Conflict`` (the key was
    used for another one).
    """
    place = _place(area)
    giver = _giver(unit, place, by)
    found = checked(typed, place)
    first = _already(client_key, by, place, giver, found["name"])
    if first is not None:
        return first
    try:
        with transaction.atomic():
            row = _store(client_key, by, place, giver, found)
            pictures.give_photos(row, hold_key)
            return row
    except IntegrityError:
        first = _already(client_key, by, place, giver, found["name"])
        if first is None:
            raise
        return first


def _place(code: str) -> Area:
    place = Area.objects.served().filter(pk=clean(code)).first()
    if place is None or len(place.pk) < STREET_LENGTH:
        raise Invalid({"area": [_("请选一个街道或社区。")]})
    return place


def _giver(pk: int | None, place: Area, by: User) -> MemberUnit | None:
    """The unit that gives, if ``by`` may offer for it there. Raises ``NotFound``, ``NotAllowed``, ``RuleBroken``."""
    if pk is None:
        if not keeps(by, place.pk):
            raise NotAllowed
        return None
    unit = MemberUnit.objects.visible_to(by).members_in(place.pk[:STREET_LENGTH]).filter(pk=pk).first()
    if unit is None:
        raise NotFound
    if not (speaks_for(by, unit.pk) or keeps(by, place.pk)):
        raise NotAllowed
    if unit.is_suspended:
        raise RuleBroken(_("这个单位暂停了，恢复以后才能提供资源。"))
    return unit


def _already(key: UUID, by: User, place: Area, unit: MemberUnit | None, name: str) -> Resource | None:
    row = Resource.objects.filter(client_key=key).first()
    asked = (by.pk, place.pk, unit.pk if unit else None, name)
    if row and (row.offered_by_id, row.area_id, row.unit_id, row.name) != asked:
        raise Conflict(_("这一件已经登记过了。要再登记一件，请重新打开登记页面。"))
    return row


def _store(key: UUID, by: User, place: Area, unit: MemberUnit | None, found: dict[str, Any]) -> Resource:
    street = Area.objects.get(pk=place.pk[:STREET_LENGTH])
    at_once, now = approves(by, street.pk), timezone.now()
    row = Resource(client_key=key, area=place, unit=unit, offered_by=by, offered_at=now, **found)
    row.number = next_number(NUMBER_KIND, street, timezone.localdate())
    row.state = ResourceState.USABLE if at_once else ResourceState.TO_APPROVE
    row.waiting_since = None if at_once else now
    if at_once:
        row.decided_by, row.decided_at = by, now
    row.search_text = searchable(row)
    row.save(force_insert=True)
    row.refresh_from_db(fields=("street_code",))
    row.write_event(verb=ResourceVerb.OFFER, actor=by, source="", target=row.state, note="")
    if not at_once:
        tell_approvers(row, messages.ResourceToApprove)
    row.just_made = True
    return row


def hold(pk: int, by: User, verb: str, version: int | None) -> Resource:
    """The resource locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``, ``NotAllowed``."""
    row: Resource = Resource.objects.visible_to(by).locked(pk)
    row.require_version(version)
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这一件现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in resource_abilities(by, row):
        raise NotAllowed
    return row


@transaction.atomic
def edit_resource(
    *,
    pk: int,
    by: User,
    version: int | None,
    hold_key: str = "",
    drop_photos: Iterable[UUID] = (),
    **typed: Unpack[ResourceFields],
) -> Resource:
    """Change what is offered. What the public reads (photos too) goes back to the street, unless whoever changes it
    approves there.

    Raises as ``hold`` and ``offer_resource``; ``RuleBroken`` too if the quantity falls below what is promised, the
    offer would end before it, or the kind changes while it is booked.
    """
    row = hold(pk, by, ResourceVerb.EDIT, version)
    found = checked({**_now(row), **typed}, row.area, row=row)
    story = differing(row, found)
    changed = {name: found[name] for name in story}
    calling_off.require_room(row, changed)
    if "emergency" in changed and is_emergency(row.area_id) and not commands(by, row.street_code):
        raise RuleBroken(_("现在是战时，哪些可以调用由党建办和分管领导改。"))
    if pictures.give_photos(row, hold_key, drop_photos):
        story["photos"] = []
    seen = bool({*LOOKED_AT, "photos"} & story.keys())
    again = row.state == ResourceState.USABLE and seen and not approves(by, row.street_code)
    verb = ResourceVerb.ASK_AGAIN if again else ResourceVerb.EDIT
    if again:
        changed["waiting_since"] = timezone.now()
    for name, value in changed.items():
        setattr(row, name, value)
    kept = {**changed, "search_text": searchable(row), "search": None}
    row.move_to(verb, actor=by, changes=kept, story=story)
    if again:
        tell_approvers(row, messages.ResourceToApprove)
    return row


@transaction.atomic
def change_hours(*, pk: int, by: User, version: int | None, spans: Iterable[tuple[int, int, int]]) -> Resource:
    """The hours of the week, as ``set_hours``. What is booked stands, and nobody looks at it again.

    Raises as ``hold`` and ``set_hours``.
    """
    row = hold(pk, by, ResourceVerb.EDIT, version)
    before = own_spans(row)
    set_hours(row, spans)
    after = own_spans(row)
    row.move_to(ResourceVerb.EDIT, actor=by, story={"hours": [before, after]} if before != after else {})
    return row


def _now(row: Resource) -> ResourceFields:
    """As it stands, in the shape in which it is typed."""
    names = ResourceFields.__annotations__
    kept: Any = {name: getattr(row, name) for name in names if name not in {"kind", "serves", "within"}}
    return {**kept, "kind": row.kind.key, "serves": row.serves_id, "within": row.within_id}


@transaction.atomic
def ask_again(*, pk: int, by: User, version: int | None) -> Resource:
    """重新送审, after it was refused or stopped. Raises as ``hold``."""
    row = hold(pk, by, ResourceVerb.ASK_AGAIN, version)
    row.move_to(ResourceVerb.ASK_AGAIN, actor=by, changes={"waiting_since": timezone.now(), "stopped_why": ""})
    tell_approvers(row, messages.ResourceToApprove)
    return row


@transaction.atomic
def approve_resource(*, pk: int, by: User, version: int | None) -> Resource:
    """通过: others may see and book it. Raises as ``hold``."""
    row = hold(pk, by, ResourceVerb.APPROVE, version)
    changes = {"waiting_since": None, "decided_by": by, "decided_at": timezone.now()}
    row.move_to(ResourceVerb.APPROVE, actor=by, changes=changes)
    tell_givers(row, messages.ResourceApproved, but=by)
    return row


@transaction.atomic
def refuse_resource(*, pk: int, by: User, version: int | None, words: str) -> Resource:
    """不通过, with words for whoever offered it. What stood and was changed may be booked: who had booked is told.

    Raises as ``hold``; ``Invalid`` without words.
    """
    row = hold(pk, by, ResourceVerb.REFUSE, version)
    text = said(words, _("请写一句为什么不通过。"))
    _stop(row, ResourceVerb.REFUSE, by, text)
    calling_off.call_off_all(row, by=by, why=text)
    tell_givers(row, messages.ResourceRefused, but=by)
    return row


@transaction.atomic
def stop_resource(*, pk: int, by: User, version: int | None, words: str, call_off: bool = False) -> Resource:
    """停用: nobody books it any more; who had booked is told, and whoever gives it, where the office did it; what was
    handed out is still to come back.

    Raises as ``hold``; ``Invalid`` without words, and while there are bookings and ``call_off`` is not set.
    """
    row = hold(pk, by, ResourceVerb.STOP, version)
    text = said(words, _("请写一句为什么停用，预约了的人看得到。"))
    if not call_off and (booked := calling_off.waiting(row).count()):
        sentence = ngettext_lazy(
            "还有%(n)d个预约（约好的、等答复的）。要停用，请勾选“会取消，并告诉对方”。",
            "还有%(n)d个预约（约好的、等答复的）。要停用，请勾选“会取消，并告诉对方”。",
            booked,
        )
        raise Invalid({"call_off": [sentence % {"n": booked}]})
    _stop(row, ResourceVerb.STOP, by, text)
    calling_off.call_off_all(row, by=by, why=text)
    if not gives(by, row):
        tell_givers(row, messages.ResourceStopped, but=by)
    return row


def _stop(row: Resource, verb: str, by: User, text: str) -> None:
    changes: dict[str, Any] = {"stopped_why": text, "waiting_since": None}
    if verb == ResourceVerb.REFUSE:
        changes |= {"decided_by": by, "decided_at": timezone.now()}
    row.move_to(verb, actor=by, note=text, changes=changes)


@transaction.atomic
def resume_resource(*, pk: int, by: User, version: int | None) -> Resource:
    """恢复, by whoever approves in the street. Raises as ``hold``."""
    row = hold(pk, by, ResourceVerb.RESUME, version)
    row.move_to(ResourceVerb.RESUME, actor=by, changes={"stopped_why": ""})
    tell_givers(row, messages.ResourceBack, but=by)
    return row


def said(words: str, empty: Any) -> str:
    """``words`` tidied. Raises ``Invalid`` on ``words``."""
    text = " ".join(clean(words).split())
    if not text or len(text) > MOST_WORDS:
        raise Invalid({"words": [empty if not text else _("请写在%(n)d字以内。") % {"n": MOST_WORDS}]})
    return text
