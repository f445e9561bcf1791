"""Public pages: the alliance, its units, groups and zones, documents. Everything comes from ``members.public``."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from alliance.lib.keyset import slice_of
from alliance.lib.registry import contributions
from alliance.lib.text import clean
from files import services as files
from members import public
from members.models import Alliance, Figure, MemberUnit
from members.services.documents import OWNER, files_of

SIZE, GLANCE = 24, 12
ORDER = ("sorted_as", "id")


@login_not_required
@require_safe
def alliances(request: HttpRequest) -> HttpResponse:
    """The alliances; where there is only one, that one."""
    rows = list(public.top_alliances())
    if len(rows) == 1:
        return redirect("members:alliance", rows[0].pk)
    return render(request, "members/alliances.html", {"rows": rows, "nav_current": "alliance"})


@login_not_required
@require_safe
def alliance(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, what it stands by, how it is organised, who belongs to it."""
    found = _alliance(request, pk)
    grid = public.grid_of(found)
    context: dict[str, Any] = {
        "alliance": found,
        "principles": principles_of(found),
        "figures": list(Figure.objects.filter(alliance=found)),
        "structure": public.structure_of(found),
        "sub_alliances": list(public.sub_alliances_of(found)),
        "brands": public.brands_of(found),
        "units": public.names_of(found, GLANCE),
        "groups": grid.groups,
        "zones": grid.zones,
        "documents": public.documents_of(found),
        "doors": [door for ask in contributions("alliance.doors") if (door := ask(found))],
        "nav_current": "alliance",
    }
    return render(request, "members/alliance.html", context)


def _alliance(request: HttpRequest, pk: int) -> Alliance:
    """The alliance the page is about. Raises ``NotFound``."""
    found = public.find_alliance(pk)
    about(request, found.area_id)
    return found


def principles_of(found: Alliance) -> list[tuple[str, list[str]]]:
    """Lines such as 四共：组织共融、资源共享 as a word and its parts; a line without a colon is only its parts."""
    lines = []
    for line in filter(None, (line.strip() for line in found.principles.splitlines())):
        head, colon, rest = line.partition("：")
        said = rest if colon else head
        lines.append((head if colon else "", [part for part in said.replace("；", "、").split("、") if part]))
    return lines


@login_not_required
@require_safe
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Its units, found by name, initials, kind, tag or place in the matrix; a page of them at a time."""
    found, chosen = _alliance(request, pk), filter_from(request.GET)
    wanted = public.units_of(found, chosen)
    rows, cursor = slice_of(wanted, ORDER, cursor=request.GET.get("cursor", ""), size=SIZE, filled=True)
    grid, counted = public.grid_of(found), cast(Any, found)
    total: int = counted.shown if chosen.is_empty else wanted.count()
    query = {name: value for name, value in vars(chosen).items() if value not in ("", None)}
    here = reverse("members:units", args=[pk])
    context = {
        "alliance": found,
        "rows": [{"unit": row, "parts": public.parts_of(row)} for row in rows],
        "chosen": chosen,
        "choices": public.choices_of(found),
        "cell": _cell_named(grid, chosen),
        "total": total,
        **_paged(request, f"{here}?", query, cursor, total),
        "nav_current": "alliance",
    }
    return render(request, "members/units.html", context)


def _paged(request: HttpRequest, here: str, query: dict[str, Any], cursor: str, total: int) -> dict[str, Any]:
    """The ways to the next and to the first page, and which of how many this is; the cursor alone says where."""
    later, pages = bool(request.GET.get("cursor")), -(-total // SIZE)
    number = min(max(_number(request.GET.get("page", "")) or 2, 2), pages) if later else 1
    return {
        "next_url": here + urlencode({**query, "cursor": cursor, "page": number + 1}) if cursor else "",
        "first_url": here + urlencode(query) if later else "",
        "page_number": number,
        "pages": pages,
    }


def filter_from(given: QueryDict) -> public.Filter:
    """What was chosen; what makes no sense is not chosen."""
    numbers = {name: _number(given.get(name, "")) for name in ("tag", "group", "zone")}
    return public.Filter(q=clean(given.get("q", ""))[:30], kind=clean(given.get("kind", ""))[:20], **numbers)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _cell_named(grid: public.Grid, chosen: public.Filter) -> str:
    """The group and the zone looked at, by name."""
    names = [side.body.name for side in grid.groups if side.body.pk == chosen.group]
    return " · ".join(names + [side.body.name for side in grid.zones if side.body.pk == chosen.zone])


@login_not_required
@require_safe
def groups(request: HttpRequest, pk: int) -> HttpResponse:
    """界别和片区: who calls them together, and how many units stand where they meet."""
    found = _alliance(request, pk)
    grid = public.grid_of(found)
    if not grid.groups and not grid.zones:
        raise NotFound
    rows = [
        {
            "side": group,
            "total": grid.count(group=group.body.pk),
            "cells": [{"side": zone, "n": grid.count(group.body.pk, zone.body.pk)} for zone in grid.zones],
        }
        for group in grid.groups
    ]
    totals = [grid.count(zone=zone.body.pk) for zone in grid.zones]
    context = {"alliance": found, "grid": grid, "rows": rows, "totals": totals, "nav_current": "alliance"}
    context["zones"] = [{"side": zone, "n": n} for zone, n in zip(grid.zones, totals, strict=True)]
    return render(request, "members/groups.html", context)


@login_not_required
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit, as far as it agreed; the page of a double leads to the one that stands."""
    try:
        found = public.find_unit(pk)
    except NotFound:
        into = public.moved_to(pk)
        if into is None:
            raise
        return HttpResponseRedirect(reverse("members:unit", args=[into]))
    about(request, found.area_id)
    memberships = public.memberships_of(found)
    context = {
        "unit": found,
        "title": MemberUnit.__str__(found),
        "parts": public.more_parts_of(found),
        "memberships": memberships,
        "back": memberships[0]["alliance"] if memberships else None,
        "nav_current": "alliance",
    }
    return render(request, "members/unit.html", context)


@login_not_required
@require_safe
def document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """A public document as it is in force."""
    version = public.find_document(pk, document)
    about(request, version.document.alliance.area_id)
    rows = [
        {"name": row.name, "size": row.size, "url": reverse("members:document_file", args=[pk, document, row.pk])}
        for row in files_of(version)
    ]
    context = {"version": version, "document": version.document, "files": rows, "nav_current": "alliance"}
    return render(request, "members/document.html", context)


@login_not_required
@require_safe
def document_file(request: HttpRequest, pk: int, document: int, file: UUID) -> FileResponse:
    """A file of it, to be saved."""
    version = public.find_document(pk, document)
    return files.serve(files.attachment(OWNER, str(version.pk), file))
