"""What the shared warehouse adds: seeds, what falls due, what a unit has in hand, what waits for a yes, the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.importing import register_importer
from alliance.lib.pagination import capped_count, count_label
from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from members.models import Alliance, MemberUnit
from members.services.in_hand import InHand, OpenThing
from members.services.journal import Journal
from people.models import User
from resources import approvals, public
from resources.admin import mode, rooms
from resources.defaults import load_defaults
from resources.importers import RESOURCES
from resources.listings.three import three
from resources.models import Booking, Pause, Resource
from resources.permissions import resource_abilities
from resources.presenting import times, titles
from resources.service_card import given
from resources.services.clock import KINDS
from resources.states import ResourceState

MOST, FEW = 50, 6


def in_hand(unit_id: int) -> InHand:
    """Bookings of the unit that are not over."""
    return InHand(_("还没用完的预约"), Booking.objects.live().filter(unit_id=unit_id).count())


def merge_resources(journal: Journal) -> None:
    """What the unit gives, and what it has booked; a pause goes along."""
    journal.move(_("资源"), journal.hold(Resource.objects.filter(unit=journal.gone)))
    journal.move(_("预约"), journal.hold(Booking.objects.filter(unit=journal.gone)))
    journal.move(_("暂停预约"), journal.hold(Pause.objects.filter(unit=journal.gone)))


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """Bookings of the unit that are not over, and what it still offers, with the pages where staff go on."""
    booked = Booking.objects.kept_by(user).live().filter(unit_id=unit_id).select_related("resource")
    found = [
        OpenThing(
            f"{row.resource.name} {times.between(row.starts, row.ends)}",
            _("预约"),
            reverse("admin:resources_booking_change", args=[row.pk]),
        )
        for row in booked.order_by("starts", "pk")[:MOST]
    ]
    offered = Resource.objects.kept_by(user).filter(unit_id=unit_id, state=ResourceState.USABLE)
    found += [
        OpenThing(row.name, _("提供的资源"), reverse("admin:resources_resource_change", args=[row.pk]))
        for row in offered.order_by("name", "pk")[:MOST]
    ]
    return found


def unit_panel(request: HttpRequest, unit: MemberUnit) -> dict[str, Any] | None:
    """On a unit's page: what it gives for common use."""
    user = request.user
    if not isinstance(user, User) or "view" not in resource_abilities(user):
        return None
    rows = Resource.objects.kept_by(user).filter(unit=unit).exclude(state=ResourceState.STOPPED).select_related("kind")
    lines = [
        {
            "text": row.name,
            "small": f"{row.kind.label} · {row.get_state_display()}",
            "url": reverse("admin:resources_resource_change", args=[row.pk]),
        }
        for row in rows.order_by("-offered_at", "-pk")[:FEW]
    ]
    listed = f"{reverse('admin:resources_resource_changelist')}?unit={unit.pk}"
    panel = {"title": gettext("提供的资源"), "lines": lines, "empty": gettext("还没有登记资源。")}
    return {**panel, "url": listed} if lines else panel


def shared_door(alliance: Alliance) -> dict[str, Any] | None:
    """资源清单, on the alliance's public page, where something is shared."""
    number = capped_count(public.shared_in(alliance))
    if not number:
        return None
    url = reverse("portal:list", args=[alliance.pk, "resources"])
    return {"label": gettext("资源清单"), "n": count_label(number), "url": url}


for _kind in KINDS:
    register_kind(_kind)
register_importer(RESOURCES)
contribute("service.card", given, order=50)
contribute("defaults", load_defaults, order=15)
contribute("seat.in_hand", in_hand, order=30)
contribute("unit.merge", merge_resources, order=25)
contribute("alliance.doors", shared_door, order=10)
contribute("lists.three", three, order=30)
contribute("unit.open", open_things, order=20)
contribute("due.titles", titles.due_titles, order=20)
contribute("notice.about", titles.titles_by_number, order=20)
contribute("workbench.approvals", approvals.resources_to_approve, order=30)
contribute("workbench.approvals", approvals.bookings_to_answer, order=40)
contribute("workbench.nav", rooms.nav, order=60)
contribute("workbench.nav", mode.nav, order=61)
contribute("workbench.unit", unit_panel, order=60)
contribute("workbench.urls", rooms.urls, order=60)
contribute("workbench.urls", mode.urls, order=61)
