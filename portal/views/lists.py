"""三张清单: 需求清单, 项目清单, 资源清单. One design, for everybody and for staff; each list is its own app's."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.listing import Cell, Column, Reading, columns_of, read
from alliance.lib.three import KEYS, KIND, STATE, Named, ThreeList, three_lists
from members import public as members
from members.models import Alliance
from people.lists import keep_choice, list_context
from people.models import User
from people.states import WORK_ROLES
from people.visitors import signed_in
from resources.public import streets_without
from transfers.cells import safe

MOST_ROWS = 2000
FAIR = "projects"
"""The list beside which the fair stands."""
NAMED = {
    one.key: one
    for one in (
        Named(
            "needs",
            gettext_lazy("需求清单"),
            gettext_lazy("居民和单位需要什么。只写是哪一类事、在哪个社区，不写是谁。"),
            gettext_lazy("需求清单还空着"),
            gettext_lazy("社区和街道核对过的需求，会列在这里。"),
        ),
        Named(
            "projects",
            gettext_lazy("项目清单"),
            gettext_lazy("大家一起办的项目。"),
            gettext_lazy("项目清单还空着"),
            gettext_lazy("共建项目立项了，会列在这里。"),
        ),
        Named(
            "resources",
            gettext_lazy("资源清单"),
            gettext_lazy("单位和社区拿出来一起用的。登录以后可以预约。"),
            gettext_lazy("还没有公开的资源"),
            gettext_lazy("单位和社区提供了，会列在这里。"),
        ),
    )
}


@login_not_required
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The three lists of the one alliance there is, or the alliances to choose from."""
    rows = list(members.top_alliances())
    if len(rows) == 1:
        return redirect("portal:list", rows[0].pk, KEYS[0])
    context = {"rows": rows, "streets": streets_without(rows), "nav_current": "alliance"}
    return render(request, "portal/lists.html", context)


@login_not_required
@require_safe
def one_list(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One of the three, of one alliance."""
    alliance, found = _find(request, pk, key)
    base = reverse("portal:list", args=[pk, key])
    context: dict[str, Any] = {
        "alliance": alliance,
        "named": NAMED[key],
        "three": [
            {"label": NAMED[one].label, "url": reverse("portal:list", args=[pk, one]), "current": one == key}
            for one in KEYS
        ],
        "fair_url": reverse("projects:fair", args=[alliance.area_id]) if key == FAIR else "",
        "nav_current": "alliance",
        **(_shown(request, found, alliance, base) if found else {}),
    }
    return render(request, "portal/list.html", context)


def _find(request: HttpRequest, pk: int, key: str) -> tuple[Alliance, ThreeList | None]:
    if key not in NAMED:
        raise NotFound
    alliance = members.find_alliance(pk)
    about(request, alliance.area_id)
    return alliance, three_lists().get(key)


def _shown(request: HttpRequest, found: ThreeList, alliance: Alliance, base: str) -> dict[str, Any]:
    listing = found.public(alliance)
    chosen = read(listing, request.GET)
    reading = Reading(listing, request.user, chosen)
    page, counts = reading.page(), reading.tab_counts()
    columns = columns_of(listing, None)
    file = f"{reverse('portal:list_file', args=[alliance.pk, found.key])}"
    query = chosen.query()
    first = listing.tabs[0].key
    return {
        "rows": [_card(columns, row, listing.row_url(row)) for row in page.rows],
        "chosen": chosen,
        "total": counts[first],
        "tabs": [
            {
                "label": tab.label,
                "n": counts[tab.key],
                "url": chosen.address(base, tab="" if tab.key == first else tab.key),
                "current": (chosen.tab or first) == tab.key,
            }
            for tab in listing.tabs
        ],
        "facets": [_facet(facet, reading) for facet in listing.facets],
        "narrowed": bool(chosen.q or chosen.facets or chosen.tab),
        "next_url": chosen.address(base, cursor=page.next_cursor) if page.next_cursor else "",
        "first_url": chosen.address(base) if chosen.cursor else "",
        "file_url": f"{file}?{urlencode(query)}" if query else file,
    }


def _facet(facet: Any, reading: Reading) -> dict[str, Any]:
    value = reading.chosen.facets.get(facet.key, "")
    options = [
        {"value": key, "label": f"{label} ({number})", "on": key == value}
        for key, label, number in reading.answers(facet)
        if number or key == value
    ]
    return {"key": facet.key, "label": facet.label, "any": facet.any_label, "options": options}


def _card(columns: list[Column], row: Any, url: str) -> dict[str, Any]:
    """A row as a card: its kind above the name, its state as a badge, all else below."""
    cells = {column.key: _cell(column, row) for column in columns}
    name = columns[0].key
    below = [cell.text for key, cell in cells.items() if key not in (name, KIND, STATE) and cell.text]
    below = [*below[:1], *([" · ".join(below[1:])] if below[1:] else [])]
    return {"name": cells[name].text, "kind": cells[KIND].text, "state": cells.get(STATE), "below": below, "url": url}


def _cell(column: Column, row: Any) -> Cell:
    cell = column.cell(row)
    return cell if isinstance(cell, Cell) else Cell(text=str(cell))


@login_not_required
@require_safe
def list_file(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What the page shows under the same choices, as a table: what everybody may read, whoever asks for it."""
    alliance, found = _find(request, pk, key)
    if found is None:
        raise NotFound
    listing = found.public(alliance)
    reading = Reading(listing, AnonymousUser(), read(listing, request.GET))
    columns = columns_of(listing, None, file=True)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([safe(str(column.label)) for column in columns])
    for row in _rows(reading):
        table.writerow([safe(_value(column, row)) for column in columns])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{found.key}-{alliance.pk}-{timezone.localdate():%Y%m%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rows(reading: Reading) -> list[Any]:
    rows, _more = reading.slice("", MOST_ROWS)
    return rows


def _value(column: Column, row: Any) -> Any:
    return column.value(row) if column.value else _cell(column, row).text


def staff_list(request: HttpRequest, key: str) -> HttpResponse:
    """One of the three in the workbench: the one design of lists, with its filters, counts and export."""
    user, found = signed_in(request), three_lists().get(key)
    if found is None:
        raise NotFound
    if not found.staff.may_view(user):
        raise NotAllowed
    if request.method == "POST":
        return keep_choice(request, found.staff)
    frame = {**admin.site.each_context(request), "three": _staff_tabs(key), "title": NAMED[key].label}
    return TemplateResponse(request, "admin/listing/three.html", {**frame, **list_context(request, found.staff)})


def _staff_tabs(key: str) -> list[dict[str, Any]]:
    return [{"label": NAMED[one].label, "url": reverse(f"admin:lists_{one}"), "current": one == key} for one in KEYS]


def staff_urls(site: AdminSite) -> list[URLPattern]:
    """``admin:lists_needs``, ``admin:lists_projects``, ``admin:lists_resources``."""
    return [path(f"lists/{key}/", site.admin_view(partial(staff_list, key=key)), name=f"lists_{key}") for key in KEYS]


def staff_nav(request: HttpRequest) -> dict[str, Any] | None:
    """三张清单, for whoever works with any of them."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*WORK_ROLES):
        return None
    here = request.path.startswith("/admin/lists/")
    item = {"label": _("三张清单"), "url": reverse(f"admin:lists_{KEYS[0]}"), "current": here}
    return {"key": "work", "title": _("办事"), "items": [item]}
