"""What notifications add to other pages: the inbox and its counter, unread notices, what is known about a person."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.registry import contribute
from notifications import services
from notifications.metrics import metrics
from notifications.views import preferences, staff
from notifications.views.reading import abouts, body_of, title_of, when_text
from people.models import User


def workbench_urls(site: AdminSite) -> list[URLPattern]:
    """``admin:inbox`` and ``admin:preferences``."""
    return [
        path("inbox/", site.admin_view(staff.inbox), name="inbox"),
        path("inbox/preferences/", site.admin_view(preferences.staff_preferences), name="preferences"),
    ]


def workbench_context(request: HttpRequest) -> dict[str, Any]:
    """The number beside 消息 in the header."""
    user = request.user
    return {"unread": cache(lambda: services.unread_count(user))} if isinstance(user, User) else {}


def _line(notice: services.Notice, about: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "text": title_of(notice, about or {}),
        "small": body_of(notice, about or {}),
        "when": when_text(notice),
        "url": notice.url,
    }


def unread_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The newest unread notices; no panel when everything has been read."""
    if not isinstance(request.user, User):
        return None
    notices = services.latest_unread(request.user)
    if not notices:
        return None
    about = abouts(request.user, notices)
    lines = [_line(notice, about) for notice in notices]
    return {"title": _("未读消息"), "url": reverse("admin:inbox"), "lines": lines}


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """For one's own page: the newest notices and the way to all of them."""
    if not isinstance(request.user, User):
        return None
    unread = services.unread_count(request.user)
    return {
        "title": _("消息"),
        "lines": [_line(notice) for notice in services.latest(request.user)],
        "empty": _("现在没有消息。"),
        "url": reverse("notifications:inbox"),
        "url_label": _("看全部消息，没读：%(n)s") % {"n": unread} if unread else _("看全部消息"),
        "order": 20,
    }


def my_data(user: User) -> dict[str, Any]:
    """For the copy of one's data: what was said to the person, and the cards sent to them."""
    return services.own_data(user)


def my_erase(user: User) -> None:
    """What messages and cards say about the person is emptied."""
    services.erase_own(user)


contribute("metrics", metrics)
contribute("workbench.urls", workbench_urls)
contribute("workbench.context", workbench_context)
contribute("workbench.panels", unread_panel, order=20)
contribute("my.sections", my_section, order=20)
contribute("my.data", my_data, order=20)
contribute("my.erase", my_erase, order=20)
