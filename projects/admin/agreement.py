"""Agreements in the workbench: the list, a new one, the page of each with everything that may be done, the print."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, NotAllowed, NotFound
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects import services
from projects.admin.agreement_acts import ACTS
from projects.admin.saving import FormPages
from projects.admin.signing import SigningPages
from projects.forms.agreement import AgreementForm, offices
from projects.listings.agreements import AGREEMENTS, TONES
from projects.models import Agreement
from projects.permissions import agreement_abilities, sides
from projects.presenting import agreement as presenting
from projects.presenting import papers
from projects.presenting.shown import once
from projects.services.verifying import stands
from projects.states import PaperVerb
from resources.admin.acts import STALE, ActViews

PAGE, EDIT = "admin/projects/agreement/page.html", "admin/projects/agreement/edit.html"
PRINT = "projects/print.html"


@admin.register(Agreement)
class AgreementAdmin(SigningPages, FormPages, ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = AGREEMENTS
    abilities = staticmethod(agreement_abilities)
    acts = ACTS
    new_title, edit_title = gettext_lazy("拟协议"), gettext_lazy("改协议")
    made = gettext_lazy("拟好了，编号%(number)s。")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="projects_agreement_changelist"),
            path("add/", wrap(self.add), name="projects_agreement_add"),
            path("<int:pk>/change/", wrap(self.page), name="projects_agreement_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="projects_agreement_edit"),
            path("<int:pk>/print/", wrap(self.print), name="projects_agreement_print"),
            *self.signing_urls(wrap),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return once(row, ("able", user.pk), lambda: agreement_abilities(user, row))

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return sides(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Agreement:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Agreement.objects.kept_by(request.user).select_related("area", "commissioner", "renews", "ending_by")
        rows = rows.prefetch_related("parties", "amendments")
        row: Agreement | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        if not self.has_add_permission(request):
            return []
        return [{"label": _("拟协议"), "url": reverse("admin:projects_agreement_add"), "main": True}]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One agreement; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        verbs = self.able(user, row)
        events = row.events.select_related("actor", "amendment").order_by("-at", "-pk")
        context = {
            **self.admin_site.each_context(request),
            "title": row.theme,
            "agreement": row,
            "tone": TONES[row.state],  # type: ignore[index]
            "strip": presenting.strip(row),
            "parties": presenting.parties(row),
            "targets": presenting.targets(row),
            "papers": presenting.papers(row),
            "stands": not row.is_signed or stands(row),
            "may_edit": PaperVerb.EDIT in verbs,
            "timeline": presenting.story(events),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            "links": self.signing_links(row, user, verbs),
            "sealed": self.sealed(row),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def print(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text on A4: as signed with its code, before that as it was sent, or as it is drafted."""
        row = self._find(request, pk)
        context = papers.sheet(row, back=self.change_url(pk))
        return TemplateResponse(request, PRINT, context)

    def add(self, request: HttpRequest) -> HttpResponse:
        """拟协议."""
        user = signed_in(request)
        if not offices(user).exists() or not self.has_add_permission(request):
            raise NotAllowed
        if request.method != "POST":
            return self.shown(request, AgreementForm(user=user), None)
        form = AgreementForm(request.POST, user=user)

        def save() -> Agreement:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            chosen = given["commissioner"].pk if given["commissioner"] else None
            return services.draft_agreement(
                client_key=given["client_key"], by=user, area=given["area"].pk, commissioner=chosen, **form.typed()
            )

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a draft."""
        row, user = self._find(request, pk), signed_in(request)
        if PaperVerb.EDIT not in agreement_abilities(user, row):
            raise NotAllowed(_("送出去的、签过的不能改。要改请先收回，签过的请拟补充协议。"))
        if request.method != "POST":
            return self.shown(request, AgreementForm(user=user, agreement=row), row)
        form = AgreementForm(request.POST, user=user, agreement=row)

        def save() -> Agreement:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return services.edit_agreement(pk=pk, by=user, version=form.cleaned_data["version"], **form.typed())

        return self.saved(request, form, row, save)

    def shown(
        self, request: HttpRequest, form: AgreementForm, row: Agreement | None, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": self.edit_title if row else self.new_title,
            "form": form,
            "groups": form.groups(),
            "agreement": row,
            "back_url": self.change_url(row.pk) if row else reverse("admin:projects_agreement_changelist"),
        }
        return TemplateResponse(request, EDIT, context, status=status)
