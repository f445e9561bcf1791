"""What is said while an errand is run. Staff read number and community; the resident, that somebody is on the way.

Who runs it is told on the desk's own pages; the address stands there alone, and for that person alone.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_moment
from deadlines.models import Stage
from needs.messages import _about, _for_staff, _found_in_my
from needs.messages.samples import FOR_RESIDENTS, FOR_STAFF, NUMBER, sample_of
from needs.models import Errand, Need
from notifications.messages import MessageClass
from notifications.states import Channel

SAMPLE = sample_of(FOR_STAFF, "number", "community")


class ErrandWaiting(MessageClass):
    """To whoever published it and the community: the minutes are over and nobody has taken it."""

    label = _("跑腿还没人接")
    title = _("跑腿还没人接，请在群里喊一声")
    body = _("%(number)s，%(community)s")
    sample = SAMPLE
    must = NUMBER


class ErrandTaken(MessageClass):
    """To whoever published it and the holder."""

    label = _("跑腿有人接了")
    title = _("跑腿有人接了")
    body = _("%(number)s，%(community)s")
    sample = SAMPLE
    must = NUMBER


class ErrandOnTheWay(MessageClass):
    """To the resident: somebody is on the way."""

    label = _("告诉居民有人跑腿")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("有人来帮您跑腿了")
    body = _("%(number)s，说好%(until)s前送到。")
    sms = _("您要的忙有志愿者接下了，说好%(until)s前送到（%(number)s）。%(link)s")
    sample = {**sample_of(FOR_RESIDENTS, "number", "link"), "until": _("11月21日 18:00")}
    must = NUMBER
    secret = frozenset({"link"})


class ErrandDelivered(MessageClass):
    """To whoever published it and the community: please confirm."""

    label = _("跑腿送到了，请确认")
    title = _("跑腿说送到了，请您确认")
    body = _("%(number)s，%(community)s，问一声居民再点“代确认”")
    sample = SAMPLE
    must = NUMBER


class ErrandNotThere(MessageClass):
    """To whoever published it and the community: the resident says that it has not arrived."""

    label = _("跑腿还没收到，请问一声")
    title = _("跑腿说送到了，居民还没收到，请问一声")
    body = _("%(number)s，%(community)s，志愿者也收到了提醒")
    sample = SAMPLE
    must = NUMBER


class ErrandBack(MessageClass):
    """To whoever published it and the community: given back or too late; open again while there is time."""

    label = _("跑腿退回来了")
    title = _("跑腿退回来了，又等人接")
    body = _("%(number)s，%(community)s")
    sample = SAMPLE
    must = NUMBER


class ErrandLapsed(MessageClass):
    """To whoever published it and the community: the time is over."""

    label = _("跑腿到点没办成")
    title = _("跑腿到点没办成，请另想办法")
    body = _("%(number)s，%(community)s，居民还等着")
    sample = SAMPLE
    must = NUMBER


def about(kind: type[MessageClass], need: Need) -> MessageClass:
    """A notice of ``kind`` to staff."""
    return kind(**{**_for_staff(need), "params": {"number": need.number, "community": need.area.name}})


def waiting(stage: Stage, offset: int, audience: str) -> MessageClass | None:
    """The reminder of the first claim that has not come."""
    params = {"number": stage.params["number"], "community": stage.params["community"]}
    return ErrandWaiting(params=params, area_code=stage.area_code, subject_label=stage.label, url=stage.url)


def stage_of(errand: Errand) -> dict[str, Any]:
    """What the clock of the first claim keeps for its reminder."""
    need = errand.need
    return {
        "label": errand.offer.label,
        "area_code": errand.offer.keeper_code,
        "url": reverse("admin:needs_need_change", args=[need.pk]),
        "params": {"number": need.number, "community": need.area.name},
    }


def on_the_way(need: Need, until: Any) -> ErrandOnTheWay:
    params = {"number": need.number, "until": kept_moment(until)}
    return ErrandOnTheWay(**_about(need), **_found_in_my(need), params=params)
