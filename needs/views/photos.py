"""Photos that a visitor sends with words: each good one is kept, of each other is said what is wrong with it."""

from __future__ import annotations

from django.http import HttpRequest

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.http import client_ip
from files import services as files
from people.services.limits import take

PER_ADDRESS = (60, 3600)


def hold_sent(request: HttpRequest, hold_key: str) -> list[Text]:
    """Keep the photos of this request under ``hold_key``; what is wrong with those that were not kept."""
    problems: list[Text] = []
    for upload in request.FILES.getlist("photos"):
        try:
            take("photo-address", client_ip(request), limit=PER_ADDRESS[0], seconds=PER_ADDRESS[1])
            files.hold_photo(upload, hold_key=hold_key)
        except Invalid as error:
            problems += error.fields.get("photos", [])
        except DomainError as error:
            problems.append(error.message)
            break
    return problems
