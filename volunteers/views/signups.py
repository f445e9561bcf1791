"""我的活动: what one is signed up for; 签到 with the code on the wall; cancelling, confirming, saying what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.lib.about import about
from alliance.lib.errors import DomainError, NotFound
from alliance.lib.refused import add_errors
from people.models import User
from people.services.consents import current_notice
from people.visitors import signed_in
from volunteers.forms.activities import CodeForm, FeedbackForm, WordsForm
from volunteers.forms.photos import AgreeForm
from volunteers.models import Feedback, Hours, PhotoConsent, SignUp, Slot
from volunteers.permissions.activities import may_say, signup_abilities
from volunteers.presenting import activities as words
from volunteers.presenting.photos import of_person
from volunteers.services import attending, noting, signing
from volunteers.services.feedback import say_feedback
from volunteers.services.hours import as_hours, minutes_of
from volunteers.services.photo_consents import NOTICE as PHOTOS
from volunteers.services.photo_consents import agree_to_photos, is_child, refuse_photos
from volunteers.states import SignUpState, SignUpVerb

REFUSED, MOST = 422, 60


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is to come, what was, and the hours of service."""
    user = signed_in(request)
    rows = SignUp.objects.filter(person=user).select_related("post__slot__activity")
    live = [words.own(one) for one in rows.live().order_by("post__slot__starts", "pk")[:MOST]]
    over = rows.exclude(pk__in=rows.live().values("pk")).order_by("-post__slot__starts", "-pk")[:MOST]
    hours = Hours.objects.filter(person=user).order_by("-day", "-pk")[:MOST]
    context = {
        "live": live,
        "past": [words.own(one) for one in over],
        "hours": [{"row": one, "n": as_hours(one.minutes)} for one in hours],
        "sum": as_hours(minutes_of(user)),
        "nav_current": "my",
    }
    return render(request, "volunteers/my_activities.html", context)


def _own(request: HttpRequest, pk: int) -> SignUp:
    """Only the person themselves: whoever runs the day has a page of their own."""
    rows = SignUp.objects.filter(person=signed_in(request)).select_related("post__slot__activity__area", "person")
    row: SignUp | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


