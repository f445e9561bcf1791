"""What is said about points. Figures and things only: nobody is named."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from notifications.messages import MessageClass
from notifications.states import Channel
from points.figures import said
from points.models import Account, Redemption, Transfer

SAMPLE = {
    "points": "20",
    "what": _("跑腿：买一瓶眼药水"),
    "day": _("12月31日"),
    "why": _("记到别人名下了"),
    "number": "JF-CX-20261123-0001",
    "count": 1,
    "link": "https://tongxin.example/my/points/",
}


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class PointsGiven(MessageClass):
    """Something was done, and this is what it is worth."""

    label = _("告诉本人得了积分")
    title = _("记了%(points)s分：%(what)s")
    body = _("谢谢您。每一笔怎么来的，“我的积分”里都有。")
    sample = _sample("points", "what")
    must = frozenset({"points", "what"})


class PointsReversed(MessageClass):
    """Taken back by the office, with its reason."""

    label = _("告诉本人一笔积分冲正了")
    title = _("更正了一笔，少%(points)s分：%(what)s")
    body = _("原因：%(why)s。觉得不对，请在“我的积分”里点“有一笔不对”。")
    sample = _sample("points", "what", "why")
    must = frozenset({"points", "what"})


class PointsEndSoon(MessageClass):
    """A month before the end of the year."""

    label = _("提醒本人积分快到期")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您有%(points)s分%(day)s到期")
    body = _("到期就不能再用了，可以先换点用得上的。服务时长不受影响。")
    sms = _("您有%(points)s分%(day)s到期，可以先换点用得上的。%(link)s")
    sample = _sample("points", "day", "link")
    must = frozenset({"points", "day"})


class PointsEnded(MessageClass):
    """The day has passed."""

    label = _("告诉本人积分到期了")
    title = _("%(points)s分到期了")
    body = _("服务时长还在，不受影响。")
    sample = _sample("points")
    must = frozenset({"points"})


class RedemptionWaits(MessageClass):
    """Three days before it is void."""

    label = _("提醒领取兑换品")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(what)s”还没领，到%(day)s为止")
    body = _("带上兑换码去领；不想要了，可以在“我的积分”里取消，积分退回。")
    sms = _("您兑换的“%(what)s”还没领，到%(day)s为止。%(link)s")
    sample = _sample("what", "day", "link")
    must = frozenset({"what", "day"})


class RedemptionDone(MessageClass):
    """It was handed over."""

    label = _("告诉本人兑换品已领取")
    title = _("领到了：%(what)s")
    body = _("用了%(points)s分。不是您领的，请马上打电话告诉街道。")
    sample = _sample("what", "points")
    must = frozenset({"what"})


class RedemptionLapsed(MessageClass):
    """Nobody came."""

    label = _("告诉本人兑换失效")
    title = _("“%(what)s”没来领，%(points)s分退回来了")
    body = _("想要的话可以再兑换一次。")
    sample = _sample("what", "points")
    must = frozenset({"what", "points"})


class RedemptionCalledOff(MessageClass):
    """The office cannot keep it."""

    label = _("告诉本人兑换被收回")
    title = _("抱歉，“%(what)s”给不了了，%(points)s分退回来了")
    body = _("原因：%(why)s。")
    sample = _sample("what", "points", "why")
    must = frozenset({"what", "points"})


class CorrectionAsked(MessageClass):
    """Somebody thinks that their account is wrong."""

    label = _("有人说积分记录有误")
    title = _("有人说积分记录有误，请核对")
    body = _("账户%(number)s，在“待我审批”里。")
    sample = _sample("number")
    must = frozenset({"number"})


class CorrectionAnswered(MessageClass):
    """The office has looked."""

    label = _("答复积分记录的疑问")
    title = _("您问的积分记录有答复了")
    body = _("%(why)s")
    sample = _sample("why")
    must = frozenset({"why"})


class LedgerBroken(MessageClass):
    """The nightly check found something. Nothing was changed."""

    label = _("积分账本对不上")
    title = _("积分账本有%(count)s处对不上")
    body = _("系统没有改动任何数据。请马上联系维护人员查明原因，核对结果在系统日志里。")
    sample = _sample("count")
    must = frozenset({"count"})


def of_account(kind: type[MessageClass], account: Account, **said_: Any) -> MessageClass:
    """The message ``kind`` to whom ``account`` belongs."""
    url = reverse("points:mine")
    link = settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else ""
    every = {"link": link, **said_}
    params = {name: every[name] for name in kind.sample}
    return kind(params=params, area_code=account.street_id, subject_label=account.number, url=url)


def of_redemption(kind: type[MessageClass], row: Redemption, **said_: Any) -> MessageClass:
    """The message ``kind`` to whoever exchanged points for ``row``."""
    return of_account(kind, row.account, what=row.label, points=said(row.price), day=kept_day(row.until), **said_)


def to_the_office(account: Account) -> MessageClass:
    """Word of a question, to whoever answers it."""
    return CorrectionAsked(
        params={"number": account.number},
        area_code=account.street_id,
        subject_label=account.number,
        url=reverse("admin:approvals"),
    )


def given(transfer: Transfer) -> MessageClass:
    return of_account(PointsGiven, transfer.account, points=said(transfer.amount), what=transfer.label)


def taken_back(transfer: Transfer) -> MessageClass:
    points = said(transfer.amount)
    return of_account(PointsReversed, transfer.account, points=points, what=transfer.label, why=transfer.why)
