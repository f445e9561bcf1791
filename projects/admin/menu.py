"""服务菜单 in the workbench: the list with its gaps, a year opened, the page of each service."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from members.models import Alliance, MemberUnit
from members.permissions import keeps_alliance
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects.forms import menu as forms
from projects.listings.menu import MENU
from projects.models import MenuItem, SignUp
from projects.permissions import menu_abilities
from projects.services import menu
from resources.admin.acts import Act, ActViews

PAGE, EDIT = "admin/projects/menuitem/page.html", "admin/projects/edit.html"


def _keeps(row: Any, user: User) -> bool:
    return keeps_alliance(user, row.alliance)


def _change(pk: int, by: User, version: int, form: Any) -> Any:
    row = MenuItem.objects.get(pk=pk)
    return menu.save_menu_item(alliance=row.alliance_id, year=row.year, by=by, item=pk, version=version, **form.given())


def _sign_up(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.given()
    return menu.sign_up(item=pk, by=by, unit=given["unit"].pk, covers=given["covers"], does=given["does"])


def _leave(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.given()
    return menu.leave_menu(pk=given["row"], by=by, words=given["words"])


def _as_it_is(row: Any, user: User) -> dict[str, Any]:
    return {"initial": {name: getattr(row, name) for name in ("kind", "name", "words", "is_active")}}


def _choices(row: Any, user: User) -> dict[str, Any]:
    units = MemberUnit.objects.filter(memberships__in=row.alliance.memberships.active(), suspended_at__isnull=True)
    areas = [(area.pk, area.name) for area in menu.communities(row.alliance)]
    return {"units": units.distinct().order_by("pinyin", "pk"), "areas": areas}


def _signed(row: Any, user: User) -> dict[str, Any]:
    rows = SignUp.objects.live().filter(item=row).select_related("unit").order_by("at", "pk")
    return {"rows": [(one.pk, one.unit.name) for one in rows]}


ACTS = (
    Act(
        name="sign_up",
        verb=None,
        label=gettext_lazy("替单位报名"),
        button=gettext_lazy("替它报名"),
        take=_sign_up,
        done=gettext_lazy("报好了。"),
        form=forms.SignUpForm,
        hint=gettext_lazy("单位自己也可以报。报过的再报一次，就换成新的。"),
        tone="main",
        fits=lambda row, user: _keeps(row, user) and row.is_active,
        arguments=_choices,
    ),
    Act(
        name="leave",
        verb=None,
        label=gettext_lazy("退出报名"),
        take=_leave,
        done=gettext_lazy("记下了。"),
        form=forms.LeaveForm,
        fits=lambda row, user: _keeps(row, user) and bool(_signed(row, user)["rows"]),
        arguments=_signed,
    ),
    Act(
        name="edit",
        verb=None,
        label=gettext_lazy("改这项服务"),
        take=_change,
        done=gettext_lazy("改好了。"),
        form=forms.ItemForm,
        fits=_keeps,
        arguments=_as_it_is,
    ),
)


@admin.register(MenuItem)
class MenuItemAdmin(ActViews, ListedAdmin):
    """Own pages instead of Django's form."""

    listing = MENU
    abilities = staticmethod(menu_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="projects_menuitem_changelist"),
            path("add/", wrap(self.add), name="projects_menuitem_add"),
            path("<int:pk>/change/", wrap(self.page), name="projects_menuitem_change"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return menu_abilities(user, row)

    def _find(self, request: HttpRequest, pk: int) -> MenuItem:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = MenuItem.objects.kept_by(request.user).select_related("alliance__area")
        row: MenuItem | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not _own(signed_in(request)).exists():
            return []
        return [{"label": _("加一项服务"), "url": reverse("admin:projects_menuitem_add"), "main": True}]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One service: who does it, in which communities, where nobody does."""
        row, user = self._find(request, pk), signed_in(request)
        (found,) = menu.cover([row], menu.communities(row.alliance))
        gone = SignUp.objects.filter(item=row, left_at__isnull=False).select_related("unit").order_by("-left_at")[:20]
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "item": row,
            "covered": found,
            "gone": list(gone),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """The menu of a year is opened, and a service put on it."""
        user = signed_in(request)
        own = _own(user)
        if not own.exists():
            raise NotAllowed
        if request.method != "POST":
            return self._form(request, forms.MenuForm(alliances=own))
        form = forms.MenuForm(request.POST, alliances=own)
        if not form.is_valid():
            return self._form(request, form, 422)
        given = dict(form.cleaned_data)
        place: dict[str, Any] = {"alliance": given.pop("alliance").pk, "year": given.pop("year"), "by": user}
        try:
            made = menu.begin_menu(**place, **given)
        except DomainError as error:
            add_errors(form, error)
            return self._form(request, form, 422 if error.status == 400 else error.status)
        messages.success(request, _("加好了。") if made else _("打开了。"))
        listed = f"{reverse('admin:projects_menuitem_changelist')}?year={place['year']}"
        return HttpResponseRedirect(self.change_url(made.pk) if made else listed)

    def _form(self, request: HttpRequest, form: forms.MenuForm, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("加一项服务"),
            "form": form,
            "groups": form.groups(),
            "row": None,
            "listed": self.opts.verbose_name_plural,
            "back_url": reverse("admin:projects_menuitem_changelist"),
        }
        return TemplateResponse(request, EDIT, context, status=status)


def _own(user: User) -> Any:
    """The alliances one keeps."""
    keep = [one.pk for one in Alliance.objects.visible_to(user) if keeps_alliance(user, one)]
    return Alliance.objects.filter(pk__in=keep).order_by("area_id", "pk")
