"""Answers on the workbench: sums for everybody who handles, what was left over for who looks at it, calls to make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from alliance.lib.errors import NotAllowed
from needs import wording
from needs.models import Need
from needs.permissions import abilities
from needs.presenting.around import around
from needs.services.answer_figures import Figures, figures_for
from needs.services.remainders import ROLES, remainders
from needs.states import STAND_INS
from people.models import User
from people.states import Role
from people.visitors import signed_in

CALLS_SHOWN, REMAINDERS_SHOWN = 8, 3


def urls(site: AdminSite) -> list[URLPattern]:
    """``admin:need_remainders``."""
    return [path("remainders/", site.admin_view(left_over), name="need_remainders")]


def call_backs(request: HttpRequest) -> dict[str, Any] | None:
    """For the leader, or whoever stands in for one: whom to call."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.LEADER, *STAND_INS):
        return None
    rows = list(Need.objects.to_call_back(user).select_related("area").order_by("held_since", "pk")[:CALLS_SHOWN])
    beside = around(rows)
    lines = [
        {
            "text": need.title,
            "small": _call_by(need, beside.until(need)),
            "when": wording.moment(need.held_since),
            "url": reverse("admin:needs_need_change", args=[need.pk]),
        }
        for need in rows
    ]
    return {"title": _("请您回访"), "lines": lines} if lines else None


def _call_by(need: Need, ends: datetime | None) -> str:
    """``万寿桥社区，第2轮，最晚11月27日 17:30打电话``."""
    said = _("%(area)s，第%(n)d轮") % {"area": need.area.name, "n": need.rounds}
    return _("%(said)s，最晚%(when)s打电话") % {"said": said, "when": wording.moment(ends)} if ends else said


def answer_sums(request: HttpRequest) -> dict[str, Any] | None:
    """居民评价 of the last 90 days, in fives: everybody who handles reads the same, and no single answer."""
    user = request.user
    if not isinstance(user, User) or "view" not in abilities(user):
        return None
    lines = [{"text": row.name, "small": _in_words(row)} for row in figures_for(user) if row.shown]
    return {"title": _("居民评价，近90天"), "lines": lines, "empty": _("满5件才显示，每多5件更新一次。")}


def _in_words(row: Figures) -> str:
    facts = {
        "n": row.n,
        "solved": row.solved,
        "partly": row.partly,
        "unsolved": row.unsolved,
        "silent": row.silent,
    }
    words = _("%(n)d件：解决了%(solved)d，部分解决%(partly)d，没解决%(unsolved)d，未评价%(silent)d")
    return words % facts


def leftovers(request: HttpRequest) -> dict[str, Any] | None:
    """没办完的部分: the newest of what was left over, for who looks at it."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*ROLES):
        return None
    rows = remainders(user)
    lines = [
        {"text": row.words or row.title, "small": row.area, "when": wording.moment(row.at)}
        for row in rows[:REMAINDERS_SHOWN]
    ]
    return {"title": _("没办完的部分"), "url": reverse("admin:need_remainders"), "lines": lines} if lines else None


@require_GET
def left_over(request: HttpRequest) -> HttpResponse:
    """Everything that was left over in the last 90 days."""
    user = signed_in(request)
    if not user.has_role(*ROLES):
        raise NotAllowed
    rows = [
        {
            "url": reverse("admin:needs_need_change", args=[row.pk]),
            "number": row.number,
            "area": row.area,
            "title": row.title,
            "words": row.words,
            "when": wording.moment(row.at),
        }
        for row in remainders(user)
    ]
    context = {**admin.site.each_context(request), "title": _("没办完的部分"), "rows": rows}
    return TemplateResponse(request, "admin/needs/remainders.html", context)
