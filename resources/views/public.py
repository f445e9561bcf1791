"""Public pages: stations near by with their hours, what an alliance shares, one resource. Booking is at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.keyset import slice_of
from alliance.lib.text import clean
from files import services as files
from people.models import Area
from people.states import Level
from resources import public
from resources.models import Resource
from resources.presenting import facts, times
from resources.public import Chosen
from resources.services.hours import Day, weekly
from resources.services.pictures import OWNER, photos_of
from resources.states import Form, ResourceState

SIZE = 30


def chosen_from(request: HttpRequest) -> Chosen:
    """What was chosen; what makes no sense is not chosen."""
    area = clean(request.GET.get("area", ""))[:24]
    return Chosen(
        q=clean(request.GET.get("q", ""))[:30],
        area=area if area.isascii() and area.replace("-", "").isdigit() else "",
        kind=clean(request.GET.get("kind", ""))[:30],
    )


@login_not_required
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """15分钟生活圈: the stations by community, open or closed today."""
    chosen = chosen_from(request)
    rows, cursor = slice_of(public.stations(chosen), public.ORDER, cursor=request.GET.get("cursor", ""), size=SIZE)
    today = public.open_today(rows)
    if chosen.area:
        about(request, chosen.area)
    context = {
        "groups": [
            {"area": area, "street": _street(area), "rows": _open_first(_station(row, today[row.pk]) for row in there)}
            for area, there in groupby(rows, key=lambda row: row.area)
        ],
        "chosen": chosen,
        "places": public.station_places(),
        "kinds": public.station_kinds(),
        **_paged(request, reverse("resources:stations"), chosen, cursor),
    }
    return render(request, "resources/stations.html", context)


def _street(area: Area) -> str:
    """In which street a community lies: several have one of the same name."""
    return area.parent.name if area.parent and area.level == Level.COMMUNITY else ""


def _open_first(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda one: one["tone"] != "ok")


def _station(row: Resource, days: list[Day]) -> dict[str, Any]:
    today, tomorrow = days
    tone, said = times.today(today, following=tomorrow)
    return {"row": row, "kind": row.kind.label, "tone": tone, "said": said, "hours": times.spans(today.open)}


def _paged(request: HttpRequest, here: str, chosen: Chosen, cursor: str) -> dict[str, Any]:
    query = {name: value for name, value in vars(chosen).items() if value}
    return {
        "next_url": f"{here}?{urlencode({**query, 'cursor': cursor})}" if cursor else "",
        "first_url": f"{here}?{urlencode(query)}" if request.GET.get("cursor") else "",
    }


@login_not_required
@require_safe
def shared(request: HttpRequest, pk: int) -> HttpResponse:
    """Where 资源清单 of an alliance stood before it became one of the three lists."""
    query = request.GET.urlencode()
    here = reverse("portal:list", args=[pk, "resources"])
    return redirect(f"{here}?{query}" if query else here)


def _line(row: Resource, user: Any) -> dict[str, Any]:
    giver, place = facts.giver_of(row, user), facts.place_of(row, user)
    return {
        "row": row,
        "kind": row.kind.label,
        "giver": giver,
        "place": place if place != giver else "",
        "size": facts.size_of(row),
        "whom": facts.for_whom(row),
    }


@login_not_required
@require_safe
def resource(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what it is, where, when it is open; a station with its rooms, floor by floor."""
    row = public.find_resource(request.user, pk)
    about(request, row.area_id)
    rooms = public.rooms_of(row)
    today, tomorrow = public.open_today([row])[row.pk]
    tone, said = times.today(today, following=tomorrow)
    week = weekly(row)
    context = {
        "resource": row,
        "kind": row.kind.label,
        "facts": facts.facts_of(row, request.user),
        "rules": facts.rules_of(row),
        "today": {"tone": tone, "label": said},
        "week": times.week(week) if week else [],
        "closures": public.closures_to_come(row),
        "floors": [
            {"floor": floor or _("别的地方"), "rooms": [_line(room, request.user) for room in there]}
            for floor, there in groupby(rooms, key=lambda room: room.floor)
        ],
        "photos": photos_of(row),
        "usable": row.state == ResourceState.USABLE and not row.is_over,
        "books": row.kind.form != Form.WALK_IN,
        "walk_in": row.kind.form == Form.WALK_IN,
        "back": facts.station_of(row, request.user),
        "office": facts.contact_of(row),
        "is_station": row.kind.parent is not None and row.kind.parent.key == public.STATIONS,
        "nav_current": "alliance",
    }
    if context["back"] is None and not context["is_station"]:
        context["alliance"] = public.alliance_of(row)
    return render(request, "resources/resource.html", context)


@login_not_required
@require_safe
def photo(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    """A photo of it, for whoever may see it."""
    row = public.find_resource(request.user, pk)
    return files.serve(files.attachment(OWNER, str(row.pk), photo))
