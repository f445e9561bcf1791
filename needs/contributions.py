"""What needs add to the workbench: menu, tiles, the queue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alliance.lib.pagination import count_label
from alliance.lib.registry import contribute
from needs import presenting, selectors
from needs.defaults import load_defaults
from needs.permissions import abilities
from needs.views.staff import list_url
from people.models import User


def _worker(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and "view" in abilities(user) else None


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """办事: the workbench itself and the list of needs."""
    from_here = request.path
    user = _worker(request)
    if user is None:
        return None
    home, needs = "/admin/", list_url()
    pending = selectors.counts(user)["pending"]
    return {
        "title": _("办事"),
        "items": [
            {"label": _("工作台"), "url": home, "current": from_here == home},
            {
                "label": _("诉求"),
                "url": needs,
                "count": count_label(pending) if pending else "",
                "current": from_here.startswith(needs),
            },
        ],
    }


def tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """待我受理 / 今日到期 / 已超期 / 我经办的."""
    user = _worker(request)
    if user is None:
        return []
    counts = selectors.counts(user)
    return [
        {"label": _("待我受理"), "value": count_label(counts["pending"]), "url": list_url(tab="pending")},
        {"label": _("今日到期"), "value": count_label(counts["today"]), "url": list_url(tab="today")},
        {
            "label": _("已超期"),
            "value": count_label(counts["overdue"]),
            "url": list_url(tab="overdue"),
            "tone": "late" if counts["overdue"] else "",
        },
        {"label": _("我经办的"), "value": count_label(counts["mine"]), "url": list_url(tab="mine")},
    ]


def queue(request: HttpRequest) -> dict[str, Any]:
    """The ten most urgent needs."""
    user = _worker(request)
    if user is None:
        return {"rows": None}
    return {
        "rows": presenting.rows(selectors.queue(user), user),
        "all_url": list_url(),
        "tiles": tiles(request),
    }


def who(request: HttpRequest) -> dict[str, Any]:
    """The person in the header: name and first place of work."""
    user = request.user
    if not isinstance(user, User):
        return {}
    grant = user.grants.active().select_related("area").order_by("id").first()
    return {"user_line": f"{user.name} · {grant.area.name}" if grant else user.name}


contribute("defaults", load_defaults, order=20)
contribute("workbench.nav", nav, order=10)
contribute("workbench.tiles", tiles, order=10)
contribute("workbench.queue", queue)
contribute("workbench.context", who)
