"""The list of needs in the workbench."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.pagination import count_label
from needs import presenting, selectors
from needs.forms import FilterForm
from needs.selectors import Filter
from people.visitors import signed_in


def list_url(**params: Any) -> str:
    """Address of the list with ``params``; empty ones are left out."""
    kept = {name: value for name, value in params.items() if value}
    return reverse("admin:needs_need_changelist") + (f"?{urlencode(kept)}" if kept else "")


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Tabs, filters, rows and pager of the list."""
    user = signed_in(request)
    areas = selectors.communities(user)
    form = FilterForm(request.GET, areas=areas)
    given = form.cleaned_data if form.is_valid() else {}
    chosen = Filter(
        tab=request.GET.get("tab", "open"),
        q=given.get("q", ""),
        community=given.get("community", ""),
        category_id=given["category"].pk if given.get("category") else None,
        mine=given.get("hand") == "me",
        newest=given.get("sort") == "new",
    )
    page = selectors.listing(user, chosen, cursor=request.GET.get("cursor", ""))
    params = {
        "tab": chosen.tab if chosen.tab != "open" else "",
        "q": chosen.q,
        "community": chosen.community,
        "category": chosen.category_id or "",
        "hand": "me" if chosen.mine else "",
        "sort": "new" if chosen.newest else "",
    }
    chips = _chips(params, dict(areas), given)
    return {
        "title": _("诉求"),
        "tabs": _tabs(request, chosen),
        "filter_form": form,
        "hidden": [("tab", params["tab"])] if params["tab"] else [],
        "chips": chips,
        "clear_url": list_url(tab=params["tab"], sort=params["sort"]) if chips else "",
        "rows": presenting.rows(page.rows, user),
        "order": _("诉求，新来的在前") if chosen.newest else _("诉求，按时限排"),
        "next_url": list_url(**params, cursor=page.next_cursor) if page.next_cursor else "",
        "first_url": list_url(**params) if request.GET.get("cursor") else "",
    }


def _tabs(request: HttpRequest, chosen: Filter) -> list[dict[str, Any]]:
    counts = selectors.tab_counts(signed_in(request))
    labels = [
        ("open", _("在办")),
        ("desk", _("待我受理")),
        ("pending", _("待受理")),
        ("working", _("办理中")),
        ("today", _("今天到期")),
        ("overdue", _("已超期")),
        ("to_answer", _("待评价")),
        ("closed", _("已办结")),
        ("mine", _("我经办的")),
        ("all", _("全部")),
    ]
    return [
        {
            "label": label,
            "url": list_url(tab="" if name == "open" else name, q=chosen.q, sort="new" if chosen.newest else ""),
            "count": count_label(counts[name]),
            "tone": "late" if name == "overdue" and counts[name] else "",
            "current": chosen.tab == name,
        }
        for name, label in labels
    ]


def _chips(params: dict[str, Any], areas: dict[str, str], given: dict[str, Any]) -> list[dict[str, str]]:
    words = {
        "q": params["q"],
        "community": areas.get(params["community"], ""),
        "category": given["category"].name if given.get("category") else "",
        "hand": _("在我手里") if params["hand"] else "",
    }
    return [{"label": word, "url": list_url(**{**params, name: ""})} for name, word in words.items() if word]
