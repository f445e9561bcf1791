"""The organiser's pages on the day: who comes, the code on the wall, the sheet of paper, hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError
from needs.links import qr_data_uri
from people.visitors import signed_in
from volunteers import codes
from volunteers.presenting import running as words
from volunteers.services import attending, behalf, hours, noting
from volunteers.services.presence import by_list, until

MOST = 400


@never_cache
@require_safe
def today(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who comes, with what may be done: 点名, 没有来, 确认时长."""
    by = signed_in(request)
    slot = attending.slot_to_run(pk, by)
    about(request, slot.activity.area_id)
    rows = words.everybody(slot, by)
    context: dict[str, Any] = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "groups": words.groups(rows),
        "counts": words.counts(rows),
        "coming": [one for one in rows if one["may_note"]],
        "over": until(slot) <= timezone.now(),
        "by_list": by_list(slot, timezone.now()),
        "begun": slot.starts - codes.BEFORE <= timezone.now(),
        "unconfirmed": sum(one["unconfirmed"] for one in rows),
        "nav_current": "my",
    }
    return render(request, "volunteers/today.html", context)


@never_cache
@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code, as large as the screen; it is another one every half minute."""
    slot = attending.slot_to_run(pk, signed_in(request))
    about(request, slot.activity.area_id)
    picture, digits, left = attending.codes_now(slot)
    link = request.build_absolute_uri(f"{reverse('volunteers:here', args=[slot.pk])}?code={picture}")
    context = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "qr": qr_data_uri(link),
        "digits": f"{digits[:3]} {digits[3:]}",
        "left": left,
        "nav_current": "my",
    }
    response = render(request, "volunteers/code.html", context)
    response["Refresh"] = str(left)
    return response


@never_cache
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """打印签到表: for those without a phone; it counts as much as a picture scanned."""
    by = signed_in(request)
    slot = attending.slot_to_run(pk, by)
    about(request, slot.activity.area_id)
    context = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "rows": [one for one in words.everybody(slot, by) if one["seated"]],
        "spare": range(5),
        "nav_current": "my",
    }
    return render(request, "volunteers/sheet.html", context)


def _chosen(request: HttpRequest) -> list[int]:
    typed = request.POST.getlist("who")[:MOST]
    return [int(one) for one in typed if one.isdecimal() and len(one) < 18]


def _act(request: HttpRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        fields = getattr(error, "fields", {})
        texts = [str(text) for found in fields.values() for text in found] or [str(error.message)]
        messages.error(request, " ".join(texts))
    return redirect("volunteers:today", pk)


@never_cache
@require_POST
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """点名, or copied from the sheet of paper."""
    by, who, paper = signed_in(request), _chosen(request), "paper" in request.POST
    said = _("登记了%(n)d人。")
    return _act(request, pk, lambda: said % {"n": noting.note_present(slot=pk, by=by, signups=who, paper=paper)})


@never_cache
@require_POST
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    """没有来."""
    by, who = signed_in(request), _chosen(request)
    said = _("登记了%(n)d人没有来，已经告诉本人，可以说明。")
    return _act(request, pk, lambda: said % {"n": noting.note_missing(slot=pk, by=by, signups=who)})


@never_cache
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回签到: noted by mistake."""
    by, who = signed_in(request), _chosen(request)
    said = _("撤回了%(n)d人的签到，可以重新登记。")
    return _act(request, pk, lambda: said % {"n": noting.take_back(slot=pk, by=by, signups=who)})


@never_cache
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """确认时长."""
    by = signed_in(request)

    def act() -> str:
        found = hours.confirm_day(slot=pk, by=by)
        said = _("确认了%(n)d人的时长。") % {"n": found.done}
        if found.others:
            said += _("还有%(n)d人要另一位同事确认：自己的，和自己登记的。") % {"n": found.others}
        if found.failed:
            said += _("有%(n)d人这次没有记上，请再点一次；还不行，请联系街道。") % {"n": found.failed}
        return said

    return _act(request, pk, act)


@never_cache
@require_POST
def entered(request: HttpRequest, pk: int, signup: int) -> HttpResponse:
    """确认参加 or 取消报名, of somebody whom the office entered."""
    by, accepts = signed_in(request), "accept" in request.POST
    attending.slot_to_run(pk, by)

    def act() -> str:
        behalf.answer_for(slot=pk, pk=signup, by=by, accepts=accepts)
        return _("确认了，名额是这位居民的了。") if accepts else _("取消了，名额给别人。")

    return _act(request, pk, act)


@never_cache
@require_POST
def answer(request: HttpRequest, pk: int, signup: int) -> HttpResponse:
    """不算没来, or 维持."""
    by, excuse = signed_in(request), "excuse" in request.POST
    attending.slot_to_run(pk, by)

    def act() -> str:
        noting.answer_appeal(pk=signup, by=by, version=None, excuse=excuse)
        return _("答复好了，已经告诉本人。")

    return _act(request, pk, act)
