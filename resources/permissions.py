"""What a person may do to a resource or a booking: derived from the tables of steps."""

from __future__ import annotations

from typing import Any

from claims.querysets import seated_units
from people.permissions import shared_abilities
from people.querysets import STREET_LENGTH
from people.states import STREET_ROLES, WORK_ROLES, Role
from resources.models import Booking, Mode, Resource, ResourceKind
from resources.reach import reach_of
from resources.states import BOOKING_WORKFLOW, RESOURCE_WORKFLOW, Appeal, Asker, BookingState, BookingVerb, Side

NONE: frozenset[str] = frozenset()
COMMAND = frozenset({Role.LEADER, Role.PARTY_OFFICE})
"""In 战时 only they dispose of what is marked for it."""
APPROVERS = frozenset({Role.PARTY_OFFICE, Role.SECTION_HEAD})
"""Who looks at what is offered before others read it."""
KEEPERS = frozenset(WORK_ROLES) - {Role.LEADER, Role.GRID_PART}


def kind_abilities(user: Any, obj: ResourceKind | None = None) -> frozenset[str]:
    """Kinds are one list for all streets: read by whoever works with resources, kept as shared lists are."""
    able = shared_abilities(user)
    return able | {"view"} if user.has_role(*WORK_ROLES) else able


def keeps(user: Any, area_code: str) -> bool:
    """Whether ``user`` keeps what the office of ``area_code`` gives."""
    return bool(user.roles_at(area_code) & KEEPERS)


def approves(user: Any, street_code: str) -> bool:
    """Whether ``user`` approves what is offered in the street."""
    return bool(user.roles_at(street_code) & APPROVERS)


def commands(user: Any, street_code: str) -> bool:
    """Whether ``user`` disposes of what is marked for 战时, and says when it begins and ends."""
    return bool(user.roles_at(street_code) & COMMAND)


def is_emergency(area_code: str) -> bool:
    """Whether the street in which ``area_code`` lies is in 战时."""
    return Mode.objects.filter(street=area_code[:STREET_LENGTH], emergency=True).exists()


def disposes(user: Any, resource: Resource) -> bool:
    """Whether, in 战时, something of it is marked and ``user`` is in command: then they answer for whoever gives it."""
    street = resource.street_code
    return commands(user, street) and is_emergency(street) and reach_of(resource).is_reserved


def speaks_for(user: Any, unit_id: int | None) -> bool:
    """Whether ``user`` holds a seat of the unit today."""
    return unit_id is not None and seated_units(user).filter(unit_id=unit_id).exists()


def gives(user: Any, resource: Resource) -> bool:
    """Whether ``user`` is of the side that gives it: the unit's liaisons, else the office's staff."""
    return speaks_for(user, resource.unit_id) if resource.unit_id else keeps(user, resource.area_id)


def sides(user: Any, resource: Resource) -> frozenset[Side]:
    """What ``user`` is to the resource."""
    found = set()
    if gives(user, resource):
        found.add(Side.GIVER)
    if keeps(user, resource.area_id):
        found.add(Side.KEEPER)
    if approves(user, resource.street_code):
        found.add(Side.APPROVER)
    return frozenset(found)


def resource_abilities(user: Any, obj: Resource | None = None) -> frozenset[str]:
    """Verbs open to ``user``; of a class: who may look at and add to it in the workbench."""
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)
    verbs = RESOURCE_WORKFLOW.verbs(obj.state, sides(user, obj))
    return frozenset({*verbs, "view"})


def booking_list_abilities(user: Any, obj: Booking | None = None) -> frozenset[str]:
    """Bookings are read in the workbench by whoever works with resources; what may be done hangs on each."""
    return frozenset({"view"}) if user.has_role(*WORK_ROLES) else NONE


def pause_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Pauses are read by whoever works in the street, and lifted by who approves there."""
    able = {"view"} if user.has_role(*WORK_ROLES) else set()
    if obj is not None and approves(user, obj.street_code):
        able.add("change")
    return frozenset(able)


def askers(user: Any, booking: Booking) -> frozenset[Asker]:
    """What ``user`` is to the booking."""
    found = set()
    if booking.person_id == user.pk or speaks_for(user, booking.unit_id):
        found.add(Asker.BOOKER)
    if booking.office_id is not None and keeps(user, booking.office_id):
        found.add(Asker.BOOKER)
    if gives(user, booking.resource) or (booking.state == BookingState.ASKED and disposes(user, booking.resource)):
        found.add(Asker.GIVER)
    if keeps(user, booking.resource.area_id):
        found.add(Asker.KEEPER)
    if user.roles_at(booking.resource.street_code) & STREET_ROLES:
        found.add(Asker.STREET)
    return frozenset(found)


def may_decide(user: Any, booking: Booking) -> bool:
    """Whether a word against 爽约 waits on it, and ``user`` neither noted it, nor said it, nor booked."""
    return booking.appeal == Appeal.ASKED and Booking.objects.to_decide_by(user).filter(pk=booking.pk).exists()


def booking_abilities(user: Any, booking: Booking) -> frozenset[str]:
    """Verbs open to ``user``. A thing that was handed over is not cancelled but given back."""
    verbs = BOOKING_WORKFLOW.verbs(booking.state, askers(user, booking))
    if booking.handed_at is not None:
        verbs -= {BookingVerb.CANCEL, BookingVerb.CALL_OFF, BookingVerb.HAND_OVER, BookingVerb.NO_SHOW}
    return frozenset(verbs)
