"""The working calendar and the office hours in the workbench. Parse, call one service, present."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.admin import ScopedAdmin
from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound
from deadlines import permissions
from deadlines.forms import DayForm, FileForm, HoursForms, SureForm
from deadlines.models import WorkDay, WorkPeriod
from deadlines.services import calendar as service
from deadlines.services.recounting import reaching
from deadlines.services.workday_file import YEARS, decoded
from deadlines.views.calendar import asked_year, change_rows, year_context, year_url
from people.visitors import signed_in

MOST_SHOWN = 400


class _Page(ScopedAdmin):
    """Own pages in place of Django's list and form."""

    abilities = staticmethod(permissions.calendar_abilities)
    own_menu = True

    def _show(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.model._meta, **context}
        return TemplateResponse(request, f"admin/deadlines/{template}.html", shown, status=status)

    def _require(self, request: HttpRequest, verb: str) -> None:
        if not self._may(request, verb):
            raise NotAllowed


@admin.register(WorkDay)
class WorkDayAdmin(_Page):
    """A year at a glance; a day is changed where it stands, a list is looked at before it counts."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="deadlines_workday_changelist"),
            path("import/", wrap(self.load), name="deadlines_workday_import"),
            path("fill/", wrap(self.fill), name="deadlines_workday_fill"),
            path("<str:object_id>/change/", wrap(self.change_view), name="deadlines_workday_change"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The year; with ``day`` in the address the form of that day stands above it."""
        self._require(request, "view")
        day = _day(request.GET.get("day", ""))
        year = day.year if day else asked_year(request.GET.get("year", ""))
        return self._year(request, year, day if day and self._may(request, "change") else None)

    def _year(
        self, request: HttpRequest, year: int, day: date | None, form: DayForm | None = None, status: int = 200
    ) -> HttpResponse:
        context = year_context(year, may_change=self._may(request, "change"))
        context["title"] = _("%(year)s年工作日历") % {"year": year}
        if day:
            cells = {cell.day: cell for month in context["months"] for week in month["weeks"] for cell in week if cell}
            cell = cells[day]
            now = {"working": "1" if cell.state == _("上班") else "0", "name": cell.name}
            context["reaching"] = reaching(day)
            context.update(chosen=cell, day_form=form or DayForm(initial=now), back=year_url(year) + f"#m{day.month}")
        return self._show(request, "year", context, status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """POST: what this day is from now on. Otherwise the year with the form of the day."""
        self._require(request, "view")
        day = _day(object_id)
        if day is None:
            raise NotFound
        if request.method != "POST":
            return HttpResponseRedirect(year_url(day.year, day=day) + "#day")
        self._require(request, "change")
        form = DayForm(request.POST)
        if not form.is_valid():
            return self._year(request, day.year, day, form, 422)
        row = (day, form.cleaned_data["working"], form.cleaned_data["name"])
        try:
            done = service.set_days(by=signed_in(request), rows=[row])
        except Invalid as error:
            _say(form, error)
            return self._year(request, day.year, day, form, 422)
        said = {"day": written(day, _("n月j日"))}
        if done:
            messages.success(request, _("%(day)s改好了。正在计时的期限马上按新的日历重算。") % said)
        else:
            messages.info(request, _("%(day)s没有改动。") % said)
        return HttpResponseRedirect(year_url(day.year))  # without a fragment: what was done is said on top

    def fill(self, request: HttpRequest) -> HttpResponse:
        """POST: the rest of a year goes by the week."""
        self._require(request, "change")
        year = asked_year(request.POST.get("year", ""))
        if request.method == "POST" and "year" in request.POST:
            service.fill_year(by=signed_in(request), year=year)
            messages.success(request, _("%(year)s年录完了：没有单独写明的日子按周一到周五。") % {"year": year})
        return HttpResponseRedirect(year_url(year))

    def load(self, request: HttpRequest) -> HttpResponse:
        """A list of days: chosen, looked at, then taken."""
        self._require(request, "change")
        if request.method != "POST":
            return self._loading(request, FileForm())
        if "text" in request.POST:
            return self._take(request)
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._loading(request, form, 422)
        text, fill = decoded(form.cleaned_data["file"].read()).replace("\0", ""), form.cleaned_data["fill"]
        found = service.preview_csv(by=signed_in(request), text=text, fill=fill)
        if found.errors:
            return self._loading(request, form, 422, problems=found.errors)
        sure = SureForm(initial={"text": text, "fill": fill})
        return self._loading(request, form, found=found, rows=change_rows(found.changes)[:MOST_SHOWN], sure=sure)

    def _take(self, request: HttpRequest) -> HttpResponse:
        form = SureForm(request.POST)
        if not form.is_valid():
            return self._loading(request, FileForm(), 422)
        given = form.cleaned_data
        done = service.import_csv(by=signed_in(request), text=given["text"], fill=given["fill"])
        if done.errors:
            return self._loading(request, FileForm(), 422, problems=done.errors)
        words = _("导入好了：新增%(added)s天，改了%(changed)s天，%(moved)s件正在计时的期限马上重算。")
        messages.success(request, words % vars(done))
        year = done.changes[-1].day.year if done.changes else asked_year("")
        return HttpResponseRedirect(year_url(year))

    def _loading(self, request: HttpRequest, form: FileForm, status: int = 200, **more: Any) -> HttpResponse:
        return self._show(request, "workdays_import", {"title": _("导入工作日历"), "form": form, **more}, status)


@admin.register(WorkPeriod)
class WorkPeriodAdmin(_Page):
    """Office hours: one form for all of them."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("", wrap(self.changelist_view), name="deadlines_workperiod_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Shown to those who may look, changed by those who may change."""
        self._require(request, "view")
        may_change = self._may(request, "change")
        hours = service.periods()
        rows = [{"starts": starts, "ends": ends} for starts, ends in hours]
        forms: Any = HoursForms(initial=rows)
        status = 200
        if request.method == "POST":
            self._require(request, "change")
            forms = HoursForms(request.POST, initial=rows)
            if forms.is_valid() and (answer := self._save(request, forms)):
                return answer
            status = 422
        context = {"title": _("上班时间"), "forms": forms, "hours": hours, "may_change": may_change}
        return self._show(request, "hours", context, status)

    def _save(self, request: HttpRequest, forms: Any) -> HttpResponse | None:
        try:
            moved = service.set_periods(by=signed_in(request), periods=forms.periods())
        except Invalid as error:
            forms._non_form_errors.append(str(error.message))
            return None
        words = ngettext(
            "上班时间改好了，%(moved)s件正在计时的期限马上重算。",
            "上班时间改好了，%(moved)s件正在计时的期限马上重算。",
            moved,
        )
        messages.success(request, words % {"moved": moved})
        return HttpResponseRedirect(reverse("admin:deadlines_workperiod_changelist"))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _say(form: Any, error: DomainError) -> None:
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, texts in (fields or {"": [error.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
