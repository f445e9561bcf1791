"""What the shared warehouse adds: seeds, what falls due, what a unit has in hand, and what moves when units merge."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from members.services.in_hand import InHand
from members.services.journal import Journal
from resources.defaults import load_defaults
from resources.models import Booking, Pause, Resource
from resources.services.clock import KINDS


def in_hand(unit_id: int) -> InHand:
    """Bookings of the unit that are not over."""
    return InHand(_("还没用完的预约"), Booking.objects.live().filter(unit_id=unit_id).count())


def merge_resources(journal: Journal) -> None:
    """What the unit gives, and what it has booked; a pause goes along."""
    journal.move(_("资源"), journal.hold(Resource.objects.filter(unit=journal.gone)))
    journal.move(_("预约"), journal.hold(Booking.objects.filter(unit=journal.gone)))
    journal.move(_("暂停预约"), journal.hold(Pause.objects.filter(unit=journal.gone)))


for _kind in KINDS:
    register_kind(_kind)
contribute("defaults", load_defaults, order=15)
contribute("seat.in_hand", in_hand, order=30)
contribute("unit.merge", merge_resources, order=25)
