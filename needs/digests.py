"""What digests say about needs: to leaders each day, to staff and units each week. Numbers only."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.services import speakers_of
from needs.models import Need
from needs.states import HANDLERS, OPEN_STATES, Office
from notifications.lines import Line, Period, by_places, line, register_line
from people.services.accounts import places_of

SINCE_YESTERDAY = register_line("needs.since_yesterday", _("上个工作日以来新收诉求%(n)s件"))
AT_LEADERS = register_line("needs.at_leaders", _("等您定的诉求%(n)s件"))
THIS_WEEK = register_line("needs.this_week", _("一周来新收诉求%(n)s件"))
OPEN = register_line("needs.open", _("还在办的诉求%(n)s件"))
ASKED = register_line("needs.asked_of_unit", _("商请贵单位协助的诉求%(n)s件"))


def daily(period: Period) -> list[Line]:
    """For the leaders of a street: what came in, and what lies with them."""
    here = Need.objects.filter(street_code=period.area_code)
    new = here.filter(created_at__gt=period.since, created_at__lte=period.until).count()
    asked = here.filter(office=Office.LEADER, state__in=OPEN_STATES).count()
    return [line(key, n=n) for key, n in ((SINCE_YESTERDAY, new), (AT_LEADERS, asked)) if n]


def weekly(period: Period) -> dict[int, list[Line]]:
    """For staff what came in and what is open where they work; for units what they were asked to help with."""
    here = Need.objects.filter(street_code=period.area_code).order_by()
    by_area = here.values_list("area_id").annotate(n=Count("pk"))
    places = places_of(HANDLERS, period.area_code)
    new = by_places(dict(by_area.filter(created_at__gt=period.since, created_at__lte=period.until)), places)
    still = by_places(dict(by_area.filter(state__in=OPEN_STATES)), places)
    found: dict[int, list[Line]] = {}
    for key, counts in ((THIS_WEEK, new), (OPEN, still)):
        for person, n in counts.items():
            found.setdefault(person, []).append(line(key, n=n))
    asked = here.filter(state__in=OPEN_STATES, unit__isnull=False).values_list("unit_id").annotate(n=Count("pk"))
    for person, n in speakers_of(dict(asked)).items():
        found.setdefault(person, []).append(line(ASKED, n=n))
    return found
