"""两张清单: what the unit can give and what it needs, once a year, on one page; a draft until it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from desk import selectors
from desk.forms import lists as forms
from members.models import MemberUnit
from needs import wording
from needs.links import progress_path
from needs.models import ListLine, ListRound, UnitLists
from needs.services import list_filling as filling
from needs.states.lists import LineState, ListSide, ListsState, RoundState
from people.models import User
from people.visitors import signed_in
from resources.presenting import facts

REFUSED, BLANK = 422, 2
SENT = (LineState.SENT, LineState.TAKEN, LineState.NOT_TAKEN)
TONES = {LineState.SENT: "warn", LineState.TAKEN: "ok", LineState.NOT_TAKEN: ""}
HOW_FAR = {ListsState.EMPTY: "warn", ListsState.DRAFT: "info", ListsState.SENT: "ok"}


@never_cache
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The rounds of the unit's alliances, the newest first."""
    unit = _unit(request, signed_in(request))
    context = {"unit": unit, "rows": round_rows(unit), "nav_current": "my"}
    return render(request, "desk/lists.html", context)


def _unit(request: HttpRequest, user: User) -> MemberUnit:
    """The unit a form names, else the one one works for now. Raises ``NotFound``."""
    sent = request.POST.get("unit", "")
    seat, seats = selectors.seat_here(request, user)
    if sent:
        seat = next((one for one in seats if str(one.unit_id) == sent), None)
    if seat is None:
        raise NotFound
    return seat.unit


def round_rows(unit: MemberUnit, *, waiting: bool = False) -> list[dict[str, Any]]:
    """Rounds in which the unit is asked; ``waiting``: only those that still wait for it."""
    rows = ListRound.objects.asking(unit).select_related("alliance").order_by("-year", "-id")
    found = {one.round_id: one for one in UnitLists.objects.filter(unit=unit, round__in=rows)}
    shown = [_round_row(row, found.get(row.pk)) for row in rows]
    return [row for row in shown if row["waits"]] if waiting else shown


