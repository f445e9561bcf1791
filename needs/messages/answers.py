"""What is said when a need is done, asked about, taken up again, called back.

What the resident answered is in none of these: notices to staff outlive a role.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deadlines.models import Stage
from needs.messages import _about, _for_staff, _found_in_my
from needs.messages.samples import FOR_RESIDENTS, FOR_STAFF, NUMBER, sample_of
from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel


class NeedFinished(MessageClass):
    """To the resident: done; was it solved? The words themselves stay on the page."""

    label = _("告诉居民办好了，请评价")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事办好了，解决了吗？")
    body = _("%(number)s，%(community)s说办好了，请您点开说一声。")
    sms = _("您反映的事（%(number)s）%(community)s说办好了。解决了吗？请点开说一声。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "community", "link")
    must = NUMBER
    secret = frozenset({"link"})


class AnswerAsked(MessageClass):
    """To the resident, once, three working days later."""

    label = _("提醒居民评价")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事解决了吗？")
    body = _("%(number)s，%(day)s前说一声就行；不说也可以，不会当成满意。")
    sms = _("您反映的事（%(number)s）解决了吗？%(day)s前请点开说一声；不说也可以，不会当成满意。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "day", "link")
    must = NUMBER
    secret = frozenset({"link"})


class NeedReopened(MessageClass):
    """To the people of the office above: it is theirs now."""

    label = _("重办，提醒受理")
    title = _("有一件事要重办，等您受理")
    body = _("%(number)s，%(community)s，第%(round)s轮")
    sample = {**sample_of(FOR_STAFF, "number", "community"), "round": "2"}
    must = NUMBER


class CallBackWanted(MessageClass):
    """To the leader: taken up twice, and now theirs to call."""

    label = _("请分管领导回访")
    title = _("有一件事请您回访")
    body = _("%(number)s，%(community)s，第%(round)s轮，请给居民打个电话")
    sample = {**sample_of(FOR_STAFF, "number", "community"), "round": "3"}
    must = NUMBER


class CallBackLate(MessageClass):
    """To the party office: the leader has not called within the time."""

    label = _("领导还没回访，提醒党建办")
    title = _("过了回访的日子，分管领导还没打电话")
    body = _("%(number)s，%(community)s，请提醒一声")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class CalledBack(MessageClass):
    """To the street's people: the leader has called; it is to be done again."""

    label = _("领导回访后交街道重办")
    title = _("领导回访过了，这件事要重办")
    body = _("%(number)s，%(community)s，回访记在办理经过里")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class RemainderLeft(MessageClass):
    """To the community's secretary: something is left over. Which need it is stands on the page alone."""

    label = _("有没办完的部分，请社区书记看")
    title = _("有一件事还有没办完的部分")
    body = _("%(community)s，居民说还没全办好，点开看")
    sample = sample_of(FOR_STAFF, "community")
    must = frozenset({"community"})


def finished(need: Need) -> NeedFinished:
    params = {"number": need.number, "community": need.desk.name}
    return NeedFinished(**_about(need), **_found_in_my(need), params=params)


def asked_again(need: Need, last: str) -> AnswerAsked:
    return AnswerAsked(**_about(need), **_found_in_my(need), params={"number": need.number, "day": last})


def _of_round(need: Need) -> dict[str, Any]:
    given = _for_staff(need)
    return {**given, "params": {"number": need.number, "community": need.area.name, "round": str(need.rounds)}}


def reopened(need: Need) -> NeedReopened:
    return NeedReopened(**_of_round(need))


def call_back_wanted(need: Need) -> CallBackWanted:
    return CallBackWanted(**_of_round(need))


def call_late(stage: Stage, offset: int, audience: str) -> CallBackLate:
    """The reminder of a call that has not been made."""
    params = {"number": stage.params["number"], "community": stage.params["community"]}
    return CallBackLate(params=params, area_code=stage.area_code, subject_label=stage.label, url=stage.url)


def called_back(need: Need) -> CalledBack:
    given = _for_staff(need)
    return CalledBack(**{**given, "params": {"number": need.number, "community": need.area.name}})


def remainder_left(need: Need) -> RemainderLeft:
    url = reverse("admin:need_remainders")
    return RemainderLeft(params={"community": need.area.name}, area_code=need.area_id, url=url)
