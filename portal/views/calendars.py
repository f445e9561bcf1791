"""What one has ahead, in one's own calendar: a secret link, made and taken back by oneself, and what it gives."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.calendar_file import TYPE, Happening, calendar_file
from alliance.lib.http import client_ip
from alliance.lib.registry import contributions
from people.models import User
from people.services.calendar_links import live_link, make_link, owner_of, revoke_link
from people.visitors import signed_in

BACK = timedelta(days=60)
MOST = 500


@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """GET: whether there is a link. POST ``make``: a new one, shown this once. POST ``revoke``: none any more."""
    user, url = signed_in(request), ""
    if "make" in request.POST:
        path = reverse("portal:calendar_feed", args=[make_link(user)])
        url = f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
    elif "revoke" in request.POST:
        revoke_link(user)
        messages.success(request, _("作废了，原来的链接再也看不到什么。"))
        return redirect("portal:calendar")
    context = {"link": live_link(user), "url": url, "nav_current": "my"}
    return render(request, "portal/calendar.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever the link belongs to, for programs that ask again and again."""
    user = owner_of(token, ip=client_ip(request))
    content = calendar_file(
        happenings_of(user), made_at=timezone.now(), name=_("同心 · %(name)s") % {"name": user.name}
    )
    return HttpResponse(content, content_type=TYPE, headers={"X-Robots-Tag": "noindex, nofollow"})


def happenings_of(user: User) -> list[Happening]:
    """What the apps know of that ``user`` has ahead, or had lately, the earliest first (``person.happenings``)."""
    since = timezone.now() - BACK
    found = [one for add in contributions("person.happenings") for one in add(user, since)]
    return sorted(found, key=lambda one: (one.starts, one.key))[-MOST:]
