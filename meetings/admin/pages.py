"""What the pages of the workbench about series, topics and action items have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from alliance.lib.dates import moment
from alliance.lib.errors import NotAllowed, NotFound
from meetings.states import Hand
from members.permissions import keeps_place
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from resources.admin.acts import ActViews

PAGE, MOST = "admin/meetings/page.html", 60


class RowPages(ActViews, ListedAdmin):
    """One page per row: facts at the left, what can be done at the right; rights are the abilities of each row."""

    rows: Callable[[HttpRequest], Any]
    """What may be opened, with what the page shows."""
    sheet: Callable[[HttpRequest, Any], dict[str, Any]]
    """``title``, ``code``, ``state`` (Cell), ``facts`` [{label, text, url}], ``lists`` [{title, lines [{text, small,
    url}]}], ``edit_url``."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            *self.more_urls(wrap),
            path("<int:pk>/change/", wrap(self.page), name=f"{name}_change"),
            *self.act_urls(wrap),
        ]

    def more_urls(self, wrap: Any) -> list[URLPattern]:
        return []

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []

    def able(self, user: User, row: Any) -> frozenset[str]:
        return type(self).abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return frozenset({Hand.KEEPER}) if keeps_place(user, row.area_id) else frozenset()

    def _find(self, request: HttpRequest, pk: int) -> Any:
        if not self.has_view_permission(request):
            raise NotAllowed
        row = self.rows(request).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """``refused``: forms just refused; ``stale``: what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        context = {
            **self.admin_site.each_context(request),
            "row": row,
            "listed": self.opts.verbose_name_plural,
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            **self.sheet(request, row),
            "timeline": story(row),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)


def story(row: Any) -> list[dict[str, Any]]:
    """What happened, newest first."""
    found = row.events.select_related("actor").order_by("-at", "-pk")[:MOST]
    return [
        {
            "at": moment(one.at),
            "text": str(one.get_verb_display()),
            "who": one.actor.name if one.actor else "",
            "said": one.words,
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, one in enumerate(found)
    ]


def fact(label: Any, text: Any, url: str = "") -> dict[str, Any]:
    return {"label": label, "text": text, "url": url}
