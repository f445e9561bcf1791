"""A street's year of livelihood items, as it stands before whoever publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from alliance.lib.errors import NotAllowed
from people.models import Area, User
from people.querysets import within
from people.states import Level
from projects.models import Deed, DeedYear
from projects.models.deed import USUAL
from projects.permissions import PUBLISHERS
from projects.services.deed_standing import is_ready, stages_of
from projects.services.deeds import publish_deeds
from projects.states import DeedState


@dataclass(frozen=True)
class Year:
    """``ready``: candidates that can be published; ``waiting``: that cannot yet; ``there``: that are."""

    street: Area
    year: int
    most: int
    ready: Sequence[Deed]
    waiting: Sequence[Deed]
    there: Sequence[Deed]


def may_publish(user: User) -> bool:
    return user.has_role(*PUBLISHERS)


def _streets(user: User) -> list[Area]:
    own = within(user.areas_of(*PUBLISHERS), area="code", street="")
    return list(Area.objects.filter(own, level=Level.STREET).order_by("code"))


def chosen(user: User, street: str, year: str) -> Year:
    """The street and year that were asked for; without them the first of one's streets, and this year.

    Raises ``NotAllowed`` where one publishes nothing.
    """
    streets = _streets(user)
    if not streets:
        raise NotAllowed
    place = next((one for one in streets if one.pk == street), streets[0])
    number = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else timezone.localdate().year
    rows = list(Deed.objects.filter(street_code=place.pk, year=number).select_related("area", "unit").order_by("pk"))
    candidates = [row for row in rows if row.state == DeedState.CANDIDATE]
    known = stages_of(candidates)
    plan = DeedYear.objects.filter(street=place, year=number).first()
    there = sorted((row for row in rows if row.position), key=lambda row: row.position or 0)
    ready = [row for row in candidates if is_ready(known[row.pk])]
    waiting = [row for row in candidates if row not in ready]
    return Year(place, number, plan.most if plan else USUAL, ready, waiting, there)


def publish(chosen: Year, by: User, most: int | None, pks: Sequence[int]) -> None:
    """The number where it is another one, and the items. Raises as the service."""
    other = most if most != chosen.most else None
    publish_deeds(street=chosen.street, year=chosen.year, by=by, pks=pks, most=other)


def others(user: User, chosen: Year) -> list[tuple[str, str, bool]]:
    """Streets and years one can go to: label, address, whether it is this one."""
    streets = _streets(user)
    found = []
    for street in streets:
        for year in (chosen.year - 1, chosen.year, chosen.year + 1):
            url = f"{reverse('admin:projects_deed_publish')}?{urlencode({'street': street.pk, 'year': str(year)})}"
            label = f"{street.name} {year}" if len(streets) > 1 else str(year)
            found.append((label, url, street == chosen.street and year == chosen.year))
    return found
