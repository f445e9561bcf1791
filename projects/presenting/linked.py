"""Needs, wishes, resources and bookings as the thread of a project names them, as far as somebody may see them.

One query for each kind, whatever the number.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from alliance.lib.text import clean
from needs.models import Need, Wish
from people.models import User
from people.states import WORK_ROLES
from projects.services.linked import Linked, keys_of
from resources.models import Booking, Resource
from resources.presenting import times

Found = dict[str, Linked]


def _staff(user: User | None) -> bool:
    return user is not None and user.has_role(*WORK_ROLES)


def needs(user: User | None, subjects: list[str]) -> Found:
    """Residents' cases: staff of their areas alone."""
    keys = keys_of("need", subjects)
    if user is None or not keys or not _staff(user):
        return {}
    rows = Need.objects.visible_to(user).filter(pk__in=keys)
    return {
        f"need:{row.pk}": _one(row, _("诉求"), row.title, "admin:needs_need_change", row.created_at) for row in rows
    }


def _one(row: Any, what: Any, title: str, page: str, at: Any) -> Linked:
    return Linked(what, title, row.number, reverse(page, args=[row.pk]), row.get_state_display(), at)


def wishes(user: User | None, subjects: list[str]) -> Found:
    keys = keys_of("wish", subjects)
    if user is None or not keys or not _staff(user):
        return {}
    rows = Wish.objects.visible_to(user).filter(pk__in=keys)
    return {
        f"wish:{row.pk}": _one(row, _("微心愿"), row.item, "admin:needs_wish_change", row.created_at) for row in rows
    }


def resources(user: User | None, subjects: list[str]) -> Found:
    """What is shared: everybody reads what is public."""
    keys = keys_of("resource", subjects)
    if not keys:
        return {}
    rows = Resource.objects.visible_to(user) if user is not None else Resource.objects.public()
    found = rows.filter(pk__in=keys)
    return {f"resource:{row.pk}": _one(row, _("资源"), row.name, "resources:resource", row.offered_at) for row in found}


def bookings(user: User | None, subjects: list[str]) -> Found:
    keys = keys_of("booking", subjects)
    if user is None or not keys:
        return {}
    return {f"booking:{row.pk}": booked(user, row) for row in _bookings(user).filter(pk__in=keys)}


def _bookings(user: User) -> Any:
    return Booking.objects.visible_to(user).select_related("resource")


def booked(user: User, row: Booking) -> Linked:
    """A time in a hall, or chairs for a day."""
    url = reverse("admin:resources_booking_change", args=[row.pk]) if _staff(user) else ""
    title = f"{row.resource.name} {times.between(row.starts, row.ends)}"
    return Linked(_("预约"), title, row.number, url, row.get_state_display(), row.asked_at)


def subject_named(user: User, number: str) -> str:
    """The key of what is numbered so, as far as ``user`` sees it, and a key as it is; nothing where there is none."""
    wanted = clean(number).upper()[:40]
    if ":" in wanted:
        return clean(number)[:60]
    rooms = (
        ("need", Need.objects.visible_to(user)),
        ("wish", Wish.objects.visible_to(user)),
        ("resource", Resource.objects.visible_to(user)),
        ("booking", Booking.objects.visible_to(user)),
    )
    for kind, rows in rooms:
        found = rows.filter(number=wanted).values_list("pk", flat=True).first() if wanted else None
        if found is not None:
            return f"{kind}:{found}"
    return ""


def origin_named(user: User, number: str) -> str:
    """As ``subject_named``; a form may leave it empty. Raises ``Invalid`` on ``origin`` where there is none."""
    found = subject_named(user, number)
    if clean(number) and not found:
        raise Invalid({"origin": [_("没有这个编号，或者不在您的范围里。")]})
    return found
