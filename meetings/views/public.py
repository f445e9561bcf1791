"""议事公开: extracts of minutes, for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from meetings.presenting import public


@login_not_required
@never_cache
@require_safe
def extracts(request: HttpRequest) -> HttpResponse:
    """All of them, or those of ``?street=``."""
    streets = public.streets()
    street = next((area for area in streets if area.pk == request.GET.get("street")), None)
    if street is not None:
        about(request, street.pk)
    found = public.extracts(street.pk if street else "", request.GET.get("cursor", ""))
    query = {"street": street.pk if street else "", "cursor": found.next_cursor}
    context = {
        "rows": found.rows,
        "streets": streets if len(streets) > 1 else [],
        "street": street,
        "next_url": f"{reverse('meetings:extracts')}?{urlencode(query)}" if found.next_cursor else "",
        "nav_current": "alliance",
    }
    return render(request, "meetings/extracts.html", context)


@login_not_required
@never_cache
@require_safe
def extract(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shown of one meeting."""
    row = public.extract_of(pk)
    if row is None:
        raise NotFound
    about(request, row.meeting.area_id)
    return render(request, "meetings/extract.html", {"row": row, "nav_current": "alliance"})
