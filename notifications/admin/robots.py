"""群机器人: kept by the system administrators of an area. A secret is written here and never shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.lib.admin import ScopedAdmin
from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from notifications import services
from notifications.forms_robots import RobotForm
from notifications.models import Robot
from notifications.permissions import robot_abilities
from people.models import Area
from people.querysets import within
from people.states import Level, Role
from people.visitors import signed_in

REFUSED = 422
SHOWN = 30
LIST = "admin:notifications_robot_changelist"


@admin.register(Robot)
class RobotAdmin(ScopedAdmin):
    """A list, one form, a test, and the record of what was said."""

    abilities = staticmethod(robot_abilities)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.robots), name="notifications_robot_changelist"),
            path("add/", view(self.robot), name="notifications_robot_add"),
            path("<int:pk>/change/", view(self.robot), name="notifications_robot_change"),
            path("<int:pk>/test/", view(self.test), name="robot_test"),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD"]))
    def robots(self, request: HttpRequest) -> HttpResponse:
        """Those of one's areas."""
        self._require(request)
        rows = Robot.objects.visible_to(request.user).select_related("area").order_by("area_id", "name")
        context = {**self.admin_site.each_context(request), "title": _("群机器人"), "robots": rows}
        return TemplateResponse(request, "admin/notifications/robots.html", context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def robot(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """A new one, or one of them with its record."""
        self._require(request)
        row = self._row(request, pk) if pk else None
        areas = _areas(request.user)
        if request.method != "POST":
            return self._page(request, row, RobotForm(row, areas))
        form = RobotForm(row, areas, request.POST)
        if not form.is_valid():
            return self._page(request, row, form, REFUSED)
        try:
            services.save_robot(by=signed_in(request), pk=pk, **form.cleaned_data)
        except (Conflict, Invalid) as error:
            add_errors(form, error)
            return self._page(request, row, form, REFUSED if isinstance(error, Invalid) else error.status)
        messages.success(request, _("存好了。按“试一条”，看看群里收不收得到。"))
        return redirect(LIST)

    @method_decorator(require_POST)
    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """试一条."""
        services.test_robot(by=signed_in(request), pk=pk)
        messages.success(request, _("正在发，过一会儿刷新，看下面的记录。"))
        return redirect("admin:notifications_robot_change", pk)

    def _require(self, request: HttpRequest) -> None:
        if "view" not in robot_abilities(request.user):
            raise NotAllowed

    def _row(self, request: HttpRequest, pk: int) -> Robot:
        row = Robot.objects.visible_to(request.user).select_related("area").filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def _page(self, request: HttpRequest, row: Robot | None, form: RobotForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": str(row) if row else _("新建群机器人"),
            "robot": row,
            "form": form,
            "posts": row.posts.order_by("-created_at", "-id")[:SHOWN] if row else (),
            "sendings": row.sendings.order_by("-at", "-id")[:SHOWN] if row else (),
        }
        return TemplateResponse(request, "admin/notifications/robot.html", context, status=status)


def _areas(user: Any) -> list[tuple[str, str]]:
    """Streets and communities one keeps."""
    own = within(user.areas_of(Role.SYSTEM_ADMIN), area="code", street="")
    rows = Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY], is_served=True).order_by("code")
    return [(area.pk, area.name) for area in rows]