def _round_row(row: ListRound, mine: UnitLists | None) -> dict[str, Any]:
    state = ListsState(mine.state) if mine else ListsState.EMPTY
    over = row.state == RoundState.CLOSED
    until = _("已结束") if over else _("%(day)s前") % {"day": wording.day(row.last_day)}
    return {
        "title": row.title,
        "alliance": row.alliance.name,
        "until": until,
        "waits": not over and state != ListsState.SENT,
        "late": not over and state != ListsState.SENT and row.last_day < timezone.localdate(),
        "badge": {"tone": HOW_FAR[state], "label": state.label},
        "url": reverse("desk:list_form", args=[row.pk]),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def list_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; POST keeps a draft (``save``), sends all or one line (``send``), or adds an empty line (``more``)."""
    user = signed_in(request)
    unit = _unit(request, user)
    row, unit = filling.unit_in_round(round_pk=pk, unit_id=unit.pk, by=user)
    about(request, row.alliance.area_id)
    if request.method != "POST":
        return _page(request, row, unit)
    choices = forms.kinds()
    typed = {side: forms.sent_forms(request.POST, side, choices) for side in ListSide.values}
    more = request.POST.get("more", "")
    if more in typed:
        typed[more].append(forms.stored_forms([], more, choices, 1)[0])
        return _page(request, row, unit, typed)
    every = [form for side in typed.values() for form in side]
    kept = ListLine.objects.filter(lists__round=row, lists__unit=unit, client_key__in=_kept(request))
    written = [form.typed() for form in every] + [forms.typed_of(line) for line in kept.select_related("kind")]
    send = request.POST.get("send", "")
    try:
        filling.fill_lists(
            round_pk=pk, unit_id=unit.pk, by=user, lines=written, version=_number(request.POST.get("version", "")),
            send=send, nothing="nothing" in request.POST,
        )  # fmt: skip
    except DomainError as error:
        if error.status not in (400, 409):
            raise
        said = forms.put_errors(every, error)
        return _page(request, row, unit, typed, said, REFUSED if error.status == 400 else 409)
    messages.success(request, _("交上去了，谢谢。街道看过会告诉您。") if send else _("草稿存好了，随时可以接着填。"))
    return redirect("desk:list_form", pk)


def _kept(request: HttpRequest) -> list[str]:
    return [key for key in request.POST.getlist(forms.KEPT)[: forms.MOST] if forms.is_key(key)]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _page(
    request: HttpRequest,
    row: ListRound,
    unit: MemberUnit,
    typed: dict[str, list[forms.LineForm]] | None = None,
    said: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = UnitLists.objects.filter(round=row, unit=unit).first()
    every = (
        mine.lines.select_related("kind", "resource", "need__area", "need__holder") if mine else ListLine.objects.none()
    )
    drafts = [line for line in every if line.state == LineState.DRAFT]
    written = [line for line in drafts if line.resource_id is None]
    if typed is None:
        choices = forms.kinds()
        blank = 1 if drafts or (mine and mine.sent_at) else BLANK
        typed = {side: forms.stored_forms(written, side, choices, blank) for side in ListSide.values}
    before = filling.last_lists(row, unit)
    about_it = _round_row(row, mine)
    wrong = [field for form in (*typed["give"], *typed["need"]) if form.is_bound for field in form if field.errors]
    context = {
        "round": row,
        "unit": unit,
        "open": row.state == RoundState.OPEN and not unit.is_suspended,
        "late": row.last_day < timezone.localdate(),
        "version": mine.version if mine else "",
        "about": about_it,
        "gives": typed["give"],
        "needs": typed["need"],
        "kept": [line for line in drafts if line.resource_id],
        **_sent(line for line in every if line.state in SENT),
        "before": before.round.title if before else "",
        "said": said or [],
        "wrong": wrong,
        "never_sent": mine is None or mine.sent_at is None,
        "nav_current": "my",
    }
    return render(request, "desk/list_form.html", context, status=status)


def _sent(lines: Iterable[ListLine]) -> dict[str, list[dict[str, Any]]]:
    """What was sent, list by list."""
    found: dict[str, list[dict[str, Any]]] = {"sent_gives": [], "sent_needs": []}
    for line in lines:
        if line.side == ListSide.GIVE:
            found["sent_gives"].append(_given(line))
        else:
            found["sent_needs"].append(_asked(line))
    return found


def _given(line: ListLine) -> dict[str, Any]:
    """A line of 服务清单 that was sent: where it stands is where its resource stands."""
    resource: Any = line.resource
    return {
        "text": line.what,
        "about": [
            part for part in (line.kind.label if line.kind else "", facts.size_of(resource), line.on_when) if part
        ],
        "badge": facts.badge(resource),
        "why": resource.stopped_why,
        "url": reverse("desk:resource", args=[resource.pk]),
    }


def _asked(line: ListLine) -> dict[str, Any]:
    """A line of 需求清单 that was sent: the need it became, or why it did not."""
    need = line.need
    badge = {"tone": TONES[LineState(line.state)], "label": line.get_state_display()}
    return {
        "pk": line.pk,
        "text": line.what,
        "about": [part for part in (need.number if need else "", line.whom, line.on_when) if part],
        "badge": wording.badge(need) if need else badge,
        "why": line.left_why or (wording.headline(need) if need else ""),
        "url": progress_path(need.link_token) if need else "",
        "takes_back": line.state == LineState.SENT,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """照去年的抄: one tap."""
    if request.method == "POST":
        user = signed_in(request)
        unit = _unit(request, user)
        number = filling.copy_last(round_pk=pk, unit_id=unit.pk, by=user)
        text = ngettext("抄来了%(n)d条，核对以后再提交。", "抄来了%(n)d条，核对以后再提交。", number)
        messages.success(request, text % {"n": number} if number else _("去年的都已经在这里了。"))
    return redirect("desk:list_form", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """收回 a need that nobody has taken up."""
    user = signed_in(request)
    line = ListLine.objects.filter(pk=pk, lists__unit__in=selectors.units_of(user)).select_related("lists").first()
    if line is None:
        raise NotFound
    if request.method == "POST":
        filling.take_back_line(pk=pk, by=user)
        messages.success(request, _("收回了。"))
    return redirect("desk:list_form", line.lists.round_id)
