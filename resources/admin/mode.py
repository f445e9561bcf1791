"""平时 and 战时 of a street: how it stands, since when and why; changed by those in command."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from people.models import Area, User
from people.querysets import within
from people.states import Level
from people.visitors import signed_in
from resources.forms.acts import ModeForm
from resources.models import Mode, Resource
from resources.permissions import commands, resource_abilities
from resources.querysets import streets_of
from resources.services.standing import set_mode

HERE = "admin:resources_mode"


def urls(site: AdminSite) -> list[URLPattern]:
    """Its address in the workbench."""
    return [path("resources/mode/", site.admin_view(mode_page), name="resources_mode")]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """Rarely touched: among the settings."""
    user = request.user
    if not isinstance(user, User) or "view" not in resource_abilities(user):
        return None
    url = reverse(HERE)
    item = {"label": _("平时和战时"), "url": url, "current": request.path.startswith(url), "rare": True}
    return {"key": "resources", "title": _("共享仓"), "items": [item]}


@require_http_methods(["GET", "HEAD", "POST"])
def mode_page(request: HttpRequest) -> HttpResponse:
    """The streets one works in, each with how it stands; a form for those in command."""
    user = signed_in(request)
    if "view" not in resource_abilities(user):
        raise NotAllowed
    if request.method != "POST":
        return _page(request, user)
    form = ModeForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        if given.get("version") is None:
            raise Conflict
        emergency = given.get("to") == "emergency"
        set_mode(street=given["street"], by=user, emergency=emergency, why=given["why"], version=given["version"])
    except DomainError as error:
        if error.status in (NotAllowed.status, NotFound.status):
            raise
        add_errors(form, error)
        return _page(request, user, 422 if error.status == 400 else error.status, form)
    messages.success(request, _("转入战时了。") if emergency else _("回到平时了。"))
    return HttpResponseRedirect(reverse(HERE))


def _page(request: HttpRequest, user: User, status: int = 200, refused: ModeForm | None = None) -> HttpResponse:
    own = within(streets_of(user), area="code", street="")
    streets = list(Area.objects.served().filter(own, level=Level.STREET).order_by("code"))
    modes = {mode.street_id: mode for mode in Mode.objects.filter(street__in=streets).select_related("by")}
    context = {
        **admin.site.each_context(request),
        "title": _("平时和战时"),
        "streets": [_street(user, street, modes.get(street.pk), refused) for street in streets],
        "list_url": reverse("admin:resources_resource_changelist") + "?tab=usable&emergency=yes",
    }
    return TemplateResponse(request, "admin/resources/mode.html", context, status=status)


def _street(user: User, street: Area, mode: Mode | None, refused: ModeForm | None) -> dict[str, Any]:
    emergency = mode is not None and mode.emergency
    version = mode.version if mode else 1
    mine = refused is not None and refused.data.get("street") == street.pk
    first = {"street": street.pk, "version": version, "to": "peace" if emergency else "emergency"}
    return {
        "name": street.name,
        "emergency": emergency,
        "since": moment(mode.since) if mode and mode.by else "",
        "why": mode.why if mode else "",
        "who": mode.by.name if mode and mode.by else "",
        "marked": Resource.objects.usable().filter(street_code=street.pk, emergency=True).count(),
        "form": ModeForm(initial=first) if commands(user, street.pk) else None,
        "errors": [text for texts in refused.errors.values() for text in texts] if refused and mine else [],
        "typed": refused.data.get("why", "") if refused and mine else "",
    }
