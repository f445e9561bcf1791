"""Who speaks for a unit that is asked to help, and thanking it."""

from __future__ import annotations

from members.models import Liaison, MemberUnit
from needs.messages.triage import UnitThanked, for_unit
from needs.models import Need
from notifications.services import queue
from people.models import User


def liaisons_of(unit_id: int) -> list[User]:
    """The people who speak for the unit today; first seats before second ones."""
    seats = Liaison.objects.active().filter(unit_id=unit_id, user__is_active=True).select_related("user")
    return [seat.user for seat in seats.order_by("is_second", "pk")]


def thank(unit: MemberUnit | None, need: Need, *, occurrence: str, office: str = "") -> None:
    """Tell those who speak for ``unit``, if one was helping, that ``need`` is done or taken care of elsewhere.

    ``office``: the one that had asked, where the need has left it already.
    """
    if unit is not None:
        queue(for_unit(UnitThanked, need, str(unit), office=office), occurrence=occurrence, users=liaisons_of(unit.pk))
