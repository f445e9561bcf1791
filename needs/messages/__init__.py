"""What is said to whom when something happens to a need.

Notices to staff name the number and the community, never the resident nor their words: a notice outlives a role.
Text messages to the resident carry the code or the link, which are stored encrypted until sent.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.models import Stage
from deadlines.states import Audience
from needs.messages.goes_on import NeedGoesOn
from needs.messages.moved import PromiseMoved, ReplyMoved
from needs.messages.samples import FOR_RESIDENTS, FOR_STAFF, NUMBER, sample_of
from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel


class NeedArrived(MessageClass):
    """To those who may accept it."""

    label = _("新诉求，提醒受理")
    title = _("有新诉求，等您受理")
    body = _("%(number)s，%(community)s")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class NeedSupplemented(MessageClass):
    """To whoever has it."""

    label = _("居民补充情况")
    title = _("居民补充了情况")
    body = _("%(number)s，%(community)s")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class NeedWithdrawn(MessageClass):
    """To whoever has it."""

    label = _("居民撤回诉求")
    title = _("居民撤回了诉求")
    body = _("%(number)s，%(community)s，不用再办")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class NeedUrged(MessageClass):
    """To whoever has it: the resident asks when."""

    label = _("居民催办")
    title = _("居民催了一下")
    body = _("%(number)s，%(community)s")
    sample = sample_of(FOR_STAFF, "number", "community")
    must = NUMBER


class AcceptNow(MessageClass):
    """To those who may take it: the time for a first response is over."""

    label = _("到了首次响应的时间，提醒受理")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("到了首次响应的时间，请马上受理")
    body = _("%(number)s，%(community)s，还没人受理")
    email_subject = _("%(number)s 到了首次响应的时间，请马上受理")
    email_body = _("%(community)s一件事（%(number)s）到了首次响应的时间，还没人受理，请马上看一眼。")
    sample = FOR_STAFF
    must = NUMBER


class AcceptLate(MessageClass):
    """To the superiors: nobody has taken it within the time for a first response."""

    label = _("超期没人受理")
    group = True
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("超过首次响应时限，还没人受理")
    body = _("%(number)s，%(community)s，请您过问")
    email_subject = _("%(number)s 超过首次响应时限，还没人受理")
    email_body = _("%(community)s一件事（%(number)s）超过首次响应时限，还没人受理，请您过问。")
    sample = FOR_STAFF
    must = NUMBER


class ReplySoon(MessageClass):
    """To whoever has it, the working day before."""

    label = _("快到答复的日子")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("该在%(day)s前答复居民")
    body = _("%(number)s，%(community)s，还没答复")
    email_subject = _("%(number)s 该在%(day)s前答复居民")
    email_body = _("%(community)s一件事（%(number)s）该在%(day)s前答复居民，还没答复。")
    sample = FOR_STAFF
    must = NUMBER


class ReplyToday(MessageClass):
    """To whoever has it, on the day itself."""

    label = _("今天该答复")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("今天该答复居民")
    body = _("%(number)s，%(community)s，还没答复")
    email_subject = _("%(number)s 今天该答复居民")
    email_body = _("%(community)s一件事（%(number)s）今天该答复居民，还没答复。")
    sample = FOR_STAFF
    must = NUMBER


class ReplyOverdue(MessageClass):
    """To whoever has it, in place of the reminders before the day, had none of them gone out in time."""

    label = _("过了日子还没答复，提醒经办人")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("过了答应的日子，请尽快答复居民")
    body = _("%(number)s，%(community)s，原定%(day)s前答复")
    email_subject = _("%(number)s 过了答应的日子，请尽快答复居民")
    email_body = _("%(community)s一件事（%(number)s）原定%(day)s前答复居民，到现在还没答复，请尽快答复。")
    sample = FOR_STAFF
    must = NUMBER


class ReplyLate(MessageClass):
    """To the superiors: the promised day has passed without a reply."""

    label = _("过了日子没答复，请上级过问")
    group = True
    channels = (Channel.INAPP, Channel.SMS, Channel.EMAIL)
    title = _("过了答应的日子，还没答复居民")
    body = _("%(number)s，%(community)s，%(holder)s经办，原定%(day)s前答复，请您过问")
    sms = _("%(community)s一件事（%(number)s）过了答应的日子还没答复居民，请您过问。%(link)s")
    email_subject = _("%(number)s 过了答应的日子，还没答复居民")
    email_body = _("%(community)s一件事（%(number)s）原定%(day)s前答复居民，到现在还没答复。%(holder)s经办，请您过问。")
    sample = {**FOR_STAFF, "link": "https://tongxin.example/c/Jh2kP9wQxT5mV8cR4bN7ya/"}
    must = NUMBER
    secret = frozenset({"link"})


class NeedReceived(MessageClass):
    """To the resident: number, code, link."""

    label = _("告诉居民已收到")
    channels = (Channel.SMS,)
    at_once = True  # the number and the code, for whoever is waiting for them
    sms = _("您反映的事收到了。编号%(number)s，查询码%(code)s。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "code", "link")
    must = frozenset({"number", "code"})
    secret = frozenset({"code", "link"})


class NeedAccepted(MessageClass):
    """To the resident: who has it, by when."""

    label = _("告诉居民已受理")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(community)s受理了您反映的事")
    body = _("%(number)s，%(day)s前答复您。")
    sms = _("您反映的事（%(number)s）%(community)s已受理，%(day)s前答复您。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "community", "day", "link")
    must = NUMBER
    secret = frozenset({"link"})


class NeedReplied(MessageClass):
    """To the resident: there is an answer; the words themselves stay on the page."""

    label = _("告诉居民有答复")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事有答复了")
    body = _("%(number)s，%(community)s答复了您，点开看。")
    sms = _("您反映的事（%(number)s）%(community)s有答复了，请到进度页面看。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "community", "link")
    must = NUMBER
    secret = frozenset({"link"})


def _about(need: Need) -> dict[str, Any]:
    return {"area_code": need.area_id, "subject_label": need.number, "urgent": need.urgent}


def _for_staff(need: Need) -> dict[str, Any]:
    return {
        **_about(need),
        "params": {"number": need.number, "community": need.area.name},
        "url": reverse("admin:needs_need_change", args=[need.pk]),
    }


def _link(need: Need) -> str:
    path = reverse("needs:progress", args=[need.link_token])
    return settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else ""


def _found_in_my(need: Need) -> dict[str, Any]:
    """A notice leads to one's own page: the link of the need itself is a key, and goes out by text message alone."""
    return {"url": reverse("portal:my"), "secrets": {"link": _link(need)}}


