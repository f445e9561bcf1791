"""暂停预约 in the workbench: the list, one pause, lifting it early. A pause begins on a booking's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import NotAllowed, NotFound
from people.lists import ListedAdmin
from people.visitors import signed_in
from resources.listings.pauses import PAUSES, state, who
from resources.models import Pause
from resources.permissions import pause_abilities
from resources.presenting import times
from resources.services.standing import lift_pause


@admin.register(Pause)
class PauseAdmin(ListedAdmin):
    """Read by whoever works in the street; lifted by who approves there."""

    listing = PAUSES
    abilities = staticmethod(pause_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="resources_pause_changelist"),
            path("<int:pk>/change/", wrap(self.page), name="resources_pause_change"),
            path("<int:pk>/lift/", wrap(self.lift), name="resources_pause_lift"),
        ]

    def _find(self, request: HttpRequest, pk: int) -> Pause:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Pause.objects.visible_to(request.user).select_related("unit", "person", "street", "by")
        row: Pause | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._find(request, pk)
        lines: list[tuple[Any, Any]] = [
            (_("为什么"), row.why),
            (_("从哪天"), times.day(row.starts_on)),
            (_("到哪天恢复"), times.day(row.until)),
            (_("街道"), row.street.name),
            (_("经手人"), row.by.name),
        ]
        in_force = row.lifted_at is None and row.until > timezone.localdate()
        context = {
            **self.admin_site.each_context(request),
            "title": _("暂停预约"),
            "who": who(row),
            "state": state(row),
            "pause": row,
            "facts": [{"label": label, "text": text} for label, text in lines],
            "may_lift": in_force and "change" in pause_abilities(request.user, row),
        }
        return TemplateResponse(request, "admin/resources/pause.html", context)

    def lift(self, request: HttpRequest, pk: int) -> HttpResponse:
        """提前恢复."""
        self._find(request, pk)
        if request.method == "POST":
            lift_pause(pk=pk, by=signed_in(request))
            messages.success(request, _("恢复了，又可以预约。"))
        return HttpResponseRedirect(reverse("admin:resources_pause_change", args=[pk]))
