"""积分规则 in the workbench: the versions, one of them, and the next."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.visitors import signed_in
from points.listings.rules import RULES
from points.models import Rule
from points.permissions import rule_abilities
from points.presenting import rule as words
from points.rule_form import RuleForm, WithdrawForm
from points.services.rules import next_rule, rule_on, withdraw_rule

REFUSED = 422


@admin.register(Rule)
class RuleAdmin(ListedAdmin):
    """Read by whoever works here. Nothing of a version changes: another one follows it, or it is withdrawn before."""

    listing = RULES
    abilities = staticmethod(rule_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="points_rule_changelist"),
            path("add/", wrap(self.add), name="points_rule_add"),
            path("<int:pk>/change/", wrap(self.page), name="points_rule_change"),
            path("<int:pk>/withdraw/", wrap(self.withdraw), name="points_rule_withdraw"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        able = "change" in rule_abilities(request.user)
        return [{"label": _("定下一版"), "url": reverse("admin:points_rule_add"), "main": True}] if able else []

    def page(
        self, request: HttpRequest, pk: int, refused: WithdrawForm | None = None, status: int = 200
    ) -> HttpResponse:
        """One version: what was worth how much, from when until when; 撤回 while it has not begun."""
        if not self.has_view_permission(request):
            raise NotAllowed
        row = Rule.objects.select_related("by", "withdrawn_by").filter(pk=pk).first()
        if row is None:
            raise NotFound
        context = {
            **self.admin_site.each_context(request),
            "title": words.title(row),
            "state": words.state(row),
            "facts": [{"label": label, "text": text} for label, text in words.facts(row)],
            "rule": row,
            "form": (refused or WithdrawForm()) if "withdraw" in rule_abilities(request.user, row) else None,
        }
        return TemplateResponse(request, "admin/points/rule.html", context, status=status)

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST 撤回: a version that has not begun, with a reason."""
        user = signed_in(request)
        if request.method == "POST":
            form = WithdrawForm(request.POST)
            form.is_valid()
            try:
                withdraw_rule(pk=pk, by=user, why=request.POST.get("why", ""))
            except RuleBroken as error:
                messages.warning(request, str(error.message))
            except Invalid as error:
                add_errors(form, error)
                return self.page(request, pk, form, REFUSED)
            else:
                messages.success(request, _("撤回了，前一版接着用。"))
        elif "change" not in rule_abilities(user):
            raise NotAllowed
        return HttpResponseRedirect(reverse("admin:points_rule_change", args=[pk]))

    def add(self, request: HttpRequest) -> HttpResponse:
        """定下一版: filled in as the present one is, from a day to come."""
        user = signed_in(request)
        if "change" not in rule_abilities(user):
            raise NotAllowed
        present = rule_on()
        if request.method != "POST":
            return self._form(request, RuleForm(present=present))
        form = RuleForm(request.POST, present=present)
        if not form.is_valid():
            return self._form(request, form, REFUSED)
        try:
            made = next_rule(by=user, **form.said())
        except DomainError as error:
            add_errors(form, error)
            return self._form(request, form, REFUSED if error.status == 400 else error.status)
        done = _("定好了，%(day)s起用。已经记的分不变。") % {"day": day_of(made.starts_on)}
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:points_rule_change", args=[made.pk]))

    def _form(self, request: HttpRequest, form: RuleForm, status: int = 200) -> HttpResponse:
        later = Rule.objects.standing().filter(starts_on__gt=timezone.localdate()).order_by("starts_on")[:10]
        context = {
            **self.admin_site.each_context(request),
            "title": _("定下一版积分规则"),
            "form": form,
            "groups": [(title, [form[name] for name in names]) for title, names in form.groups()],
            "later": [(row.version, day_of(row.starts_on)) for row in later],
        }
        return TemplateResponse(request, "admin/points/rule_add.html", context, status=status)
