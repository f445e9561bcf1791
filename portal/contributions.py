"""What the portal adds to the workbench's door: whose it is, and in the demo who may try it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from alliance.lib.about import about
from alliance.lib.errors import NotAllowed
from alliance.lib.registry import contribute
from members.services import alliance_of, sole_alliance
from people.models import User
from people.permissions import workplace
from people.states import Role
from portal.demo import loading
from portal.views import approvals, lists, year


def door(request: HttpRequest) -> dict[str, Any]:
    """Name of the alliance for the sign-in page, if it is everybody's; the demo's accounts where the demo is on."""
    alliance = sole_alliance()
    accounts = [
        {"username": username, "password": password, "role": does}
        for username, password, does in loading.door_accounts()
    ]
    return {"site_alliance": alliance.name if alliance else "", "demo_accounts": accounts if settings.DEMO else []}


def whose(request: HttpRequest) -> dict[str, Any]:
    """The alliance of the area where one works: its name stands in the head of the workbench."""
    user = request.user
    here = workplace(user) if isinstance(user, User) else ""
    about(request, here)
    found = alliance_of(here)
    return {"site_alliance": found.name if found else ""}


def staff_error(request: HttpRequest, status: int) -> tuple[str, dict[str, Any]] | None:
    """Errors inside the workbench keep its frame, so that whoever works there goes on from it; its numbers of what
    waits are for pages one works on."""
    known = hasattr(request, "user")  # not yet, where a request is refused at the first glance
    inside = known and request.path.startswith(reverse("admin:index")) and admin.site.has_permission(request)
    if not inside:
        return None
    frame, list_url = admin.site.each_context(request), reverse("admin:needs_need_changelist")
    in_menu = any(item["url"] == list_url for group in frame["nav"] for item in group["items"])
    words = {
        "about_need": request.path.startswith(list_url),
        "list_url": list_url if in_menu else "",
        "runs_site": isinstance(request.user, User) and request.user.has_role(Role.SYSTEM_ADMIN),
        "usual": NotAllowed.default,
    }
    return "admin/error.html", {**frame, **words, "uncounted": True}


def workbench_urls(site: AdminSite) -> list[URLPattern]:
    """``admin:approvals``, and the requests for more time decided there."""
    wrap = site.admin_view
    return [
        path("approvals/", wrap(approvals.inbox), name="approvals"),
        path("approvals/extensions/<int:pk>/", wrap(approvals.extension), name="approvals_extension"),
    ]


contribute("errors.page", staff_error)
contribute("workbench.context", whose)
contribute("workbench.urls", workbench_urls)
contribute("workbench.urls", lists.staff_urls)
contribute("workbench.urls", year.urls)
contribute("workbench.nav", lists.staff_nav, order=15)
contribute("workbench.nav", year.nav, order=16)
contribute("workbench.door", door)
