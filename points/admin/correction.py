"""记录有误 in the workbench: what was asked, the posting it is about, the answer."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.visitors import signed_in
from points.forms import AnswerForm
from points.listings.lists import CORRECTIONS
from points.models import Account, Correction
from points.permissions import account_abilities
from points.presenting import statement
from points.services.correcting import answer_correction
from points.states import TENTHS, CorrectionState, Posting


@admin.register(Correction)
class CorrectionAdmin(ListedAdmin):
    """Answered by the street office, never by whose account it is."""

    listing = CORRECTIONS
    abilities = staticmethod(lambda user, obj=None: account_abilities(user))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="points_correction_changelist"),
            path("<int:pk>/change/", wrap(self.page), name="points_correction_change"),
        ]

    def _find(self, request: HttpRequest, pk: int) -> Correction:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Correction.objects.filter(account__in=Account.objects.kept_by(request.user))
        row = rows.select_related("account", "transfer__rule", "answered_by").filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The question; a POST answers it."""
        row = self._find(request, pk)
        waits = Correction.objects.to_answer(request.user).filter(pk=pk).exists()
        if request.method != "POST":
            return self._render(request, row, AnswerForm(initial={"version": row.version}) if waits else None)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._render(request, row, form, 422)
        given = form.cleaned_data
        try:
            if given["version"] is None:
                raise Conflict
            answer_correction(
                pk=pk,
                by=signed_in(request),
                version=given["version"],
                answer=given["answer"],
                take_back=given["take_back"],
                give=int((given["points"] or 0) * TENTHS),
            )
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            return self._render(request, row, form, 422 if error.status == 400 else error.status)
        messages.success(request, _("答复了，已经告诉本人。"))
        return HttpResponseRedirect(reverse("admin:points_correction_change", args=[pk]))

    def _render(
        self, request: HttpRequest, row: Correction, form: AnswerForm | None, status: int = 200
    ) -> HttpResponse:
        posting = row.transfer
        fits = posting is not None and posting.kind == Posting.AWARD and bool(posting.amount)
        context = {
            **self.admin_site.each_context(request),
            "title": _("积分更正"),
            "correction": row,
            "line": statement.lines([row.transfer], request.user)[0] if row.transfer else None,
            "account_url": reverse("admin:points_account_change", args=[row.account_id]),
            "form": form,
            "may_take_back": fits,
            "done": row.state != CorrectionState.ASKED,
        }
        return TemplateResponse(request, "admin/points/correction.html", context, status=status)
