"""What is said to whom when something happens to a wish. Only what stands on the wall: number, community, item."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from needs.models import Need, Wish
from notifications.messages import MessageClass

NUMBER = frozenset({"number"})
SAMPLE = {
    "number": "XY-CX-20261121-0003",
    "community": _("万寿桥社区"),
    "item": _("一床厚被子"),
}


class WishRaised(MessageClass):
    """To the community: somebody else registered it, and it wants asking at the door."""

    label = _("新心愿，提醒核实")
    title = _("有新心愿，等您核实")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class WishToApprove(MessageClass):
    """To those who may say yes."""

    label = _("心愿核实好了，提醒审批")
    title = _("心愿核实好了，等您审批")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class WishPublished(MessageClass):
    """To whoever registered and verified it."""

    label = _("心愿上墙")
    title = _("心愿通过了，已经上心愿墙")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class WishRejected(MessageClass):
    """To whoever registered and verified it."""

    label = _("心愿没通过")
    title = _("心愿没有通过，点开看原因")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class WishClaimed(MessageClass):
    """To its keepers: somebody will bring it."""

    label = _("心愿有人认领")
    title = _("心愿有人认领了")
    body = _("%(number)s，%(community)s，%(item)s，约好时间陪着送到")
    sample = SAMPLE
    must = NUMBER


class WishSent(MessageClass):
    """To its keepers: it is on its way."""

    label = _("心愿正在送")
    title = _("心愿开始送了")
    body = _("%(number)s，%(community)s，%(item)s，请社区陪着送到")
    sample = SAMPLE
    must = NUMBER


class WishDelivered(MessageClass):
    """To its keepers: reported as delivered, to be confirmed by them."""

    label = _("心愿送到了，提醒代确认")
    title = _("认领的人说送到了，请您确认")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class WishReturned(MessageClass):
    """To its keepers: whoever had it does not have it any more."""

    label = _("心愿退回或超期")
    title = _("认领退回了，心愿还没圆")
    body = _("%(number)s，%(community)s，%(item)s，点开看看怎么办")
    sample = SAMPLE
    must = NUMBER


class WishLapsed(MessageClass):
    """To its keepers: the window has passed."""

    label = _("心愿到期没人认领")
    title = _("心愿到期了，还没人认领")
    body = _("%(number)s，%(community)s，%(item)s，可以再发布一次")
    sample = SAMPLE
    must = NUMBER


class WishLeftOpen(MessageClass):
    """To its keepers: the need it came from was taken back, or its person is forgotten; the wish goes on by itself."""

    label = _("心愿的诉求撤回了，心愿还开着")
    title = _("心愿来自的诉求不在了，心愿还开着")
    body = _("%(number)s，%(community)s，%(item)s，请问问还要不要，不要了就撤回")
    sample = SAMPLE
    must = NUMBER


class WishUnitSuspended(MessageClass):
    """To its keepers: the unit that has it in hand takes a break."""

    label = _("认领心愿的单位暂停参加了")
    title = _("%(unit)s暂停参加了，它认领的心愿还没送到")
    body = _("%(number)s，%(community)s，%(item)s。它还可以送；不放心的，请打电话问问，或者收回认领。")
    sample = {**SAMPLE, "unit": _("区中医院")}
    must = NUMBER


class WishFulfilled(MessageClass):
    """To its keepers."""

    label = _("心愿圆了")
    title = _("心愿圆了")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = SAMPLE
    must = NUMBER


class NeedWishFulfilled(MessageClass):
    """To whoever has the need that the wish came from."""

    label = _("诉求里的心愿圆了")
    title = _("诉求里的心愿圆了，可以请居民评价了")
    body = _("%(number)s，%(community)s，%(item)s")
    sample = {**SAMPLE, "number": "XQ-CX-20261121-0007"}
    must = NUMBER


def about(kind: type[MessageClass], wish: Wish, **said: str) -> MessageClass:
    """The message ``kind`` about ``wish``; ``said``: what it carries beside number, community and item."""
    params = {"number": wish.number, "community": wish.area.name, "item": wish.item, **said}
    url = reverse("admin:needs_wish_change", args=[wish.pk])
    return kind(params=params, area_code=wish.area_id, subject_label=wish.number, url=url)


def of_need(need: Need, wish: Wish) -> MessageClass:
    """The wish that came from ``need`` is fulfilled."""
    params: dict[str, Any] = {
        "number": need.number,
        "community": need.area.name,
        "item": wish.item,
    }
    url = reverse("admin:needs_need_change", args=[need.pk])
    return NeedWishFulfilled(params=params, area_code=need.area_id, subject_label=need.number, url=url)
