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
from deadlines import presenting
from deadlines.kinds import stage_kind, stage_kinds
from deadlines.limit_forms import LimitForm, steps_form, steps_of
from deadlines.models import ChaseStep, StageRule
from deadlines.permissions import limit_abilities
from deadlines.services.settings import Saved, Step, running_of, save_limit, save_steps
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
    context = {**admin.site.each_context(request), "title": _("时限与提醒"), "cards": cards, "able": able}
    return TemplateResponse(request, "admin/due/limits.html", context)


def _rung(step: ChaseStep) -> dict[str, Any]:
    return {
        "when": presenting.rung(step.offset),
        "who": step.get_audience_display(),
        "off": not step.is_active,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, kind: str) -> HttpResponse:
    """One stage. POST ``which=limit`` or ``which=steps`` saves one of the two forms."""
    if "change" not in _able(request):
        raise NotAllowed
    if stage_kind(kind) is None:
        raise NotFound
    if request.method != "POST":
        return _page(request, kind)
    return _save_steps(request, kind) if request.POST.get("which") == "steps" else _save_limit(request, kind)


def _able(request: HttpRequest) -> frozenset[str]:
    able = limit_abilities(signed_in(request))
    if "view" not in able:
        raise NotAllowed
    return able


def _save_limit(request: HttpRequest, kind: str) -> HttpResponse:
    form = LimitForm(request.POST, prefix="limit")
    if not form.is_valid():
        return _page(request, kind, 422, limit_form=form)
    try:
        saved = save_limit(by=signed_in(request), kind=kind, **form.cleaned_data)
    except DomainError as error:
        return _refused(request, kind, error, limit_form=form)
    return _done(request, kind, saved)


def _save_steps(request: HttpRequest, kind: str) -> HttpResponse:
    forms = steps_form(request.POST)
    version = request.POST.get("steps-version", "")
    if not forms.is_valid() or not (version.isascii() and version.isdigit()):
        return _page(request, kind, 422, step_forms=forms)
    try:
        saved = save_steps(by=signed_in(request), kind=kind, steps=steps_of(forms), version=int(version))
    except DomainError as error:
        return _refused(request, kind, error, step_forms=forms)
    return _done(request, kind, saved)


def _done(request: HttpRequest, kind: str, saved: Saved) -> HttpResponse:
    done = ngettext("存好了，%(n)d件正在计时的马上重算。", "存好了，%(n)d件正在计时的马上重算。", saved.recounted) % {
        "n": saved.recounted
    }
    messages.success(request, done if saved.recounted else _("存好了。"))
    return HttpResponseRedirect(reverse("admin:due_limit", args=[kind]))


def _refused(request: HttpRequest, kind: str, error: DomainError, **forms: Any) -> HttpResponse:
    """The page again with what was typed; after somebody else's change it stands on the newest state."""
    if error.status in (NotFound.status, NotAllowed.status):
        raise error
    said: dict[str, Any] = {}
    if isinstance(error, Invalid) and "limit_form" in forms:
        for name, texts in error.fields.items():
            for text in texts:
                forms["limit_form"].add_error(name if name in forms["limit_form"].fields else None, str(text))
    elif isinstance(error, Invalid):
        said["step_errors"] = [str(text) for texts in error.fields.values() for text in texts]
    else:
        said["stale"] = str(error.message)
    if isinstance(error, Conflict) and "limit_form" in forms:
        form = forms["limit_form"]
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = str(StageRule.objects.get(pk=kind).version)
    return _page(request, kind, 422 if isinstance(error, Invalid) else error.status, **forms, **said)


def _page(request: HttpRequest, kind: str, status: int = 200, **changes: Any) -> HttpResponse:
    declared, rule = stage_kind(kind), StageRule.objects.visible_to(request.user).filter(pk=kind).first()
    if declared is None or rule is None:
        raise NotFound
    rows = ChaseStep.objects.filter(kind=kind).order_by("offset")
    running = running_of(kind)
    context = {
        **admin.site.each_context(request),
        "title": declared.label,
        "rule": rule,
        "default": str(StageRule(amount=declared.amount, unit=declared.unit)),
        "running": running,
        "limit_form": LimitForm.of(rule),
        "step_forms": steps_form(steps=[Step(row.offset, row.audience, row.is_active) for row in rows]),
        **changes,
    }
    for form in context["step_forms"]:
        form.blank = form["offset"].value() in (None, "")
        form.said = presenting.rung(form["offset"].initial)
    return TemplateResponse(request, "admin/due/limit.html", context, status=status)
