"""What the pages of the workbench about volunteers and teams have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from alliance.lib.errors import NotAllowed, NotFound
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from resources.admin.acts import Act, ActViews

PAGE = "admin/volunteers/page.html"


class PeoplePages(ActViews, ListedAdmin):
    """One page per row: facts at the left, what can be done at the right."""

    rows: Callable[[HttpRequest], Any]
    """What may be opened, with what the page shows."""
    sheet: Callable[[HttpRequest, Any], dict[str, Any]]
    """``title``, ``state`` (Cell), ``facts`` [{label, text}], ``lists`` [{title, lines [{text, small, url}]}]."""
    keeps: Callable[[User, Any], bool]
    """Whether somebody keeps the row's place, and is told by the service where it is too late."""

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

    def able(self, user: User, row: Any) -> frozenset[str]:
        return type(self).abilities(user, row)

    def _open_to(self, act: Act, row: Any, user: User) -> bool:
        """Whoever keeps it is told by the service where it is too late."""
        return act.verb in self.able(user, row) or self.keeps(user, row)

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
            "list_url": self.list_url(),
            **self.sheet(request, row),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []
