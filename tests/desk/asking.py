"""Errands, wishes and requests as the tests of the desk need them."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from needs.models import Errand, Need
from needs.services.assigning import assign_need
from needs.services.errands import publish_errand
from tests.cast import Street, fresh, say_need
from tests.claims.things import alliance_of, unit_of

HANDOVER = "金丝雀里9幢3单元502，敲门喊赵阿婆"
CANARIES = ("金丝雀", "单元502")
"""What only one person may read. With a word: three figures alone stand in many a token."""


def errand(street: Street, **changes: Any) -> Errand:
    """Published by the community's worker; ``changes`` are typed differently."""
    typed: dict[str, Any] = {"what": "买一瓶眼药水", "where": "湘湖路小区", "handover": HANDOVER}
    need = say_need(changes.pop("area", street.home))
    by = fresh(changes.pop("by", street.worker))
    return publish_errand(need_pk=need.pk, by=by, version=None, client_key=uuid4(), **{**typed, **changes})


def asked(street: Street, **said: Any) -> Need:
    """A need with which the street's unit has been asked to help."""
    alliance_of(street)
    need = say_need(street.home, **said)
    assign_need(pk=need.pk, by=fresh(street.worker), to_unit_id=unit_of(street).pk, why="他们有设备科")
    return Need.objects.get(pk=need.pk)


def text(response: Any) -> str:
    return str(response.content.decode())


def hidden(page: str, name: str) -> str:
    """The value of the hidden field ``name``."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no {name}"
    return found[1]


def take(client: Client, found: Errand) -> Any:
    """我来跑, as the page sends it."""
    path = f"/desk/errands/{found.offer_id}/"
    return client.post(path, {"client_key": hidden(text(client.get(path)), "client_key")})
