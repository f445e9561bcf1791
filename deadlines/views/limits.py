"""时限与提醒: how long each stage may take, and who is reminded when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from deadlines import presenting, selectors
from deadlines.kinds import stage_kind, stage_kinds
from deadlines.limit_forms import LimitForm, steps_form, steps_of
from deadlines.models import ChaseStep, StageRule
from deadlines.permissions import limit_abilities
from deadlines.services.rule import SavedRule, save_rule
from deadlines.services.settings import Step, running_of
from people.visitors import signed_in


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Every stage with its limit and its rungs."""
    able = _able(request)
    rules = {rule.kind: rule for rule in StageRule.objects.visible_to(request.user)}
    rungs: dict[str, list[ChaseStep]] = {}
    for step in ChaseStep.objects.visible_to(request.user).order_by("kind", "offset"):
        rungs.setdefault(step.kind, []).append(step)
    cards = [
        {
            "label": kind.label,
            "limit": str(rules[kind.name]),
            "rungs": [_rung(step) for step in rungs.get(kind.name, [])],
            "url": reverse("admin:due_limit", args=[kind.name]) if "change" in able else "",
        }
        for kind in stage_kinds()
        if kind.name in rules
    ]
    context = {**admin.site.each_context(request), "title": _("时限设置"), "cards": cards, "able": able}
    return TemplateResponse(request, "admin/due/limits.html", context)


def _rung(step: ChaseStep) -> dict[str, Any]:
    return {
        "when": presenting.rung(step.offset),
        "who": step.get_audience_display(),
        "off": not step.is_active,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, kind: str) -> HttpResponse:
    """One stage: its limit and its rungs in one form, saved together."""
    if "change" not in _able(request):
        raise NotAllowed
    if stage_kind(kind) is None:
        raise NotFound
    return _save(request, kind) if request.method == "POST" else _page(request, kind)


def _able(request: HttpRequest) -> frozenset[str]:
    able = limit_abilities(signed_in(request))
    if "view" not in able:
        raise NotAllowed
    return able


def _save(request: HttpRequest, kind: str) -> HttpResponse:
    form, rungs = LimitForm(request.POST, prefix="limit"), steps_form(request.POST)
    right = [form.is_valid(), rungs.is_valid()]
    if not all(right):
        return _page(request, kind, 422, limit_form=form, step_forms=rungs)
    try:
        saved = save_rule(by=signed_in(request), kind=kind, steps=steps_of(rungs), **form.cleaned_data)
    except DomainError as error:
        return _refused(request, kind, error, form, rungs)
    messages.add_message(request, messages.SUCCESS if saved.changed else messages.INFO, _said(saved))
    return HttpResponseRedirect(reverse("admin:due_limit", args=[kind]))


def _said(saved: SavedRule) -> str:
    """What saving did: a new limit counts what runs again, new rungs only lay its reminders out anew."""
    if not saved.changed:
        return _("没有改动。")
    if saved.recounted:
        done = ngettext("存好了，%(n)d件正在计时的马上重算。", "存好了，%(n)d件正在计时的马上重算。", saved.recounted)
        return done % {"n": saved.recounted}
    if saved.laid_out:
        done = ngettext("存好了，%(n)d件的提醒重新排。", "存好了，%(n)d件的提醒重新排。", saved.laid_out)
        return done % {"n": saved.laid_out}
    return _("存好了。")


def _refused(request: HttpRequest, kind: str, error: DomainError, form: LimitForm, rungs: Any) -> HttpResponse:
    """The page again with what was typed; after somebody else's change it stands on the newest state."""
    if error.status in (NotFound.status, NotAllowed.status):
        raise error
    said: dict[str, Any] = {}
    if isinstance(error, Invalid):
        of_rungs: list[str] = []
        for name, texts in error.fields.items():
            for text in texts:
                form.add_error(name, str(text)) if name in form.fields else of_rungs.append(str(text))
        said["step_errors"] = of_rungs
    else:
        said["stale"] = str(error.message)
    if isinstance(error, Conflict):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[form.add_prefix("version")] = str(StageRule.objects.get(pk=kind).version)  # type: ignore[index]
    status = 422 if isinstance(error, Invalid) else error.status
    return _page(request, kind, status, limit_form=form, step_forms=rungs, **said)


def _page(request: HttpRequest, kind: str, status: int = 200, **changes: Any) -> HttpResponse:
    declared, rule = stage_kind(kind), StageRule.objects.visible_to(request.user).filter(pk=kind).first()
    if declared is None or rule is None:
        raise NotFound
    rows = ChaseStep.objects.filter(kind=kind).order_by("offset")
    context = {
        **admin.site.each_context(request),
        "title": declared.label,
        "rule": rule,
        "default": str(StageRule(amount=declared.amount, unit=declared.unit)),
        "running": running_of(kind),
        "counted": selectors.running_count(kind),
        "limit_form": LimitForm.of(rule),
        "step_forms": steps_form(steps=[Step(row.offset, row.audience, row.is_active) for row in rows]),
        **changes,
    }
    for form in context["step_forms"]:
        form.blank = form["offset"].value() in (None, "")
        form.said = presenting.rung(form["offset"].initial)
    return TemplateResponse(request, "admin/due/limit.html", context, status=status)
