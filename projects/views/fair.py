"""项目展示: the projects of a street side by side, with what residents say of them; and the same on a big screen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from files import services as files
from members.models import Alliance
from needs.links import qr_data_uri
from people.models import Area
from people.querysets import STREET_LENGTH
from people.states import Level
from projects.models import MenuItem, Project
from projects.presenting import fair as presenting
from projects.presenting import menu as menus
from projects.services.project_running import EVIDENCE


@login_not_required
@require_safe
def fairs(request: HttpRequest) -> HttpResponse:
    """Streets that have something to show; where there is only one, that one."""
    streets = [{"area": area, "url": reverse("projects:fair", args=[area.pk])} for area in presenting.streets()]
    if len(streets) == 1:
        return redirect(streets[0]["url"])
    return render(request, "projects/fairs.html", {"rows": streets})


@login_not_required
@require_safe
def fair(request: HttpRequest, area: str) -> HttpResponse:
    """The projects of one street or community."""
    found = _area(request, area)
    year, deeds = presenting.deeds_in(found)
    context = {
        **_shown(found, presenting.MOST),
        "deeds": len(deeds),
        "deeds_url": reverse("projects:deeds", args=[found.pk]) if year else "",
        "menus": _menus(found),
        "streets": [(area.name, reverse("projects:fair", args=[area.pk]), area.pk) for area in presenting.streets()],
        "street": found.pk[:STREET_LENGTH],
        "screen_url": reverse("projects:screen", args=[found.pk]),
    }
    return render(request, "projects/fair.html", context)


@login_not_required
@require_safe
def screen(request: HttpRequest, area: str) -> HttpResponse:
    """电视模式: one project after another in big type, without a mouse; begins anew with what is new."""
    found = _area(request, area)
    year, deeds = presenting.deeds_in(found)
    context = {**_shown(found, presenting.ON_SCREEN), "deeds": deeds, "year": year, "qr": _qr(found)}
    return render(request, "projects/screen.html", context)


def _qr(area: Area) -> str:
    """The fair's address for whoever stands before the screen; empty where the site has no address of its own."""
    return (
        qr_data_uri(settings.SITE_URL.rstrip("/") + reverse("projects:fair", args=[area.pk]))
        if settings.SITE_URL
        else ""
    )


def _area(request: HttpRequest, code: str) -> Area:
    """Raises ``NotFound``."""
    found = Area.objects.filter(pk=code[:24], level__in=[Level.STREET, Level.COMMUNITY]).first()
    if found is None:
        raise NotFound(_("没有这个街道或社区。"))
    about(request, found.pk)
    return found


def _shown(found: Area, most: int) -> dict[str, Any]:
    return {
        "area": found,
        "cards": presenting.cards(presenting.shown_in(found), most),
        "stories": presenting.stories_in(found),
        "counts": presenting.counts(found),
    }


def _menus(found: Area) -> list[tuple[str, str]]:
    """This year's service menus of the alliances that sit there."""
    there = MenuItem.objects.in_use().filter(alliance__area=found).values("alliance")
    rows = Alliance.objects.filter(pk__in=there).order_by("pk")
    return [(one.name, reverse("projects:menu", args=[one.pk])) for one in rows]


@login_not_required
@require_safe
def menu(request: HttpRequest, pk: int) -> HttpResponse:
    """五必选五自选 of an alliance's year (``?year=``): what is done, by whom, in which communities, where not yet;
    ``?at=``: what one community has."""
    alliance = Alliance.objects.select_related("area").filter(pk=pk).first()
    years = sorted(set(MenuItem.objects.in_use().filter(alliance=alliance).values_list("year", flat=True)))[::-1]
    if alliance is None or not years:
        raise NotFound(_("这个联盟还没有公布服务菜单。"))
    about(request, alliance.area_id)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else years[0]
    rows = [menus.named(row) for row in menus.rows(alliance, year)]
    places = menus.places(rows)
    context = {
        "alliance": alliance,
        "year": year,
        "years": [(one, f"?year={one}") for one in years],
        "rows": rows,
        "places": places,
        "at": next((one for one in places if one["code"] == request.GET.get("at")), None),
    }
    return render(request, "projects/menu.html", context)


@login_not_required
@require_safe
def photo(request: HttpRequest, pk: int, milestone: int, photo: UUID) -> FileResponse:
    """A picture of a milestone that is reached, for whoever may see the project."""
    row = Project.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None or not row.milestones.filter(pk=milestone, done_on__isnull=False).exists():
        raise NotFound
    return files.serve(files.attachment(EVIDENCE, str(milestone), photo))
