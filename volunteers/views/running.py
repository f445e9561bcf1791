"""The organiser's pages on the day: who comes, the code on the wall, the sheet of paper, hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
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
from alliance.lib.errors import DomainError, Invalid
from needs.links import qr_data_uri
from people.models import User
from people.visitors import signed_in
from volunteers import codes
from volunteers.models import Slot
from volunteers.presenting import running as words
from volunteers.services import attending, behalf, hours, noting
from volunteers.services.feedback import DayFigures, day_figures
from volunteers.services.presence import by_list, until

REFUSED = 422
TIMES = ("came", "left")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:\uff1a]([0-5]\d)")


@never_cache
@require_safe
def today(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who comes, with what may be done: 点名, 没有来, 确认时长. ``?times``: with when each came and left."""
    return _today(request, pk, signed_in(request))


def _today(request: HttpRequest, pk: int, by: User, status: int = 200) -> HttpResponse:
    """``status``: of a roll that was refused, which comes back as it was typed."""
    slot = attending.slot_to_run(pk, by)
    about(request, slot.activity.area_id)
    number = _page(request)
    rows, more = words.everybody(slot, by, number)
    counts = words.counts(slot)
    over = until(slot) <= timezone.now()
    for one in rows:
        key, one["ticked"] = one["row"].pk, str(one["row"].pk) in request.POST.getlist("who")
        one["came"], one["left"] = (request.POST.get(f"{name}-{key}", "") for name in TIMES)
    begun = slot.starts - codes.BEFORE <= timezone.now()
    context: dict[str, Any] = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "groups": words.groups(words.below(rows) if begun else rows),
        "nobody": not rows,
        "counts": counts,
        "next_url": f"?page={number + 1}" if more else "",
        "first_url": "?page=1" if number > 1 else "",
        "coming": [one for one in rows if one["may_note"]],
        "over": over,
        "feedback": day_figures(slot) if over else DayFigures(),
        "by_list": by_list(slot, timezone.now()),
        "begun": begun,
        "times": "times" in request.GET or any(name.startswith(TIMES) for name in request.POST),
        "unconfirmed": counts["unconfirmed"],
        "nav_current": "my",
    }
    return render(request, "volunteers/today.html", context, status=status)


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
        "rows": words.seated(slot, by),
        "spare": range(5),
        "nav_current": "my",
    }
    return render(request, "volunteers/sheet.html", context)


def _page(request: HttpRequest) -> int:
    typed = request.GET.get("page", "")
    return max(1, int(typed)) if typed.isdecimal() and len(typed) < 6 else 1


def _chosen(request: HttpRequest) -> list[int]:
    typed = request.POST.getlist("who")[: words.MOST]
    return [int(one) for one in typed if one.isdecimal() and len(one) < 18]


def _act(request: HttpRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as error:
        return _refused(request, pk, error)
    return redirect("volunteers:today", pk)


def _refused(request: HttpRequest, pk: int, error: DomainError) -> HttpResponse:
    if error.status in (403, 404):
        raise error
    messages.error(request, _said(error))
    return redirect("volunteers:today", pk)


def _said(error: DomainError) -> str:
    fields = getattr(error, "fields", {})
    texts = [str(text) for found in fields.values() for text in found]
    return " ".join(texts) or str(error.message)


@never_cache
@require_POST
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """点名, or copied from the sheet of paper."""
    by, who, paper = signed_in(request), _chosen(request), "paper" in request.POST
    try:
        times = _times(request, attending.slot_to_run(pk, by), who)
        done = noting.note_present(slot=pk, by=by, signups=who, paper=paper, times=times)
    except Invalid as error:
        messages.error(request, _said(error))
        return _today(request, pk, by, REFUSED)
    except DomainError as error:
        return _refused(request, pk, error)
    messages.success(request, _("登记了%(n)d人。") % {"n": done})
    return redirect("volunteers:today", pk)


def _times(request: HttpRequest, slot: Slot, who: list[int]) -> dict[int, noting.Times]:
    """When each of ``who`` came and left, where something was typed. Raises ``Invalid``."""
    found = {}
    for key in who:
        came, left = (_moment(slot, request.POST.get(f"{name}-{key}", "")) for name in TIMES)
        if came or left:
            found[key] = (came, left)
    return found


def _moment(slot: Slot, typed: str) -> datetime | None:
    """``typed``, 19:30, on the day; past midnight where it ends on the next. None: nothing was typed."""
    if not typed.strip():
        return None
    clock = CLOCK.fullmatch(typed.strip())
    if clock is None:
        raise Invalid({"came": [_("时间请写成 19:30 这样。")]})
    first = timezone.localtime(slot.starts)
    found = first.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    return found if found >= first - codes.BEFORE else found + timedelta(days=1)


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
        noting.answer_appeal(pk=signup, by=by, version=None, excuse=excuse, slot=pk)
        return _("答复好了，已经告诉本人。")

    return _act(request, pk, act)
