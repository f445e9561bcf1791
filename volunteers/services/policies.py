"""What a street decides about volunteers: whether somebody new is looked at first, from how many hours stars are given.

Locks: the settings (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level
from resources.querysets import streets_of
from volunteers.models import VolunteerPolicy
from volunteers.permissions.people import policy_abilities
from volunteers.states.people import ERRAND_CALLS, MOST_CALLS

MOST_STARS, MOST_HOURS = 5, 100_000


def policy_of(area_code: str) -> VolunteerPolicy:
    """The settings of the street of ``area_code``; the usual ones, not stored, where it has decided nothing."""
    street = area_code[:STREET_LENGTH]
    return VolunteerPolicy.objects.filter(pk=street).first() or VolunteerPolicy(street_id=street)


def stars_for(halves: int, policy: VolunteerPolicy) -> int:
    """How many stars so many half hours are worth."""
    return sum(halves >= 2 * hours for hours in policy.stars)


def next_star(halves: int, policy: VolunteerPolicy) -> float | None:
    """How many hours are missing to the next star; None where there is no further one."""
    return next((hours - halves / 2 for hours in policy.stars if halves < 2 * hours), None)


@transaction.atomic
def save_policy(
    *,
    by: User,
    street_code: str,
    asks_approval: bool,
    stars: Sequence[int],
    version: int | None,
    errand_calls: int = ERRAND_CALLS,
) -> VolunteerPolicy:
    """From now on so; whoever waits goes on waiting. ``version``: as what it was seen, 0 for the usual ones.
    ``errand_calls``: how many volunteers hear of an errand near them.

    Raises ``NotFound`` (not one's street), ``NotAllowed``, ``Invalid``, ``Conflict``.
    """
    if not any(street_code.startswith(code) for code in streets_of(by)):
        raise NotFound
    if not Area.objects.filter(pk=street_code, level=Level.STREET).exists():
        raise NotFound
    if "change" not in policy_abilities(by, VolunteerPolicy(street_id=street_code)):
        raise NotAllowed
    given = list(stars)
    if not 1 <= len(given) <= MOST_STARS or given != sorted(set(given)) or not 0 < given[0] <= given[-1] <= MOST_HOURS:
        raise Invalid({"stars": [_("请从小到大写一到五个小时数，如 100，300，600，1000，1500。")]})
    if not 0 <= errand_calls <= MOST_CALLS:
        raise Invalid({"errand_calls": [_("请填0到%(most)d。") % {"most": MOST_CALLS}]})
    row = VolunteerPolicy.objects.filter(pk=street_code).select_for_update(of=("self",), no_key=True).first()
    if version is not None and version != (row.version if row else 0):
        raise Conflict
    if row is None:
        return _first(street_code, by, asks_approval=asks_approval, stars=given, errand_calls=errand_calls)
    row.asks_approval, row.stars, row.changed_by, row.changed_at = asks_approval, given, by, timezone.now()
    row.errand_calls = errand_calls
    row.version += 1
    row.save(update_fields=["asks_approval", "stars", "errand_calls", "changed_by", "changed_at", "version"])
    return row


def _first(street_code: str, by: User, **decided: Any) -> VolunteerPolicy:
    try:
        with transaction.atomic():
            return VolunteerPolicy.objects.create(street_id=street_code, changed_by=by, **decided)
    except IntegrityError as error:
        raise Conflict from error
