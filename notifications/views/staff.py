"""The staff inbox, a page of the workbench."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import NotFound
from notifications import services
from notifications.views.reading import abouts, chosen, page_url, row_of
from people.models import User

HERE = "admin:inbox"


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """GET: one page of own notices. POST ``read=<pk>`` or ``read=all``: mark as read."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    cursor = request.GET.get("cursor", "")
    if request.method == "POST":
        services.mark_read(user, chosen(request.POST.get("read", "")))
        return HttpResponseRedirect(page_url(HERE, cursor))
    page = services.inbox(user, cursor)
    about = abouts(user, page.rows)
    context = {
        **admin.site.each_context(request),
        "rows": [row_of(notice, about) for notice in page.rows],
        "unread": services.unread_count(user),
        "next_url": page_url(HERE, page.next_cursor) if page.next_cursor else "",
        "first_url": page_url(HERE, "") if cursor else "",
    }
    return TemplateResponse(request, "admin/inbox.html", context)
