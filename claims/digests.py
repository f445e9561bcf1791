"""What the weekly digest says to units about what they took on."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.states import ON_THE_WAY
from members.services import speakers_of
from notifications.lines import Line, Period, line, register_line

IN_HAND = register_line("claims.in_hand", _("认领了还没送到的%(n)s件"))


def weekly(period: Period) -> dict[int, list[Line]]:
    """What each unit has in hand and has not brought yet."""
    live = Claim.objects.filter(state__in=ON_THE_WAY, unit__isnull=False, offer__street_code=period.area_code)
    counts = dict(live.order_by().values_list("unit_id").annotate(n=Count("pk")))
    return {person: [line(IN_HAND, n=n)] for person, n in speakers_of(counts).items()}
