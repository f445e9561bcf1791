"""One list's page in the workbench: parse what was chosen, run the list, present. What is chosen is kept per person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.admin import ScopedAdmin
from alliance.lib.errors import NotAllowed
from alliance.lib.listing import (
    Cell,
    Chosen,
    Column,
    Facet,
    Listing,
    Reading,
    chooses,
    columns_of,
    order_of,
    read,
)
from alliance.lib.pagination import count_label
from alliance.lib.registry import contributions
from people.services import list_choices
from people.visitors import signed_in

COLUMN = "column"


class ListedAdmin(ScopedAdmin):
    """A plain list of Django's, or, where ``listing`` is declared, the one design of all lists."""

    listing: Listing | None = None
    list_template = "admin/listing/list.html"

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What may be begun from the list: ``{label, url, main}``."""
        add = f"admin:{self.opts.app_label}_{self.opts.model_name}_add"
        return [{"label": _("登记"), "url": reverse(add), "main": True}] if self.has_add_permission(request) else []

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.listing is None:
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise NotAllowed
        if request.method == "POST":
            return keep_choice(request, self.listing)
        context = {
            **self.admin_site.each_context(request),
            **list_context(request, self.listing),
            "actions": self.list_actions(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.list_template, context)


def keep_choice(request: HttpRequest, listing: Listing) -> HttpResponse:
    """What a button on the list says: narrow it, let go of one condition or of all, take other columns."""
    user, base = signed_in(request), reverse(listing.url_name)
    chosen = read(listing, request.POST)
    if "columns" in request.POST:
        known = [column.key for column in listing.columns]
        wanted = [key for key in request.POST.getlist(COLUMN) if key in known]
        default = [column.key for column in columns_of(listing, None)][1:]
        usual = "usual" in request.POST or wanted == default
        list_choices.remember_columns(user=user, key=listing.key, columns=[] if usual else wanted)
        return HttpResponseRedirect(chosen.address(base))
    if "clear" in request.POST:
        chosen = Chosen(tab=chosen.tab, sort=chosen.sort)
    elif "drop" in request.POST:
        chosen = chosen.without(request.POST["drop"])
    list_choices.remember_query(user=user, key=listing.key, query=chosen.query(words=False))
    return HttpResponseRedirect(chosen.address(base))


def list_context(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """Everything on the page. What the address says wins over what is remembered. Raises ``Invalid``."""
    user, base = signed_in(request), reverse(listing.url_name)
    query, keys = list_choices.recall(user=user, key=listing.key)
    remembered = bool(query) and not chooses(listing, request.GET)
    chosen = read(listing, query if remembered else request.GET)
    columns = columns_of(listing, keys)
    reading = Reading(listing, user, chosen)
    page = reading.page()
    facets = [_facet(facet, reading) for facet in listing.facets]
    chips = _chips(chosen, facets)
    return {
        "title": listing.title,
        "listing": listing,
        "searches": listing.search is not None,
        "chosen": chosen,
        "remembered": remembered and bool(chips),
        "tabs": _tabs(reading, base),
        "hidden": [(name, value) for name, value in (("tab", chosen.tab), ("sort", chosen.sort)) if value],
        "kept": list(chosen.query().items()),
        "near": [facet for facet in facets if facet["main"]],
        "far": [facet for facet in facets if not facet["main"]],
        "far_open": any(facet["value"] for facet in facets if not facet["main"]),
        "chips": chips,
        "heads": [_head(listing, column, chosen, base) for column in columns],
        "orders": _orders(listing, chosen, base),
        "rows": [{"pk": row.pk, "url": listing.row_url(row), "cells": _cells(columns, row)} for row in page.rows],
        "choosable": [
            {"key": column.key, "label": column.label, "on": column in columns}
            for column in listing.columns[1:]
            if column.page
        ],
        "next_url": chosen.link(base, cursor=page.next_cursor) if page.next_cursor else "",
        "first_url": chosen.link(base) if chosen.cursor else "",
        "tools": [tool for add in contributions("list.tools") if (tool := add(request, listing, chosen, columns))],
    }


def _facet(facet: Facet, reading: Reading) -> dict[str, Any]:
    value = reading.chosen.facets.get(facet.key, "")
    options = [
        {"value": key, "label": label if count is None else f"{label} ({count})", "on": key == value, "name": label}
        for key, label, count in reading.answers(facet)
        if count != 0 or key == value
    ]
    return {
        "key": facet.key,
        "label": facet.label,
        "any": facet.any_label,
        "value": value,
        "options": options,
        "main": facet.main,
        "strange": bool(value) and not any(option["on"] for option in options),
    }


def _chips(chosen: Chosen, facets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chips = [{"name": "q", "label": f"“{chosen.q}”"}] if chosen.q else []
    for facet in facets:
        if facet["value"]:
            named = [option["name"] for option in facet["options"] if option["on"]]
            label = _("%(what)s：%(value)s") % {
                "what": facet["label"],
                "value": named[0] if named else _("没有这一项"),
            }
            chips.append({"name": facet["key"], "label": label})
    return chips


def _tabs(reading: Reading, base: str) -> list[dict[str, Any]]:
    listing, chosen = reading.listing, reading.chosen
    counts = reading.tab_counts()
    first = listing.tabs[0].key if listing.tabs else ""
    return [
        {
            "label": tab.label,
            "url": chosen.link(base, tab="" if tab.key == first else tab.key),
            "count": count_label(counts[tab.key]) if tab.key in counts else "",
            "tone": tab.tone if counts.get(tab.key) else "",
            "current": (chosen.tab or first) == tab.key,
        }
        for tab in listing.tabs
    ]


def _head(listing: Listing, column: Column, chosen: Chosen, base: str) -> dict[str, Any]:
    """A heading; where it sorts, the address of the list in that order, and the other way round once it stands so."""
    order, sorts = order_of(listing, chosen), bool(column.order)
    turned = tuple(term[1:] if term.startswith("-") else f"-{term}" for term in column.order)
    now = sorts and order in (column.order, turned)
    down = now and order[0].startswith("-")
    sort = f"-{column.key}" if now and order == column.order else column.key
    return {
        "key": column.key,
        "label": column.label,
        "number": column.number,
        "sorted": ("descending" if down else "ascending") if now else "",
        "url": chosen.link(base, sort=sort) if sorts else "",
    }


def _orders(listing: Listing, chosen: Chosen, base: str) -> list[dict[str, Any]]:
    """What the list may be sorted by: its own order, then every column that sorts, whether it stands there or not."""
    sorting = [column for column in listing.columns if column.order]
    heads = [_head(listing, column, chosen, base) for column in sorting]
    if not any(column.order == listing.order for column in sorting):
        own = {"label": listing.order_label or _("平常的顺序"), "url": chosen.link(base, sort=""), "number": False}
        heads.insert(0, {**own, "sorted": "" if chosen.sort else "ascending", "own": True})
    return heads if len(heads) > 1 else []


def _cells(columns: list[Column], row: Any) -> list[dict[str, Any]]:
    found = []
    for column in columns:
        cell = column.cell(row)
        whole = cell if isinstance(cell, Cell) else Cell(text=str(cell))
        found.append({"key": column.key, "label": column.label, "number": column.number, "cell": whole})
    return found
