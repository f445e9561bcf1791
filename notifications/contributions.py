"""What notifications add to the workbench: the inbox, its counter, a panel of unread notices."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.registry import contribute
from notifications import services, views
from people.models import User


def workbench_urls(site: AdminSite) -> list[URLPattern]:
    """``admin:inbox``."""
    return [path("inbox/", site.admin_view(views.inbox), name="inbox")]


def workbench_context(request: HttpRequest) -> dict[str, Any]:
    """The number beside 消息 in the header."""
    return {"unread": services.unread_count(request.user)} if isinstance(request.user, User) else {}


def unread_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The newest unread notices; no panel when everything has been read."""
    if not isinstance(request.user, User):
        return None
    notices = services.latest_unread(request.user)
    if not notices:
        return None
    lines = [
        {"text": notice.title, "small": notice.body, "when": views.when_text(notice), "url": notice.url}
        for notice in notices
    ]
    return {"title": _("未读提醒"), "url": reverse("admin:inbox"), "lines": lines}


contribute("workbench.urls", workbench_urls)
contribute("workbench.context", workbench_context)
contribute("workbench.panels", unread_panel, order=20)
