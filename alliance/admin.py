"""The workbench (工作台): Django's admin site with an index that opens on work, fed by the apps' contributions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from alliance.lib.errors import Invalid
from alliance.lib.registry import contributions
from people.services.accounts import change_password


class OwnPasswordForm(PasswordChangeForm):
    """Django's form; the service stores the password."""

    def save(self, commit: bool = True) -> Any:
        user = change_password(user=self.user, password=self.cleaned_data["new_password1"])
        self.user.password = user.password
        return self.user


class OwnPasswordView(PasswordChangeView):
    """What the service refuses stands at the field."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except Invalid as error:
            form.add_error("new_password1", [str(text) for texts in error.fields.values() for text in texts])
            return self.form_invalid(form)


def home_of(user: Any) -> str:
    """Where somebody belongs who works here without a role (``door.homes``: user → address, or nothing)."""
    return next((home for find in contributions("door.homes") if (home := find(user))), "")


class DoorForm(AdminAuthenticationForm):
    """Lets in whoever has a role, and whoever has another place to work at."""

    def confirm_login_allowed(self, user: Any) -> None:
        if not (user.is_active and home_of(user)):
            super().confirm_login_allowed(user)


class Workbench(admin.AdminSite):
    """Navigation, queue, tiles and panels come from ``workbench.*`` contributions; this class only lays the table."""

    site_header = gettext_lazy("同心")
    site_title = gettext_lazy("同心工作台")
    index_title = gettext_lazy("工作台")
    index_template = "admin/index.html"
    login_template = "admin/login.html"
    login_form = DoorForm
    enable_nav_sidebar = False
    _empty_value_display = "—"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if self.has_permission(request):
            context["nav"] = list(self._nav(request))
            for add in contributions("workbench.context"):
                context.update(add(request))
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Asked for by frame, menu and index: worked out once per request."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        found: list[Any] | None = getattr(request, "_app_list", None)
        if found is None:
            found = super().get_app_list(request)
            request._app_list = found  # type: ignore[attr-defined]
        return found

    def _nav(self, request: HttpRequest) -> Iterable[dict[str, Any]]:
        """Sections of the menu: contributed first, then the plain lists the person may open; last, folded, what is
        rarely touched."""
        home, sections = reverse("admin:index"), self._sections(request)
        if not any(item["url"] == home for section in sections for item in section["items"]):
            here = {"label": self.index_title, "url": home, "current": request.path == home}
            yield {"title": "", "items": [here]}
        for section in sections:
            if items := [item for item in section["items"] if not item.get("rare")]:
                yield {**section, "items": items}
        if rare := [item for section in sections for item in section["items"] if item.get("rare")]:
            here_now = any(item["current"] for item in rare)
            yield {"title": _("设置"), "items": rare, "folded": True, "open": here_now}

    def _sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What is contributed and the lists. Sections of one ``key`` are one; an app's label is its lists' key."""
        lists, found = self._lists(request), dict[str, dict[str, Any]]()
        for add in contributions("workbench.nav"):
            section = add(request)
            if section is None:
                continue
            key = section.get("key") or section["title"]
            there = lists.get(key) or found.setdefault(key, {**section, "items": []})
            there["items"] = [*there["items"], *section["items"]]
        return [*found.values(), *lists.values()]

    def _lists(self, request: HttpRequest) -> dict[str, dict[str, Any]]:
        """By app the lists the person may open, in the order of the app's ``menu`` (names of models, the others
        behind); those of its ``menu_rare`` are rarely touched."""
        found = {}
        for app in self.get_app_list(request):
            config = apps.get_app_config(app["app_label"])
            order, rare = getattr(config, "menu", ()), getattr(config, "menu_rare", ())
            place = {name: n for n, name in enumerate(order)}
            items = []
            for model in sorted(app["models"], key=lambda one: place.get(one["object_name"].lower(), len(order))):
                url, name = model["admin_url"], model["object_name"].lower()
                if url and not getattr(self._registry[model["model"]], "own_menu", False):
                    current = request.path.startswith(url)
                    items.append({"label": model["name"], "url": url, "current": current, "rare": name in rare})
            if items:
                found[app["app_label"]] = {"title": app["name"], "items": items}
        return found

    def get_urls(self) -> list[URLResolver | URLPattern]:
        contributed = [pattern for add in contributions("workbench.urls") for pattern in add(self)]
        queue = path("workbench/queue/", self.admin_view(self.queue), name="workbench_queue")
        return [queue, *contributed, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The page a working day starts on: what waits, what is due, what is late."""
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "today": timezone.localdate(),
            "tiles": [tile for add in contributions("workbench.tiles") for tile in add(request)],
            "panels": [panel for add in contributions("workbench.panels") if (panel := add(request))],
            "may_set_up": any(model["perms"]["add"] for app in self.get_app_list(request) for model in app["models"]),
            **self._queue(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.index_template, context)

    def queue(self, request: HttpRequest) -> HttpResponse:
        """The ten most urgent rows alone, fetched again by the open page every few seconds."""
        return TemplateResponse(request, "admin/needs/_queue.html", self._queue(request))

    def _queue(self, request: HttpRequest) -> dict[str, Any]:
        result: dict[str, Any] = {"rows": [], "total": 0, "queue_url": reverse("admin:workbench_queue")}
        for add in contributions("workbench.queue"):
            result.update(add(request))
        return result

    @method_decorator(never_cache)
    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Choose one's own password; asked for at the first sign-in."""
        view = OwnPasswordView.as_view(
            form_class=OwnPasswordForm,
            template_name="registration/password_change_form.html",
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return cast(TemplateResponse, view(request))

    @method_decorator(never_cache)
    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().password_change_done(request, extra_context)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {**(extra_context or {})}
        for add in contributions("workbench.door"):
            context.update(add(request))
        response = super().login(request, context)
        user: Any = request.user
        if response.status_code == 302 and user.is_authenticated and not user.is_staff:
            wanted = response.headers["Location"]  # a safe one: Django has looked at it
            if wanted.startswith(reverse("admin:index")):
                return redirect(home_of(user) or "portal:my")
        return response
