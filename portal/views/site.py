"""The public home, the notice, the display switch, health, and the pages of errors Django raises by itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from alliance.lib.http import error_page
from members.services import public_units, sole_alliance
from needs.figures import monthly_figures
from people.models import Area
from people.services.consents import current_notice
from people.states import Level
from portal.context import ELDER_COOKIE

A_YEAR = 365 * 86_400
NAMES = 12


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can do here, what came of it this month, who helps."""
    alliance = sole_alliance()
    units = public_units(alliance.street_code if alliance else "")
    context = {
        "nav_current": "home",
        "figures": monthly_figures(),
        "communities_count": Area.objects.served().filter(level=Level.COMMUNITY).count(),
        "units": units[:NAMES],
        "units_count": len(units),
        "units_url": reverse("members:units", args=[alliance.pk]) if alliance else reverse("members:alliances"),
    }
    return render(request, "portal/home.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The whole privacy notice."""
    return render(request, "portal/privacy.html", {"notice": current_notice("need")})


@login_not_required
@require_safe
def account_privacy(request: HttpRequest) -> HttpResponse:
    """The whole notice under which accounts are made."""
    return render(request, "portal/privacy.html", {"notice": current_notice("account")})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What helps those who see, hear or move less easily."""
    return render(request, "portal/accessibility.html")


@login_not_required
def display(request: HttpRequest) -> HttpResponseRedirect:
    """Switch 长辈版 on or off and go back to where one was."""
    if request.method != "POST":
        return HttpResponseRedirect("/")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    elder = "on" if request.POST.get("elder") == "on" else "off"
    response.set_cookie(ELDER_COOKIE, elder, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@login_not_required
@cache_control(max_age=86_400, public=True)
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for the old address get the mark."""
    return redirect(static("img/mark.svg"))


@login_not_required
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines stay on the public pages; progress pages belong to one person."""
    closed = ("/n/", "/c/", "/cal/", "/inbox/", "/admin/", "/say/", "/my/", "/sign-in/")
    lines = "".join(f"Disallow: {path}\n" for path in closed)
    return HttpResponse(f"User-agent: *\n{lines}", content_type="text/plain")


def _answer(request: HttpRequest, code: str, message: str, status: int) -> HttpResponse:
    """A page, or for the API the shape of every refusal."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "message": message}, status=status)
    if status == 500:  # stands when the database does not
        return render(request, "500.html", status=status)
    return error_page(request, status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "invalid", _("内容不对，请核对后再试。"), 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "not_allowed", _("您没有办理这件事的权限。"), 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "not_found", _("没有找到。请核对后再试。"), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, "error", _("出了点问题，已经记下，请稍后再试。"), 500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """The form's secret was too old or cookies are off."""
    return error_page(request, 403, {"expired": True}, public="403_csrf.html")
