"""两张清单 in the workbench: the rounds, how far the units are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from members.models import Alliance
from members.permissions import keeps_alliance
from needs.forms.lists import AgainForm, RoundForm
from needs.listings.lists import LISTS, ROUNDS
from needs.models import ListRound, UnitLists
from needs.permissions import lists_abilities, round_abilities
from needs.services import list_rounds
from needs.services.list_units import tally
from needs.states.lists import ListsState, ListVerb
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in

REFUSED, FEW = 422, 12
PAGE, EDIT = "admin/needs/round/page.html", "admin/needs/round/edit.html"


@admin.register(ListRound)
class ListRoundAdmin(ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = ROUNDS
    own_menu = True
    abilities = staticmethod(round_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "needs_listround"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.add), name=f"{name}_add"),
            path("<int:pk>/change/", wrap(self.page), name=f"{name}_change"),
            path("<int:pk>/edit/", wrap(self.edit), name=f"{name}_edit"),
            path("<int:pk>/remind/", wrap(self.remind), name=f"{name}_remind"),
            path("<int:pk>/close/", wrap(self.close), name=f"{name}_close"),
            path("<int:pk>/reopen/", wrap(self.reopen), name=f"{name}_reopen"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            {"label": _("填报情况"), "url": reverse("admin:needs_unitlists_changelist"), "main": False},
            {"label": _("清单条目"), "url": reverse("admin:needs_listline_changelist"), "main": False},
        ]
        if _own(signed_in(request)):
            found.append({"label": _("开始填报"), "url": reverse("admin:needs_listround_add"), "main": True})
        return found

    def _find(self, request: HttpRequest, pk: int) -> ListRound:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = ListRound.objects.visible_to(request.user).select_related("alliance__area", "opened_by")
        row: ListRound | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(
        self, request: HttpRequest, pk: int, status: int = 200, said: str = "", again: AgainForm | None = None
    ) -> HttpResponse:
        """One round in numbers, who has not sent theirs, and what may be done."""
        row, user = self._find(request, pk), signed_in(request)
        verbs = round_abilities(user, row)
        waiting = UnitLists.objects.filter(round=row, unit__merged_into__isnull=True).exclude(state=ListsState.SENT)
        shown = list(waiting.select_related("unit__area").order_by("unit__sorted_as", "pk")[: FEW + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": row.title,
            "round": row,
            "tally": tally(row),
            "waiting": shown[:FEW],
            "more_waiting": len(shown) > FEW,
            "late": row.last_day < timezone.localdate(),
            "may": {verb.value: verb in verbs for verb in ListVerb},
            "reminded_today": row.reminded_on == timezone.localdate(),
            "again": again or AgainForm(initial={"version": row.version}, label_suffix=""),
            "said": said,
            "events": row.events.filter(lists__isnull=True).select_related("actor").order_by("-at", "-pk"),
            "links": {"lists": _link("unitlists", row), "lines": _link("listline", row)},
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """开始填报."""
        user = signed_in(request)
        own = _own(user)
        if not own:
            raise NotAllowed
        year = timezone.localdate().year
        if request.method != "POST":
            initial = {"alliance": own[0][0], "year": year, "title": _("%(year)d年两张清单") % {"year": year}}
            return self._form(request, RoundForm(alliances=own, initial=initial), None)
        form = RoundForm(request.POST, alliances=own)
        if not form.is_valid():
            return self._form(request, form, None, REFUSED)
        given = form.cleaned_data
        named = given["alliance"]
        try:
            row = list_rounds.open_round(
                alliance=int(named) if named else 0, by=user, year=given["year"] or 0, **_typed(given)
            )
        except DomainError as error:
            return self._refused(request, form, error, None)
        messages.success(request, _("开始了，各单位的联络员都告诉了。"))
        return HttpResponseRedirect(reverse("admin:needs_listround_change", args=[row.pk]))

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another name, other words, another last day."""
        row, user = self._find(request, pk), signed_in(request)
        if ListVerb.CHANGE not in round_abilities(user, row):
            raise NotAllowed
        if request.method != "POST":
            names = ("title", "words", "last_day", "version")
            return self._form(request, RoundForm(initial={name: getattr(row, name) for name in names}), row)
        form = RoundForm(request.POST)
        if not form.is_valid():
            return self._form(request, form, row, REFUSED)
        try:
            version = _version(form)
            list_rounds.change_round(pk=pk, by=user, version=version, **_typed(form.cleaned_data))
        except DomainError as error:
            return self._refused(request, form, error, row)
        messages.success(request, _("改好了。"))
        return self._back(pk)

    def remind(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: 催一下."""
        self._find(request, pk)
        if request.method == "POST":
            try:
                told = list_rounds.remind_round(pk=pk, by=signed_in(request))
            except DomainError as error:
                if error.status != 409:
                    raise
                return self.page(request, pk, 409, str(error.message))
            text = ngettext("提醒了%(n)d位联络员。", "提醒了%(n)d位联络员。", told)
            messages.success(request, text % {"n": told})
        return self._back(pk)

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: 结束填报."""
        self._find(request, pk)
        if request.method == "POST":
            form = AgainForm(request.POST)
            form.is_valid()
            try:
                list_rounds.close_round(pk=pk, by=signed_in(request), version=_version(form))
            except DomainError as error:
                if error.status != 409:
                    raise
                return self.page(request, pk, 409, str(error.message))
            messages.success(request, _("这一轮结束了。交上来的照常办。"))
        return self._back(pk)

    def reopen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: 再开放."""
        self._find(request, pk)
        if request.method == "POST":
            form = AgainForm(request.POST, label_suffix="")
            complete = form.is_valid()
            try:
                if not complete:
                    return self.page(request, pk, REFUSED, again=form)
                day = form.cleaned_data["last_day"]
                list_rounds.reopen_round(pk=pk, by=signed_in(request), version=_version(form), last_day=day)
            except DomainError as error:
                if error.status not in (400, 409):
                    raise
                add_errors(form, error)
                return self.page(request, pk, REFUSED if error.status == 400 else 409, again=form)
            messages.success(request, _("又开放了。"))
        return self._back(pk)

    def _refused(
        self, request: HttpRequest, form: RoundForm, error: DomainError, row: ListRound | None
    ) -> HttpResponse:
        if error.status not in (400, 409):
            raise error
        add_errors(form, error)
        if row is not None and isinstance(error, Conflict):
            again: Any = form.data
            form.data = again = again.copy()
            again["version"] = str(self._find(request, row.pk).version)
        return self._form(request, form, row, REFUSED if error.status == 400 else 409)

    def _form(self, request: HttpRequest, form: RoundForm, row: ListRound | None, status: int = 200) -> HttpResponse:
        name = "needs_listround_change" if row else "needs_listround_changelist"
        context = {
            **self.admin_site.each_context(request),
            "title": _("修改") if row else _("开始填报"),
            "form": form,
            "round": row,
            "back_url": reverse(f"admin:{name}", args=[row.pk] if row else []),
        }
        return TemplateResponse(request, EDIT, context, status=status)

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:needs_listround_change", args=[pk]))


def _own(user: User) -> list[tuple[str, str]]:
    """The alliances that the person keeps."""
    rows = Alliance.objects.visible_to(user).order_by("area_id", "id")
    return [(str(row.pk), row.name) for row in rows if keeps_alliance(user, row)]


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("title", "words", "last_day")}


def _version(form: forms.Form) -> int:
    """The state of the row the form was opened on. Raises ``Conflict`` without one."""
    version: int | None = form.cleaned_data.get("version")
    if version is None:
        raise Conflict
    return version


def _link(name: str, row: ListRound) -> str:
    return f"{reverse(f'admin:needs_{name}_changelist')}?tab=all&round={row.pk}"


@admin.register(UnitLists)
class UnitListsAdmin(ListedAdmin):
    """填报情况: a list to look at and to take along."""

    listing = LISTS
    own_menu = True
    abilities = staticmethod(lists_abilities)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("", wrap(self.changelist_view), name="needs_unitlists_changelist")]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        url = reverse("admin:needs_listround_changelist")
        return [{"label": pgettext("plural", "两张清单"), "url": url, "main": False}]
