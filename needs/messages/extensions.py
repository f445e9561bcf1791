"""What is said of a request for more time: asked, decided, and waiting for its yes or no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.models import Stage
from needs.messages.samples import NUMBER, sample_of
from needs.messages.triage import STAFF, for_staff
from needs.models import Extension, Need
from notifications.messages import MessageClass

SAMPLE = {
    "number": "XQ-CX-20261121-0007",
    "community": _("万寿桥社区"),
    "who": _("社工小许"),
    "until": _("12月3日"),
    "day": _("11月26日"),
}


class ExtensionAsked(MessageClass):
    """To those who may grant it."""

    label = _("延期等审批")
    title = _("%(who)s申请延到%(day)s，等您审批")
    body = _("%(number)s，%(community)s，原定%(before)s前答复，请在%(last)s前审批")
    sample = {**sample_of(STAFF, "number", "community", "who", "day", "before"), "last": _("11月26日")}
    must = NUMBER


class ExtensionGranted(MessageClass):
    """To whoever asked."""

    label = _("延期同意了")
    title = _("同意延到%(day)s，已经告诉居民")
    body = _("%(number)s，%(community)s，%(who)s批的")
    sample = sample_of(STAFF, "number", "community", "who", "day")
    must = NUMBER


class ExtensionRefused(MessageClass):
    """To whoever asked."""

    label = _("延期没有同意")
    title = _("没有同意延期，还是%(before)s前答复")
    body = _("%(number)s，%(community)s，%(who)s批的")
    sample = sample_of(STAFF, "number", "community", "who", "before")
    must = NUMBER


class ExtensionDecideSoon(MessageClass):
    """To those who may grant it, before the day and on it."""

    label = _("延期该审批了")
    title = _("延期申请该在%(day)s前审批")
    body = _("%(number)s，%(community)s，%(who)s申请延到%(until)s，在“待我审批”里")
    sample = SAMPLE
    must = NUMBER


class ExtensionDecideLate(MessageClass):
    """To the superiors: the day has passed."""

    label = _("延期过了日子没审批，请上级过问")
    title = _("延期申请过了日子还没审批，请您过问")
    body = _("%(number)s，%(community)s，%(who)s申请延到%(until)s，原定%(day)s前审批")
    sample = SAMPLE
    must = NUMBER


def about_extension(kind: type[MessageClass], need: Need, asked: Extension, who: str, last: str = "") -> MessageClass:
    """A message of ``kind`` about a request for more time; ``who`` asked or decided, ``last``: until when to decide."""
    return for_staff(kind, need, who=who, day=kept_day(asked.until), before=kept_day(asked.before), last=last)


def params_of(asked: Extension) -> dict[str, str]:
    """What the reminders of the running limit say, kept with it."""
    need = asked.need
    return {
        "number": need.number,
        "community": need.area.name,
        "who": asked.asked_by.name,
        "until": kept_day(asked.until),
    }


def decide_reminder(stage: Stage, offset: int, audience: str) -> MessageClass:
    params: dict[str, Any] = {**stage.params, "day": kept_day(stage.due_on)}
    kind = ExtensionDecideLate if offset > 0 else ExtensionDecideSoon
    return kind(params=params, area_code=stage.area_code, subject_label=stage.label, url=stage.url)
