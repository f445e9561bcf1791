"""全年活动: what an alliance held and has planned, by community and month; what is missing, as proposals."""

from __future__ import annotations

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

from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.year import tallies
from members.models import Alliance
from people.models import Area, User
from people.querysets import within
from people.states import WORK_ROLES, Level
from people.visitors import signed_in
from portal.presenting.year import Place, table
from volunteers.permissions.activities import activity_abilities

HERE = "admin:year"
BACK, AHEAD = 3, 1
"""How many years back and ahead one may look."""


def urls(site: AdminSite) -> list[URLPattern]:
    """Its address in the workbench."""
    return [path("year/", site.admin_view(calendar), name="year")]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """Beside the three lists."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*WORK_ROLES):
        return None
    url = reverse(HERE)
    item = {"label": _("全年活动"), "url": url, "current": request.path.startswith(url)}
    return {"key": "work", "title": _("办事"), "items": [item]}


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """``?alliance=`` and ``?year=``; the first alliance and this year where they are not named."""
    user = signed_in(request)
    if not user.has_role(*WORK_ROLES):
        raise NotAllowed
    known = list(Alliance.objects.visible_to(user).select_related("area").order_by("area", "pk"))
    chosen = _chosen(known, request.GET.get("alliance", ""))
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today.year)
    places = _places(user, chosen) if chosen else []
    found = tallies([place.code for place in places], year) if places else []
    proposes = "add" in activity_abilities(user)

    def link(**changes: Any) -> str:
        query = {"alliance": chosen.pk if chosen else "", "year": year, **changes}
        return f"{reverse(HERE)}?{urlencode({name: value for name, value in query.items() if value})}"

    context = {
        **admin.site.each_context(request),
        "title": _("全年活动"),
        "alliance": chosen,
        "alliances": known if len(known) > 1 else [],
        "year": year,
        "months": range(1, 13),
        "this_month": today.month if year == today.year else 0,
        "table": table(places, found, year=year, today=today, proposes=proposes) if places else None,
        "back_url": link(year=year - 1) if year > today.year - BACK else "",
        "on_url": link(year=year + 1) if year < today.year + AHEAD else "",
    }
    return TemplateResponse(request, "admin/year.html", context)


def _chosen(known: list[Alliance], asked: str) -> Alliance | None:
    """Raises ``NotFound`` for one that is not theirs."""
    if not asked:
        return known[0] if known else None
    found = next((one for one in known if str(one.pk) == asked), None)
    if found is None:
        raise NotFound
    return found


def _year(asked: str, this: int) -> int:
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this
    return year if this - BACK <= year <= this + AHEAD else this


def _places(user: User, chosen: Alliance) -> list[Place]:
    """The alliance's street and its communities, as far as one works there; of a sub-alliance its community."""
    mine = within(user.areas_of(*WORK_ROLES), area="code", street="")
    rows = Area.objects.filter(mine, level__in=[Level.STREET, Level.COMMUNITY], code__startswith=chosen.area_id)
    found = rows.order_by("code").values_list("code", "name", "level")
    return [Place(code, name, level == Level.STREET) for code, name, level in found]
