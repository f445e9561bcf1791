"""会议: to which one is asked, and answers; what was resolved for the unit; what the unit wants talked about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib.about import about
from alliance.lib.errors import Conflict, NotFound
from claims.querysets import seated_units
from desk import meetings as desk
from desk import presenting, selectors
from desk.acting import take
from desk.forms.meetings import ComeForm, ReportForm, TopicForm
from files import services as files
from meetings.models import Invitee, Minutes, Topic
from meetings.permissions import action_abilities
from meetings.presenting import papers, rows
from meetings.presenting.words import host_of, plainly, postponed
from meetings.services import answering
from meetings.services.actions import report_action
from meetings.services.minutes import PAPER
from meetings.services.topics import raise_topic, withdraw_topic
from meetings.states import ActionVerb, MeetingState
from members.models import Membership, MemberUnit
from people.models import User
from people.visitors import signed_in
from resources.forms.acts import ActForm

NAV = {"nav_current": "my"}


@never_cache
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """What waits, what comes, what the unit has in hand and raised, what was."""
    return _list(request)


def _list(request: HttpRequest, refused: Any = None, status: int = 200) -> HttpResponse:
    """``refused``: a withdrawal that came too late."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    unit = seat.unit if seat else None
    coming, past = desk.past_and_coming(user, unit)
    if unit is None and not (coming or past):
        raise NotFound
    context = {
        "unit": unit,
        "others": [one.unit for one in seats if seat and one.unit_id != seat.unit_id],
        "coming": coming,
        "past": past,
        "actions": [desk.action_row(one) for one in desk.in_hand(unit)[: desk.MOST]] if unit else [],
        "topics": desk.topics_of(unit) if unit else [],
        "refused": refused,
        **NAV,
    }
    return render(request, "desk/meetings.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; POST says whether one comes."""
    user = signed_in(request)
    here, _seats = selectors.seat_here(request, user)
    one = desk.invitation(user, pk, here)
    if request.method != "POST":
        return _page(request, one, _first(one))
    form = ComeForm(request.POST)

    def does(given: dict[str, Any]) -> None:
        if not Invitee.objects.filter(pk=given["invitee"], meeting=pk).exists():
            raise NotFound
        said = {name: given[name] for name in ("answer", "stand_in")}
        answering.answer_invitation(pk=given["invitee"], by=user, **said)

    return take(
        request,
        form,
        does,
        again=lambda refused, status: _page(request, one, refused, status),
        done=_("答复好了，谢谢。开会以前都可以改。"),
        to=reverse("desk:meeting", args=[pk]),
    )


def _first(one: Invitee) -> ComeForm:
    return ComeForm(initial={"invitee": one.pk, "answer": one.answer, "stand_in": one.stand_in})


def _page(request: HttpRequest, one: Invitee, form: Any, status: int = 200) -> HttpResponse:
    row = one.meeting
    about(request, row.area_id)
    sent = row.state == MeetingState.SENT
    actions = list(row.actions.select_related("unit", "office").order_by("due_on", "pk")) if sent else []
    context = {
        "meeting": row,
        "one": one,
        "badge": desk.badge(one),
        "when": plainly(row),
        "host": host_of(row),
        "agenda": desk.agenda_of(row, sent=sent),
        "form": form if row.state == MeetingState.CALLED and row.starts > timezone.now() else None,
        "signs_in": row.state == MeetingState.CALLED and not one.present_at and row.starts <= timezone.now() < row.ends,
        "minutes": papers.revisions(row, address="desk:meeting_paper")[:1] if sent else [],
        "resolved": [rows.resolution(each) for each in actions],
        "raises": one.unit_id is not None,
        "office": presenting.office(row.area),
        **NAV,
    }
    return render(request, "desk/meeting.html", context, status=status)


@never_cache
@require_safe
def paper(request: HttpRequest, pk: int, owner: int, file: UUID) -> FileResponse:
    """The signed minutes, once they were sent."""
    user = signed_in(request)
    desk.invitation(user, pk, None)
    if not Minutes.objects.visible_to(user).filter(meeting=pk, meeting__state=MeetingState.SENT, pk=owner).exists():
        raise NotFound
    return files.serve(files.attachment(PAPER, str(owner), file))


@never_cache
@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """What was resolved for the unit to do; POST says how it is going."""
    user = signed_in(request)
    row = desk.own_action(user, pk)
    if request.method != "POST":
        return _action_page(request, user, row, ReportForm(initial={"version": row.version, "said": row.said}))
    return take(
        request,
        ReportForm(request.POST),
        lambda given: report_action(pk=pk, by=user, **given),
        again=lambda refused, status: _action_page(request, user, row, refused, status),
        done=_("报好了，街道社区看过就销号，谢谢。"),
        to=reverse("desk:action", args=[pk]),
    )


def _action_page(request: HttpRequest, user: User, row: Any, form: Any, status: int = 200) -> HttpResponse:
    about(request, row.area_id)
    context = {
        "action": row,
        "badge": desk.action_badge(row),
        "postponed": postponed(row),
        "form": form if ActionVerb.REPORT in action_abilities(user, row) or form.is_bound else None,
        "office": presenting.office(row.area),
        **NAV,
    }
    return render(request, "desk/action.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest) -> HttpResponse:
    """提一个议题, for the unit at hand or the one that the form names."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    sent = request.POST.get("unit", "")
    if sent:
        seat = next((one for one in seats if str(one.unit_id) == sent), None)
    if seat is None:
        raise NotFound
    unit, areas = seat.unit, _offices(seat.unit)
    about(request, unit.area_id)
    if request.method != "POST":
        wanted = request.GET.get("area", "")
        first = wanted if wanted in dict(areas) else (areas[0][0] if areas else "")
        return _topic_page(request, unit, TopicForm(areas=areas, initial={"unit": unit.pk, "area": first}))
    form = TopicForm(request.POST, areas=areas)

    def does(given: dict[str, Any]) -> None:
        if given["client_key"] is None:
            raise Conflict(_("请重新打开页面再填一次。"))
        said = {name: given[name] for name in ("client_key", "area", "title", "words_why", "seen_warnings")}
        raise_topic(by=user, unit=unit.pk, **said)

    return take(
        request,
        form,
        does,
        again=lambda refused, status: _topic_page(request, unit, refused, status),
        done=_("提好了。列进哪次会、议出什么结果，都会告诉您。"),
        to=reverse("desk:meetings"),
    )


def _offices(unit: MemberUnit) -> list[tuple[str, str]]:
    """Where its alliances meet."""
    rows = Membership.objects.active().filter(unit=unit).select_related("alliance__area").order_by("alliance__area_id")
    return list(dict.fromkeys((one.alliance.area_id, one.alliance.area.name) for one in rows))


def _topic_page(request: HttpRequest, unit: MemberUnit, form: Any, status: int = 200) -> HttpResponse:
    return render(request, "desk/topic_form.html", {"form": form, "unit": unit, **NAV}, status=status)


@never_cache
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回, while it waits."""
    user = signed_in(request)
    row = Topic.objects.filter(unit__in=seated_units(user), pk=pk).first()
    if row is None:
        raise NotFound
    return take(
        request,
        ActForm({"version": row.version}),
        lambda given: withdraw_topic(pk=pk, by=user, version=None),
        again=lambda refused, status: _list(request, refused, status),
        done=_("撤回了。"),
        to=reverse("desk:meetings"),
    )
