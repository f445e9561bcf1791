"""The resident answers: the first tap chooses, a second page says what comes of it and takes a word, then it counts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from alliance.lib.about import about
from alliance.lib.errors import Invalid, RuleBroken
from alliance.lib.refused import add_errors
from needs.forms.answers import AnswerForm
from needs.models import Answer, Need
from needs.presenting import tracked
from needs.services import following
from needs.services.answers import GIVEN, answer_need
from needs.services.errands import confirm_errand_by_resident, errand_not_there_by_resident
from needs.states import Office, Outcome, State
from needs.views.follow import REFUSED, too_late
from needs.views.progress import asked


@login_not_required
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """解决了, 部分解决, 没解决. Asked for by GET (a reload), the progress page answers."""
    outcome = request.POST.get("outcome", "")
    if request.method != "POST" or outcome not in GIVEN:
        return redirect("needs:progress", following.find_by_link(token).link_token)
    if "sure" in request.POST:
        return _take(request, token, outcome)
    need = following.find_by_link(token)
    if need.state != State.TO_ANSWER:
        messages.info(request, _("这件事现在不用评价。"))
        return redirect("needs:progress", token)
    form = AnswerForm(initial={"outcome": outcome, "round": need.rounds}, outcome=outcome)
    return _page(request, need, outcome, form)


def _take(request: HttpRequest, token: str, outcome: str) -> HttpResponse:
    form = AnswerForm(request.POST, outcome=outcome)
    form.is_valid()
    words = request.POST.get("words", "")
    try:
        given = answer_need(
            token=token,
            outcome=outcome,
            satisfaction=request.POST.get("satisfaction", ""),
            words=words,
            round_no=form.cleaned_data.get("round"),
        )
    except Invalid as error:
        form.errors.pop("satisfaction", None)
        add_errors(form, error)
        return _page(request, following.find_by_link(token), outcome, form, status=REFUSED)
    except RuleBroken as error:
        return too_late(request, token, error, kept=words)
    _thank(request, given, outcome)
    return redirect("needs:progress", token)


def _page(request: HttpRequest, need: Need, outcome: str, form: AnswerForm, status: int = 200) -> HttpResponse:
    about(request, need.area_id)
    chosen = next(one for one in asked(need)["answers"] if one["value"] == outcome)
    context = {"need": need, "token": need.link_token, "chosen": chosen, "form": form, "nav_current": "track"}
    return render(request, "needs/answer.html", context, status=status)


def _thank(request: HttpRequest, given: Answer, outcome: str) -> None:
    if given.outcome != outcome:
        said = {"answer": given.get_outcome_display()}
        messages.warning(request, _("您已经评价过“%(answer)s”，按第一次的算。") % said)
    elif given.outcome == Outcome.UNSOLVED:
        at_leader = given.need.office == Office.LEADER
        told = _("记下了，分管领导会打电话给您。") if at_leader else _("记下了，街道会重新安排人办。")
        messages.success(request, told)
    elif given.outcome == Outcome.PARTLY:
        who = tracked.who_has_the_rest(given.need)
        messages.success(request, _("记下了，剩下的请%(who)s看。谢谢您。") % {"who": who})
    else:
        messages.success(request, _("记下了，这件事办结。谢谢您。"))


@login_not_required
@never_cache
def received(request: HttpRequest, token: str) -> HttpResponse:
    """收到了: what the errand was for has arrived. Asked for by GET (a reload), the progress page answers."""
    if request.method == "POST":
        try:
            confirm_errand_by_resident(token=token)
        except RuleBroken as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("好的，记下您收到了。"))
    return redirect("needs:progress", following.find_by_link(token).link_token)


@login_not_required
@never_cache
def not_there(request: HttpRequest, token: str) -> HttpResponse:
    """没收到: whoever runs the errand and the community hear of it. Asked for by GET, the progress page answers."""
    if request.method == "POST":
        try:
            errand_not_there_by_resident(token=token)
        except RuleBroken as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("记下了，已经告诉志愿者和社区，再给您看看。后来找到了，请点“收到了”。"))
    return redirect("needs:progress", following.find_by_link(token).link_token)
