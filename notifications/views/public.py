"""Public pages: one's notices, and the page behind a card's link."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.about import about
from alliance.lib.calendar_file import TYPE, calendar_file
from alliance.lib.errors import DomainError, NotFound, TooMany
from alliance.lib.http import client_ip
from notifications import services
from notifications.forms import CardForm, show_refusal
from notifications.services import Shown
from notifications.views.reading import chosen, page_url, row_of
from people.visitors import signed_in

REFUSED = 422
INBOX = "notifications:inbox"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """GET: one page of own notices. POST ``read=<pk>`` or ``read=all``: mark as read. Staff have theirs inside."""
    user = signed_in(request)
    if admin.site.has_permission(request):
        return redirect("admin:inbox")
    cursor = request.GET.get("cursor", "")
    if request.method == "POST":
        services.mark_read(user, chosen(request.POST.get("read", "")))
        return HttpResponseRedirect(page_url(INBOX, cursor))
    page = services.inbox(user, cursor)
    context = {
        "nav_current": "my",
        "rows": [row_of(notice) for notice in page.rows],
        "unread": services.unread_count(user),
        "next_url": page_url(INBOX, page.next_cursor) if page.next_cursor else "",
        "first_url": page_url(INBOX, "") if cursor else "",
        "here": page_url(INBOX, cursor),
    }
    return render(request, "notifications/inbox.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, token: str) -> HttpResponse:
    """One question, one answer. Looking changes nothing and signs nobody in: links are opened by robots, too."""
    try:
        shown = services.show_card(token=token, ip=client_ip(request))
        response = _answered(request, token, shown) if request.method == "POST" else _card_page(request, token, shown)
    except NotFound:
        response = render(request, "notifications/card_gone.html", status=404)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def card_file(request: HttpRequest, token: str) -> HttpResponse:
    """What the card asks about as a calendar takes it, for whoever holds the link. Raises as ``show_card``."""
    shown = services.show_card(token=token, ip=client_ip(request))
    found = shown.kind.happening(shown.card) if shown.kind.happening else None
    if found is None:
        raise NotFound
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"', "X-Robots-Tag": "noindex, nofollow"}
    return HttpResponse(calendar_file([found], made_at=timezone.now()), content_type=TYPE, headers=headers)


def _answered(request: HttpRequest, token: str, shown: Shown) -> HttpResponse:
    form = CardForm(shown.kind, request.POST)
    form.is_valid()
    try:
        shown, counts = services.answer_card(
            token=token,
            value=request.POST.get("answer", ""),
            note=request.POST.get("note", ""),
            ip=client_ip(request),
        )
    except (NotFound, TooMany):
        raise
    except DomainError as error:
        show_refusal(form, error)
        shown = services.show_card(token=token, ip=client_ip(request))
        return _card_page(request, token, shown, form=form, status=REFUSED if error.status == 400 else error.status)
    if counts or shown.card.answer == request.POST.get("answer", ""):
        return redirect("notifications:card", token)
    return _card_page(request, token, shown, status=409, second=True)


def _card_page(
    request: HttpRequest,
    token: str,
    shown: Shown,
    *,
    form: CardForm | None = None,
    status: int = 200,
    second: bool = False,
) -> HttpResponse:
    card = shown.card
    about(request, card.area_code)
    context: dict[str, Any] = {
        "token": token,
        "card": card,
        "page": shown.page,
        "has_file": shown.kind.happening is not None and not shown.expired and shown.kind.happening(card) is not None,
        "kind": shown.kind.label,
        "answered": shown.kind.label_of(card.answer) if card.answered_at else "",
        "second": second,
        "expired": shown.expired,
        "form": form or CardForm(shown.kind),
        "note_length": services.NOTE_LENGTH,
    }
    return render(request, "notifications/card.html", context, status=status)
