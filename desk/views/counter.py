"""核销: whoever stands at a counter types or scans a code, and hands over what it stands for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from claims.querysets import seated_units
from members.models import MemberUnit
from people.models import User
from people.visitors import signed_in
from points.figures import said
from points.models import Redemption, RedemptionEvent
from points.services.picking_up import Counter, write_off
from resources.forms.resource import offices

REFUSED, FEW = 422, 5


class CodeForm(forms.Form):
    """One code, at one counter."""

    at = forms.ChoiceField(label=_("在哪里核销"), required=False)
    code = forms.CharField(label=_("兑换码"), required=False, help_text=_("例如：KH82 PUG8"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        at: Any = self.fields["at"]
        at.choices = choices
        if len(choices) == 1:
            at.widget, at.initial = forms.HiddenInput(), choices[0][0]


def own_counters(user: User) -> dict[str, Counter]:
    """By key: the counters at which ``user`` stands."""
    units = MemberUnit.objects.filter(pk__in=seated_units(user)).order_by("pinyin", "pk")
    found = [Counter(unit=unit) for unit in units]
    areas = list(offices(user))
    codes = {area.pk for area in areas}
    # An office hands over what those below it give: whoever stands in a street chooses no community.
    tops = [area for area in areas if not any(area.pk != code and area.pk.startswith(code) for code in codes)]
    found += [Counter(area=area) for area in tops]
    return {one.key: one for one in found}


@never_cache
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """The field for the code; after a right one, what to hand over."""
    user = signed_in(request)
    mine = own_counters(user)
    if not mine:
        raise NotAllowed(_("这一页是给商家和站点核销用的。"))
    choices = [(key, str(one.unit or one.area)) for key, one in mine.items()]
    if request.method != "POST":
        return _render(request, CodeForm(choices=choices), mine)
    form = CodeForm(request.POST, choices=choices)
    form.is_valid()
    at = mine.get(request.POST.get("at", "") or (choices[0][0] if len(choices) == 1 else ""))
    if at is None:
        form.add_error("at", str(_("请选在哪里核销。")))
        return _render(request, form, mine, REFUSED)
    try:
        done = write_off(code=request.POST.get("code", ""), by=user, counter=at)
    except DomainError as error:
        if error.status == NotFound.status:
            form.add_error("code", str(error.message))  # at the field, where it is typed again
        else:
            add_errors(form, error)
        return _render(request, form, mine, REFUSED if error.status in (400, 404) else error.status)
    return _render(request, CodeForm(choices=choices, initial={"at": at.key}), mine, done=done)


def _back(mine: dict[str, Counter]) -> dict[str, str]:
    """Where one comes from: the desk of one's unit, or the list of rewards in the workbench."""
    if any(one.unit for one in mine.values()):
        return {"label": str(_("单位工作台")), "url": reverse("desk:home")}
    return {"label": pgettext("plural", "兑换品"), "url": reverse("admin:points_reward_changelist")}


def _render(
    request: HttpRequest,
    form: CodeForm,
    mine: dict[str, Counter],
    status: int = 200,
    done: Redemption | None = None,
) -> HttpResponse:
    user = signed_in(request)
    today = RedemptionEvent.objects.handed_over_today(user).select_related("redemption")[:FEW]
    context = {
        "form": form,
        "wrong_code": set(form.errors) == {"code"},
        "back": _back(mine),
        "today": [{"clock": f"{timezone.localtime(one.at):%H:%M}", "label": one.redemption.label} for one in today],
        "several": len(mine) > 1,
        "done": {"label": done.label, "points": said(done.price), "again": not done.just_made} if done else None,
        "nav_current": "my",
    }
    return render(request, "desk/counter.html", context, status=status)
