"""A form that came too late: nothing typed is lost, and words say what happened meanwhile and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.about import about
from alliance.lib.dates import moment
from claims.models import Claim
from claims.services.meanwhile import happened
from claims.states import ClaimState
from desk import photos, presenting, ways
from needs import wording
from needs.models import NeedEvent
from needs.services.errand_ends import KIND as ERRAND
from needs.states import GIVEN_BACK, Verb
from people.models import Area, User


@dataclass(frozen=True)
class News:
    """``happened`` meanwhile; ``then``: what to do next; ``url`` and ``label``: where to go on."""

    happened: str
    then: str
    url: str
    label: str
    area: Area | None = None


def page(request: HttpRequest, news: News, form: forms.Form, *, status: int) -> HttpResponse:
    """What was typed into ``form``, kept to be copied, below the ``news``."""
    if news.area:
        about(request, news.area.pk)
    sent = len(photos.held(request, form)) if "hold_key" in form.fields else 0
    context = {
        "news": news,
        "typed": typed(form),
        "photos": max(sent, len(request.FILES.getlist("photos"))),
        "office": presenting.office(news.area) if news.area else None,
        "nav_current": "my",
    }
    return render(request, "desk/too_late.html", context, status=status)


def typed(form: forms.Form) -> list[dict[str, str]]:
    """Every field that somebody wrote in, by its label."""
    found = []
    for field in form.visible_fields():
        value = field.value()
        if isinstance(value, str) and value.strip():
            found.append({"label": str(field.label), "value": value[:4000]})
    return found


def of_claim(claim: Claim, user: User) -> News:
    """What became of ``claim``, for whoever has or had it."""
    again, label = reverse("desk:claim", args=[claim.pk]), _("看这一件")
    then, office = "", {"office": wording.sender(claim.offer)}
    match claim.state:
        case ClaimState.RETURNED | ClaimState.EXPIRED:
            then = _("已经送到的，请打电话告诉%(office)s；还想帮忙，看看还能不能接。") % office
            again, label = ways.offer_url(claim.offer), _("看看还能不能接")
            if claim.offer.kind != ERRAND:
                then = _("已经送到的，请打电话告诉%(office)s；还想帮忙，看看还能不能认领。") % office
                label = _("看看还能不能认领")
        case ClaimState.AWAITING:
            then = _("正等确认，不用再交。要补一句，请打电话告诉%(office)s。") % office
        case ClaimState.COMPLETED:
            then = _("这一件已经办好了，不用再交。要补一句，请打电话告诉%(office)s。") % office
    return News(meanwhile(claim, user), then, again, label, claim.offer.keeper)


def meanwhile(claim: Claim, user: User) -> str:
    """The last thing that happened to ``claim``, as a sentence for ``user``."""
    line = happened(claim, user)
    return _("%(line)s。") % {"line": line} if line else ""


def of_need(event: NeedEvent | None, user: User, message: str) -> News:
    """``event``: the unit's own last word on it, or what ended it otherwise; None: nobody knows how (``message``)."""
    happened, area = message, None
    if event is not None:
        happened, area = need_ended(event, user), event.need.desk
    whom = area.name if area else _("商请的街道或社区")
    then = _("您这一份没有交上去。要补充的，请打电话告诉%(office)s。") % {"office": whom}
    return News(happened, then, reverse("desk:home"), _("回单位工作台"), area)


def need_ended(event: NeedEvent, user: User) -> str:
    """How what the unit was asked ended, as a sentence for ``user``: by its own answer, or without it."""
    at = {"at": moment(event.at)}
    if event.verb in GIVEN_BACK:
        who = _("您") if event.actor_id == user.pk else wording.liaison_of(event.params["unit"])
        return _("%(at)s，%(who)s回复了%(what)s。") % {**at, "who": who, "what": _said(event.verb)}
    return _("%(at)s，%(how)s，不用贵单位办了，谢谢。") % {**at, "how": wording.left_unit(event)}


def _said(verb: str) -> str:
    return _("办好了") if verb == Verb.REPORT else _("帮不了")


def of_nobody() -> News:
    """For whoever is not asked: the thing is another's, or the seat has ended. The two are answered alike."""
    happened = _("没有找到这件事，或者您现在不是这家单位的联络员，这一份没有交上去。")
    then = _("要补充的，请让现在的联络员来回复，或者打电话。")
    return News(happened, then, reverse("desk:home"), _("回单位工作台"))
