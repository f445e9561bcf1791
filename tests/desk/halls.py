"""What a unit gives, and the pages by which one gives and books it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from resources.models import Resource
from tests.cast import Street
from tests.desk.asking import hidden, text
from tests.resources.things import given_by_unit, in_days


def offer_page(client: Client, kind: str = "meeting-room", **typed: Any) -> Any:
    """Step 2, as the page sends it."""
    path = f"/desk/resources/new/?kind={kind}"
    page = text(client.get(path))
    sent = {name: hidden(page, name) for name in ("kind", "client_key", "hold_key", "unit")}
    return client.post(path, {**sent, "is_public": "on", "whom": "both", **typed})


def book_page(client: Client, room: Resource, **typed: Any) -> Any:
    """就约这个时间, as the page sends it."""
    path = f"/desk/find/{room.pk}/"
    key = hidden(text(client.get(path)), "client_key")
    said = {"client_key": key, "day": in_days(3).isoformat(), "begins": "14:00", "finishes": "16:00"}
    return client.post(path, {**said, "purpose": "开居民议事会", **typed})


def hall_of(street: Street, **typed: Any) -> Resource:
    """What the unit of the street gives, usable, asked for first."""
    return given_by_unit(street, **{"asks_first": True, "for_people": True, **typed})
