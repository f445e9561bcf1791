"""Rooms that somebody may book for what an app above plans there."""

from __future__ import annotations

from people.models import User
from resources.models import Resource
from resources.states import Form


def halls_in(street: str, user: User) -> list[Resource]:
    """Rooms of ``street``, by its code, that ``user`` may book."""
    rows = Resource.objects.visible_to(user).filter(pk__in=Resource.objects.usable().given().values("pk"))
    rows = rows.filter(street_code=street, kind__form=Form.SPACE)
    return list(rows.select_related("area", "unit").order_by("name", "pk"))
