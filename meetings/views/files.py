"""A meeting as a file that a calendar takes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alliance.lib.calendar_file import TYPE, calendar_file
from alliance.lib.errors import NotFound
from meetings.models import Meeting
from meetings.presenting.happenings import happening
from people.visitors import signed_in


@never_cache
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, for whoever sees it."""
    row = Meeting.objects.visible_to(signed_in(request)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    content = calendar_file([happening(row)], made_at=timezone.now())
    name = f"{row.number}.ics"
    return HttpResponse(content, content_type=TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
