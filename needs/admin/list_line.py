"""One line of a unit's 需求清单 in the workbench: taken up, or left with a word. What is given has its own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from needs.forms.lists import LeaveForm, TakeForm
from needs.listings.lists import LINES, TONES
from needs.models import ListLine
from needs.permissions import line_abilities
from needs.services import list_lines
from needs.services.limits import default_reply_by
from needs.states.lists import LineState, ListVerb
from people.lists import ListedAdmin
from people.visitors import signed_in

REFUSED = 422
STALE = gettext_lazy("这一页打开以后，有人改过了。下面已是最新的，请看一眼再点；您写的还在。")


@admin.register(ListLine)
class ListLineAdmin(ListedAdmin):
    """Lines that were sent."""

    listing = LINES
    own_menu = True
    abilities = staticmethod(line_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "needs_listline"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("<int:pk>/change/", wrap(self.page), name=f"{name}_change"),
            path("<int:pk>/take/", wrap(self.take), name=f"{name}_take"),
            path("<int:pk>/leave/", wrap(self.leave), name=f"{name}_leave"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        url = reverse("admin:needs_listround_changelist")
        return [{"label": pgettext("plural", "两张清单"), "url": url, "main": False}]

    def _find(self, request: HttpRequest, pk: int) -> ListLine:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = ListLine.objects.visible_to(request.user).select_related(
            *list_lines.AROUND, "lists__unit__area", "kind", "resource", "need", "decided_by"
        )
        row: ListLine | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(
        self,
        request: HttpRequest,
        pk: int,
        status: int = 200,
        *,
        take: TakeForm | None = None,
        leave: LeaveForm | None = None,
        stale: Any = "",
    ) -> HttpResponse:
        """The line, and the two ways on."""
        line = self._find(request, pk)
        verbs = line_abilities(signed_in(request), line)
        context = {
            **self.admin_site.each_context(request),
            "title": line.what,
            "line": line,
            "tone": TONES[LineState(line.state)],
            "facts": self._facts(line),
            "take": take or (self._take_form(line) if ListVerb.TAKE in verbs else None),
            "leave": leave or (LeaveForm(initial={"version": line.version}) if ListVerb.LEAVE in verbs else None),
            "stale": stale,
            "need_url": reverse("admin:needs_need_change", args=[line.need_id]) if line.need_id else "",
        }
        return TemplateResponse(request, "admin/needs/round/line.html", context, status=status)

    def _facts(self, line: ListLine) -> list[dict[str, Any]]:
        lines = [
            (_("哪张清单"), line.get_side_display()),
            (_("提出单位"), line.lists.unit.name),
            (_("给谁的"), line.whom),
            (_("什么时候"), line.on_when),
            (_("哪一轮"), line.lists.round.title),
            (_("提交时间"), moment(line.sent_at) if line.sent_at else ""),
            (_("经手人"), line.decided_by.name if line.decided_by else ""),
            (_("为什么没有采纳"), line.left_why),
        ]
        return [{"label": label, "text": text} for label, text in lines if text]

    def _take_form(self, line: ListLine, data: Any = None) -> TakeForm:
        places = [(area.pk, area.name) for area in list_lines.places_for(line)]
        here = line.lists.unit.area_id
        first = here if here in dict(places) else line.lists.round.alliance.area_id
        initial = {"version": line.version, "area": first, "reply_by": default_reply_by(), "listed_words": line.what}
        return TakeForm(data, places=places, initial=initial)

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        """采纳."""
        line = self._find(request, pk)
        if request.method != "POST":
            return self._back(pk)
        form = self._take_form(line, request.POST)
        if not form.is_valid():
            return self.page(request, pk, REFUSED, take=form)
        given = form.cleaned_data
        try:
            need = list_lines.take_line(
                pk=pk,
                by=signed_in(request),
                version=_version(given),
                area=given["area"],
                category_id=given["category"].pk if given["category"] else None,
                reply_by=given["reply_by"],
                listed_words=given["listed_words"],
                seen_warnings=given["seen_warnings"],
            )
        except DomainError as error:
            return self._refused(request, pk, error, take=form)
        messages.success(request, _("采纳了，编号%(number)s，在您手里。") % {"number": need.number})
        return HttpResponseRedirect(reverse("admin:needs_need_change", args=[need.pk]))

    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        """不采纳."""
        self._find(request, pk)
        if request.method != "POST":
            return self._back(pk)
        form = LeaveForm(request.POST)
        if not form.is_valid():
            return self.page(request, pk, REFUSED, leave=form)
        given = form.cleaned_data
        try:
            list_lines.leave_line(pk=pk, by=signed_in(request), version=_version(given), words=given["words"])
        except DomainError as error:
            return self._refused(request, pk, error, leave=form)
        messages.success(request, _("记下了，已经告诉单位。"))
        return HttpResponseRedirect(reverse("admin:needs_listline_changelist"))

    def _refused(self, request: HttpRequest, pk: int, error: DomainError, **forms: Any) -> HttpResponse:
        """The page as it is now, with every word that was typed."""
        if error.status not in (400, 409):
            raise error
        line = self._find(request, pk)
        if error.status == 409:
            if line.state != LineState.SENT:
                return self.page(request, pk, 409, stale=error.message)
            for form in forms.values():
                form.data = again = form.data.copy()
                again[form.add_prefix("version")] = str(line.version)
            return self.page(request, pk, 409, stale=STALE, **forms)
        for form in forms.values():
            add_errors(form, error)
        return self.page(request, pk, REFUSED, **forms)

    def _back(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:needs_listline_change", args=[pk]))


def _version(given: dict[str, Any]) -> int:
    version: int | None = given.get("version")
    if version is None:
        raise Conflict
    return version