def arrived(need: Need) -> NeedArrived:
    return NeedArrived(**_for_staff(need))


def supplemented(need: Need) -> NeedSupplemented:
    return NeedSupplemented(**_for_staff(need))


def withdrawn(need: Need) -> NeedWithdrawn:
    return NeedWithdrawn(**_for_staff(need))


def received(need: Need) -> NeedReceived:
    secrets = {"code": need.shown_code, "link": _link(need)}
    return NeedReceived(**_about(need), params={"number": need.number}, secrets=secrets)


def urged(need: Need) -> NeedUrged:
    return NeedUrged(**_for_staff(need))


def _promise(need: Need) -> dict[str, Any]:
    params = {"number": need.number, "community": need.desk.name, "day": kept_day(need.reply_by)}
    return {**_about(need), **_found_in_my(need), "params": params}


def accepted(need: Need) -> NeedAccepted | NeedGoesOn:
    """The day that still stands: of the answer, or once that was given of the end."""
    if need.done_by is None:
        return NeedAccepted(**_promise(need))
    about = _promise(need)
    return NeedGoesOn(**{**about, "params": {**about["params"], "day": kept_day(need.done_by)}})


def promise_moved(need: Need) -> PromiseMoved:
    return PromiseMoved(**_promise(need))


def reply_moved(need: Need) -> ReplyMoved:
    about = _for_staff(need)
    return ReplyMoved(**{**about, "params": {**about["params"], "day": kept_day(need.reply_by)}})


def stage_params(need: Need) -> dict[str, str]:
    """What the reminders of a running limit say of its need, kept with the limit."""
    return {"number": need.number, "community": need.area.name}


def _of(stage: Stage) -> dict[str, Any]:
    holder = stage.holder.name if stage.holder else stage.params["community"]
    params = {**stage.params, "holder": holder, "day": kept_day(stage.due_on)}
    return {"params": params, "area_code": stage.area_code, "subject_label": stage.label, "url": stage.url}


def accept_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    """Those who may take it are asked to, superiors to look after it, whenever the street has either reminded."""
    return AcceptNow(**_of(stage)) if audience == Audience.HANDS else AcceptLate(**_of(stage))


def reply_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    """The reminder of a rung; a day nobody works is reminded of before, and is not "today"."""
    if offset > 0:
        return ReplyLate(**_of(stage))
    if stage.due_at <= timezone.now():  # nobody could remind in time
        return ReplyOverdue(**_of(stage))
    today = stage.due_on <= timezone.localdate()
    return ReplyToday(**_of(stage)) if today else ReplySoon(**_of(stage))


def replied(need: Need) -> NeedReplied:
    params = {"number": need.number, "community": need.desk.name}
    return NeedReplied(**_about(need), **_found_in_my(need), params=params)