@never_cache
@require_safe
def signup(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own sign-up, and what one may do."""
    return _render(request, _own(request, pk), WordsForm())


def _render(
    request: HttpRequest,
    row: SignUp,
    form: WordsForm,
    status: int = 200,
    opinion: FeedbackForm | None = None,
    **more: Any,
) -> HttpResponse:
    """``opinion``: a 反馈 that was refused, as it was typed; ``more``: other forms that were."""
    activity = row.post.slot.activity
    about(request, activity.area_id)
    verbs = signup_abilities(signed_in(request), row)
    context: dict[str, Any] = {
        "signup": row,
        "activity": activity,
        "said": words.own(row),
        "form": form,
        "may_cancel": SignUpVerb.CANCEL in verbs and not signing.too_late(row),
        "may_accept": SignUpVerb.ACCEPT in verbs,
        "may_appeal": SignUpVerb.APPEAL in verbs,
        "opinion": opinion or _opinion(row, signed_in(request)),
        "may_check_in": row.state == SignUpState.CONFIRMED,
        **_pictures(row),
        "nav_current": "my",
        **more,
    }
    return render(request, "volunteers/signup.html", context, status=status)


def _pictures(row: SignUp) -> dict[str, Any]:
    """Whether one may be seen on pictures of the day, and those one is on."""
    said = PhotoConsent.objects.filter(signup=row, withdrawn_at__isnull=True).first()
    asked = row.state != SignUpState.CANCELLED
    return {
        "photos": of_person(row),
        "photos_said": said,
        "photos_form": AgreeForm(children=row.children > 0 or is_child(row)) if asked else None,
        "photos_notice": current_notice(PHOTOS),
    }


def _opinion(row: SignUp, by: User) -> FeedbackForm | None:
    """What one said of the day, to be changed; None: nothing may be said now."""
    if not may_say(by, row, timezone.now()):
        return None
    found = Feedback.objects.filter(signup=row).first()
    return FeedbackForm(initial={"mood": found.mood, "words": found.words} if found else {})


def _act(request: HttpRequest, pk: int, act: Callable[[SignUp], object], done: str) -> HttpResponse:
    row = _own(request, pk)
    try:
        act(row)
    except DomainError as error:
        form = WordsForm(request.POST)
        form.is_valid()
        add_errors(form, error)
        fresh = _own(request, pk)
        return _render(request, fresh, form, REFUSED if error.status == 400 else error.status)
    messages.success(request, done)
    return redirect("volunteers:signup", pk)


@never_cache
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消报名."""
    by = signed_in(request)
    return _act(request, pk, lambda row: signing.cancel(pk=row.pk, by=by), _("取消了，名额给别人。"))


@never_cache
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """确认参加."""
    by = signed_in(request)
    return _act(request, pk, lambda row: signing.accept(pk=row.pk, by=by), _("名额是您的了，到时见。"))


@never_cache
@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """说明情况."""
    by, said = signed_in(request), request.POST.get("words", "")
    done = _("说明交上去了，会有人答复您。")
    return _act(request, pk, lambda row: noting.appeal(pk=row.pk, by=by, version=None, words=said), done)


@never_cache
@require_POST
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """满意, 一般, 不满意, and a few words."""
    row, by, form = _own(request, pk), signed_in(request), FeedbackForm(request.POST)
    said = {name: request.POST.get(name, "") for name in ("mood", "words")}
    try:
        say_feedback(pk=row.pk, by=by, **said)
    except DomainError as error:
        form.is_valid()
        form.errors.clear()
        add_errors(form, error)
        return _render(request, row, WordsForm(), REFUSED if error.status == 400 else error.status, form)
    messages.success(request, _("收到了，谢谢您。主办人只看到汇总，看不到是谁说的。"))
    return redirect("volunteers:signup", pk)


@never_cache
@require_POST
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """照片里可以有我, or 不同意了."""
    row, by = _own(request, pk), signed_in(request)
    agrees = "agree" in request.POST
    form = AgreeForm(request.POST, children=row.children > 0 or is_child(row))
    form.is_valid()
    try:
        if agrees:
            agree_to_photos(pk=pk, by=by, guardian=bool(form.cleaned_data.get("guardian")))
        else:
            refuse_photos(pk=pk, by=by)
    except DomainError as error:
        add_errors(form, error)
        status = REFUSED if error.status == 400 else error.status
        return _render(request, row, WordsForm(), status, photos_form=form)
    messages.success(request, _("好的，照片里可以有您。") if agrees else _("好的，有您的照片不再公开。"))
    return redirect("volunteers:signup", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """签到 or 签退 with the code on the wall, which the picture brings along."""
    by = signed_in(request)
    slot = Slot.objects.visible_to(by).select_related("activity__area").filter(pk=pk).first()
    if slot is None:
        raise NotFound
    about(request, slot.activity.area_id)
    given = request.POST if request.method == "POST" else {"code": request.GET.get("code", "")}
    form = CodeForm(
        given if request.method == "POST" else None, initial={"code": given["code"][:64]} if given.get("code") else {}
    )
    leaving = "out" in request.POST
    if request.method == "POST" and form.is_valid():
        act = attending.check_out if leaving else attending.check_in
        try:
            act(slot=pk, by=by, code=form.cleaned_data["code"])
        except DomainError as error:
            add_errors(form, error)
            return _here(request, slot, form, REFUSED if error.status == 400 else error.status)
        messages.success(request, _("签退好了，谢谢您。") if leaving else _("签到好了，谢谢您来。"))
        return redirect("volunteers:here", pk)
    return _here(request, slot, form)


def _here(request: HttpRequest, slot: Slot, form: CodeForm, status: int = 200) -> HttpResponse:
    rows = SignUp.objects.filter(post__slot=slot, person=signed_in(request)).exclude(state=SignUpState.CANCELLED)
    row = rows.select_related("attendance").first()
    there = row is not None and row.state == SignUpState.ATTENDED
    context = {
        "slot": slot,
        "activity": slot.activity,
        "when": words.between(slot.starts, slot.ends),
        "form": form,
        "signup": row,
        "there": there,
        "left": there and row is not None and row.attendance.left_at is not None,
        "nav_current": "my",
    }
    return render(request, "volunteers/here.html", context, status=status)
