"""提醒设置: what one wants to be told outside the site, and when. One page for staff, one for everybody else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import Invalid, NotFound
from alliance.lib.refused import add_errors
from notifications import services
from notifications.forms import PreferencesForm
from people.models import User
from people.visitors import signed_in

REFUSED = 422
PUBLIC, STAFF = "notifications:preferences", "admin:preferences"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Residents, volunteers and units. Staff have theirs inside."""
    user = signed_in(request)
    if admin.site.has_permission(request):
        return redirect(STAFF)
    form, saved = _worked(request, user)
    if saved:
        return HttpResponseRedirect(reverse(PUBLIC))
    context = {"nav_current": "my", **_context(user, form)}
    return render(request, "notifications/preferences.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_preferences(request: HttpRequest) -> HttpResponse:
    """The same in the workbench."""
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    form, saved = _worked(request, user)
    if saved:
        return HttpResponseRedirect(reverse(STAFF))
    context = {**admin.site.each_context(request), **_context(user, form)}
    status = REFUSED if form.errors else 200
    return TemplateResponse(request, "admin/preferences.html", context, status=status)


def _worked(request: HttpRequest, user: User) -> tuple[PreferencesForm, bool]:
    """The form as it stands, and whether it was kept."""
    shown, ways = services.topics(), services.open_channels(user)
    usual = services.usual_quiet_hours() is not None
    if request.method != "POST":
        return PreferencesForm(shown, ways, initial=_initial(services.wanted_by(user)), usual=usual), False
    form = PreferencesForm(shown, ways, request.POST, usual=usual)
    if not form.is_valid():
        return form, False
    starts, ends = form.hours()
    try:
        services.save_preferences(user, paces=form.paces(), starts=starts, ends=ends)
    except Invalid as error:
        add_errors(form, error)
        return form, False
    messages.success(request, _("记下了，以后照这样提醒您。"))
    return form, True


def _initial(wanted: services.Wanted) -> dict[str, Any]:
    hours = {"starts": wanted.starts, "ends": wanted.ends}
    return {
        **{f"{topic}-{channel}": pace for (topic, channel), pace in wanted.paces.items()},
        **{name: f"{moment:%H:%M}" for name, moment in hours.items() if moment},
    }


def _context(user: User, form: PreferencesForm) -> dict[str, Any]:
    return {"form": form, "rows": form.rows(), "reachable": bool(services.open_channels(user))}
