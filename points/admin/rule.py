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
from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.visitors import signed_in
from points.listings.rules import RULES
from points.models import Rule
from points.permissions import rule_abilities
from points.presenting import rule as words
from points.rule_form import RuleForm
from points.services.rules import next_rule, rule_on

REFUSED = 422


@admin.register(Rule)
class RuleAdmin(ListedAdmin):
    """Read by whoever works here. Nothing of a version changes: another one follows it."""

    listing = RULES
    abilities = staticmethod(rule_abilities)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="points_rule_changelist"),
            path("add/", wrap(self.add), name="points_rule_add"),
            path("<int:pk>/change/", wrap(self.page), name="points_rule_change"),
        ]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        able = "change" in rule_abilities(request.user)
        return [{"label": _("定下一版"), "url": reverse("admin:points_rule_add"), "main": True}] if able else []

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One version: what was worth how much, from when until when."""
        if not self.has_view_permission(request):
            raise NotAllowed
        row = Rule.objects.select_related("by").filter(pk=pk).first()
        if row is None:
            raise NotFound
        context = {
            **self.admin_site.each_context(request),
            "title": words.title(row),
            "state": words.state(row),
            "facts": [{"label": label, "text": text} for label, text in words.facts(row)],
        }
        return TemplateResponse(request, "admin/points/rule.html", context)

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
        later = Rule.objects.filter(starts_on__gt=timezone.localdate()).order_by("starts_on")[:10]
        context = {
            **self.admin_site.each_context(request),
            "title": _("定下一版积分规则"),
            "form": form,
            "groups": [(title, [form[name] for name in names]) for title, names in form.groups()],
            "later": [(row.version, day_of(row.starts_on)) for row in later],
        }
        return TemplateResponse(request, "admin/points/rule_add.html", context, status=status)
