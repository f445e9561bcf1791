"""A secret link to one's own calendar: made, made anew, taken back. Whoever has it reads what the person has ahead."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, NotFound
from alliance.lib.privacy import blind_index
from people.models import CalendarLink, User
from people.services.limits import count, refuse_after

TOKEN_BYTES = 24
MISSES, MISS_SECONDS = 30, 600


def live_link(user: User) -> CalendarLink | None:
    """The link that is in use, if there is one; what it reads like nobody knows any more."""
    return CalendarLink.objects.live().filter(user=user).first()


@transaction.atomic
def make_link(user: User) -> str:
    """A new link; the one before reads nothing from now on. Returns the token, which is stored nowhere.

    Raises ``Conflict`` when made twice at once.
    """
    revoke_link(user)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with transaction.atomic():
            CalendarLink.objects.create(user=user, token_index=blind_index("calendar", token))
    except IntegrityError as error:
        raise Conflict from error
    return token


def revoke_link(user: User) -> int:
    """The link in use reads nothing from now on; returns how many there were."""
    return CalendarLink.objects.live().filter(user=user).update(revoked_at=timezone.now())


def owner_of(token: str, *, ip: str) -> User:
    """Whose calendar it is. Changes nothing: calendars ask again and again.

    Raises ``NotFound`` (unknown, taken back, or of a closed account), ``TooMany`` after many unknown ones from the
    same address.
    """
    refuse_after("calendar", ip, limit=MISSES, seconds=MISS_SECONDS)
    live = CalendarLink.objects.live().filter(token_index=blind_index("calendar", token), user__is_active=True)
    row = live.select_related("user").first()
    if row is None:
        count("calendar", ip, seconds=MISS_SECONDS)
        raise NotFound
    return row.user


def forget_links(user: User) -> None:
    """All of them go with the account."""
    CalendarLink.objects.filter(user=user).delete()
