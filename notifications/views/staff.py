"""The staff inbox, a page of the workbench."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import NotFound
from notifications import services
from people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """GET: one page of own notices. POST ``read=<pk>`` or ``read=all``: mark as read."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    if request.method == "POST":
        services.mark_read(user, _chosen(request.POST.get("read", "")))
        return HttpResponseRedirect(_here(request.GET.get("cursor", "")))
    cursor = request.GET.get("cursor", "")
    page = services.inbox(user, cursor)
    context = {
        **admin.site.each_context(request),
        "rows": [_row(notice) for notice in page.rows],
        "unread": services.unread_count(user),
        "next_url": _here(page.next_cursor) if page.next_cursor else "",
        "first_url": _here("") if cursor else "",
    }
    return TemplateResponse(request, "admin/inbox.html", context)


def when_text(notice: services.Notice) -> str:
    """The time of a notice: 11-21 14:30."""
    return date_format(localtime(notice.when), "m-d H:i")


def _row(notice: services.Notice) -> dict[str, Any]:
    return {
        "pk": notice.pk,
        "title": notice.title,
        "body": notice.body,
        "url": notice.url,
        "when": when_text(notice),
        "unread": notice.unread,
    }


def _chosen(value: str) -> int | None:
    """The number in ``read=<pk>``; None for ``all``. Raises ``NotFound`` for anything else."""
    if value == "all":
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise NotFound
    return int(value)


def _here(cursor: str) -> str:
    address = reverse("admin:inbox")
    return f"{address}?{urlencode({'cursor': cursor})}" if cursor else address
