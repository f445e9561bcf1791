"""An account as the street office reads it: every posting, and the way to take an award back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.privacy import mask_name
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.visitors import signed_in
from points.forms import RestoreForm, ReverseForm
from points.listings.lists import ACCOUNTS
from points.models import Account, Transfer
from points.permissions import account_abilities
from points.presenting import exchange as words
from points.presenting import statement
from points.presenting.checked import checked
from points.presenting.rule import in_points
from points.services.restoring import closing_of, restore_points
from points.services.reversing import reverse_award
from points.services.verifying import last_check
from points.states import Posting

MOST = 100


@admin.register(Account)
class AccountAdmin(ListedAdmin):
    """Read by the street office. Nothing here is edited: what is wrong is taken back by a further posting."""

    listing = ACCOUNTS
    list_template = "admin/points/accounts.html"
    abilities = staticmethod(account_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="points_account_changelist"),
            path("<int:pk>/change/", wrap(self.page), name="points_account_change"),
            path("<int:pk>/restore/", wrap(self.restore), name="points_account_restore"),
            path("transfer/<int:pk>/reverse/", wrap(self.reverse), name="points_transfer_reverse"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, and above it what came of the last comparison of the whole ledger."""
        return super().changelist_view(request, {**(extra_context or {}), "checked": checked(last_check())})

    def _find(self, request: HttpRequest, pk: int) -> Account:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Account.objects.kept_by(request.user).select_related("person", "street")
        row: Account | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def page(
        self, request: HttpRequest, pk: int, status: int = 200, refused: Any = None, restoring: Any = None
    ) -> HttpResponse:
        """The statement; ``refused`` is a posting's key and its form, just refused; ``restoring`` the form of 补回."""
        row = self._find(request, pk)
        able, ends = account_abilities(request.user, row), statement.ending(row)
        backwards = set(
            Transfer.objects.filter(account=row, reverses__isnull=False).values_list("reverses_id", flat=True)
        )
        typed = request.GET.get("before", "")
        before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
        rows = statement.lines_of(row)
        found = list((rows.filter(pk__lt=before) if before else rows)[: MOST + 1])
        lines = statement.lines(found[:MOST], request.user)
        for line in lines:
            one = line["row"]
            fits = one.kind == Posting.AWARD and one.amount and one.pk not in backwards
            line["form"] = None
            if fits and "reverse" in able:
                line["form"] = refused[1] if refused and refused[0] == one.pk else ReverseForm(prefix=f"t{one.pk}")
        who, usable = mask_name(row.person.name) if row.person else _("已销户"), in_points(row.balance)
        ending = {"points": in_points(ends[0]), "day": day_of(ends[1])} if ends else {}
        facts = [
            (_("本人"), who),
            (_("账户编号"), row.number),
            (_("街道"), row.street.name),
            (_("可用"), usable),
            (_("最近到期"), _("%(points)s，%(day)s到期") % ending if ending else ""),
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(who)s · 可用%(points)s") % {"who": who, "points": usable},
            "account": row,
            "facts": [{"label": label, "text": text} for label, text in facts if text],
            "lines": lines,
            "older": found[MOST - 1].pk if len(found) > MOST else None,
            "newest": before is None,
            "restore": _restore(row, able, restoring),
            "exchanges": [words.exchange(one) for one in row.redemptions.order_by("-asked_at", "-pk")[:20]],
        }
        return TemplateResponse(request, "admin/points/account.html", context, status=status)

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST 补回: what went with a number that had rested."""
        self._find(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:points_account_change", args=[pk]))
        form = RestoreForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data
        try:
            restore_points(pk=pk, by=signed_in(request), phone=typed.get("phone", ""), why=typed.get("why", ""))
        except DomainError as error:
            add_errors(form, error)
            return self.page(request, pk, 422 if error.status == 400 else error.status, restoring=form)
        messages.success(request, _("补回去了，已经告诉本人。"))
        return HttpResponseRedirect(reverse("admin:points_account_change", args=[pk]))

    def reverse(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: take an award back."""
        row = Transfer.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise NotFound
        self._find(request, row.account_id)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:points_account_change", args=[row.account_id]))
        form = ReverseForm(request.POST, prefix=f"t{pk}")
        form.is_valid()
        try:
            reverse_award(pk=pk, by=signed_in(request), why=form.cleaned_data.get("why", ""))
        except DomainError as error:
            add_errors(form, error)
            status = 422 if error.status == 400 else error.status
            return self.page(request, row.account_id, status, refused=(pk, form))
        messages.success(request, _("冲正了，已经告诉本人。"))
        return HttpResponseRedirect(reverse("admin:points_account_change", args=[row.account_id]))


def _restore(row: Account, able: frozenset[str], refused: RestoreForm | None) -> RestoreForm | None:
    """The form, where the number had rested and nobody was given it back yet."""
    if row.closed_at is None or "reverse" not in able or closing_of(row) is None:
        return None
    if Transfer.objects.filter(kind=Posting.AWARD, source=f"account:{row.pk}").exists():
        return None
    return refused or RestoreForm()
