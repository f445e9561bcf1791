"""What limits, dues and notices about the warehouse are about, as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Iterable

from people.models import User
from resources.models import Booking, Resource
from resources.presenting import times


def due_titles(user: User, subjects: list[str]) -> dict[str, str]:
    """By subject (``booking:7``): the thing and its time."""
    parts = [subject.partition(":") for subject in subjects]
    keys = [int(key) for kind, _colon, key in parts if kind == "booking" and key.isdigit()]
    if not keys:
        return {}
    rows = Booking.objects.visible_to(user).filter(pk__in=keys).select_related("resource")
    return {f"booking:{row.pk}": _title(row) for row in rows}


def titles_by_number(user: User, numbers: Iterable[str]) -> dict[str, str]:
    """By number, of resources and bookings."""
    asked = sorted({number for number in numbers if number.startswith(("ZY-", "YY-"))})
    if not asked:
        return {}
    rows = Booking.objects.visible_to(user).filter(number__in=asked).select_related("resource")
    found = {row.number: _title(row) for row in rows}
    return found | dict(Resource.objects.visible_to(user).filter(number__in=asked).values_list("number", "name"))


def _title(row: Booking) -> str:
    return f"{row.resource.name} {times.between(row.starts, row.ends)}"
