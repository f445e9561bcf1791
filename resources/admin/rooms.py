"""场地日历: which rooms are when taken, by whom; a day or a week, of a community or of the street."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.errors import NotAllowed
from members.listings.common import places
from people.models import User
from people.visitors import signed_in
from resources.permissions import resource_abilities
from resources.presenting import rooms as presenting
from resources.presenting import times

DAY, WEEK = "day", "week"
HERE = "admin:resources_calendar"
FARTHEST = timedelta(days=3660)


def urls(site: AdminSite) -> list[URLPattern]:
    """Its address in the workbench."""
    return [path("resources/calendar/", site.admin_view(calendar), name="resources_calendar")]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """Beside the lists of the warehouse."""
    user = request.user
    if not isinstance(user, User) or "view" not in resource_abilities(user):
        return None
    url = reverse(HERE)
    item = {"label": _("场地日历"), "url": url, "current": request.path.startswith(url)}
    return {"key": "resources", "title": _("共享仓"), "items": [item]}


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One day as lists, or one week as a table."""
    user = signed_in(request)
    if "view" not in resource_abilities(user):
        raise NotAllowed
    chosen = _day(request.GET.get("day", ""))
    view = WEEK if request.GET.get("view") == WEEK else DAY
    known = places(user)
    place = next((code for code, _name in known if code == request.GET.get("place")), "")
    first = chosen - timedelta(days=chosen.weekday()) if view == WEEK else chosen
    number = presenting.WEEK if view == WEEK else 1
    found = presenting.rooms_of(user, place)
    shown = found[: presenting.MOST_ROOMS]

    def link(**changes: Any) -> str:
        query = {"day": chosen.isoformat(), "view": view, "place": place, **changes}
        return f"{reverse(HERE)}?{urlencode({name: value for name, value in query.items() if value})}"

    context = {
        **admin.site.each_context(request),
        "title": _("场地日历"),
        "view": view,
        "chosen": chosen,
        "label": _label(first, number),
        "days": [_head(first + timedelta(days=n)) for n in range(number)],
        "rooms": presenting.calendar(user, shown, first, number),
        "more": len(found) > len(shown),
        "places": known,
        "place": place,
        "back_url": link(day=(first - timedelta(days=number)).isoformat()),
        "on_url": link(day=(first + timedelta(days=number)).isoformat()),
        "today_url": link(day=timezone.localdate().isoformat()),
        "views": [
            {"label": _("一天"), "url": link(view=DAY), "current": view == DAY},
            {"label": _("一周"), "url": link(view=WEEK), "current": view == WEEK},
        ],
    }
    return TemplateResponse(request, "admin/resources/rooms.html", context)


def _day(text: str) -> date:
    """The day asked for; today for anything that is none, or is years away."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return today
    return day if abs(day - today) < FARTHEST else today


def _head(day: date) -> dict[str, Any]:
    return {"label": times.day(day), "today": day == timezone.localdate()}


def _label(first: date, number: int) -> str:
    if number == 1:
        return times.day(first)
    return _("%(first)s到%(last)s") % {"first": times.day(first), "last": times.day(first + timedelta(days=number - 1))}
