"""What liaisons are told about their seats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Liaison, MemberUnit, SeatOffer, UnitMerge
from members.states import REGISTER_ROLES
from notifications.messages import MessageClass
from notifications.states import Channel
from people.models import Area, User
from people.querysets import STREET_LENGTH


class SeatGiven(MessageClass):
    """To a new liaison: for which unit, and how to come in."""

    label = _("请联络员登录")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您是%(unit)s的联络员了")
    body = _("邻里有事请贵单位帮忙，会在“单位工作台”告诉您。")
    sms = _("您好，%(unit)s请您做党建联盟的联络员。用这个手机号就能登录，不用记密码：%(link)s")
    sample = {"unit": _("萧山区中医院"), "link": "https://tongxin.example/sign-in/?next=/desk/"}
    must = frozenset({"unit"})
    lasts = timedelta(days=3)


def seat_given(seat: Liaison) -> SeatGiven:
    path = f"{reverse('portal:sign_in')}?next={reverse('desk:home')}"
    link = settings.SITE_URL.rstrip("/") + path if settings.SITE_URL else path
    return SeatGiven(
        params={"unit": str(seat.unit), "link": link},
        area_code=seat.unit.area_id,
        subject_label=str(seat.unit),
        url=reverse("desk:home"),
    )


class SeatOffered(MessageClass):
    """To somebody who is asked to take a seat, by the link of a card."""

    label = _("请人做联络员")
    channels = (Channel.SMS,)
    sms = _("您好，%(who)s请您做%(unit)s的联络员。点开看一看，再答复：%(link)s")
    sample = {
        "who": _("城厢街道"),
        "unit": _("萧山区中医院"),
        "link": "https://tongxin.example/c/AbCd1234",
    }
    must = frozenset({"unit", "link"})
    secret = frozenset({"link"})
    lasts = timedelta(days=3)


class SeatNews(MessageClass):
    """What became of an offered seat: to whoever made the offer, and to the liaison who hands over."""

    label = _("联络员交接")
    title = _("%(unit)s的联络员邀请有了结果")
    sample = {"unit": _("萧山区中医院"), "day": _("12月1日")}
    must = frozenset({"unit"})


class SeatTaken(SeatNews):
    """Somebody said yes."""

    label = _("联络员接任了")
    title = _("%(unit)s有人接任联络员了")
    body = _("新的联络员从%(day)s起在任。是交接的，原来的联络员到那天卸任。")


class SeatDeclined(SeatNews):
    """Somebody said no."""

    label = _("联络员没有接")
    title = _("%(unit)s请的人这次不做联络员")
    body = _("原来的联络员照常在任。可以另请一位。")


class SeatUnanswered(SeatNews):
    """Nobody answered in time."""

    label = _("联络员邀请过期了")
    title = _("%(unit)s的联络员邀请没有人答复")
    body = _("链接已经过期，原来的联络员照常在任。可以重新请一次。")


class SeatEndedByMerge(MessageClass):
    """To a liaison whose seat finds no place in the unit that two entries were made one of."""

    label = _("单位合并，联络员卸任")
    title = _("%(unit)s并入%(kept)s，您的联络员席位今天结束")
    body = _("两条登记说的是同一家单位，那边的联络员席位已经满了。谢谢您一直帮忙。有不对的地方，请和街道说。")
    sample = {"unit": _("中医院"), "kept": _("萧山区中医院")}
    must = frozenset({"unit", "kept"})


class SeatBackAfterMerge(MessageClass):
    """To the same liaison when the merge was taken back."""

    label = _("合并撤销，联络员照旧")
    title = _("您还是%(unit)s的联络员")
    body = _("和%(kept)s的合并撤销了，您的席位照旧。")
    sample = {"unit": _("中医院"), "kept": _("萧山区中医院")}
    must = frozenset({"unit"})


class ShownAgain(MessageClass):
    """To a unit's liaisons: it took something back, and the street shows it again, as it says with their consent."""

    label = _("单位资料重新公开")
    title = _("%(unit)s的资料又公开了")
    body = _("街道写的是：%(how)s。不是这样的，请在“单位资料 → 公开内容”里改回去，马上就不显示。")
    sample = {"unit": _("萧山区中医院"), "how": _("电话里和党办主任说好了")}
    must = frozenset({"unit", "how"})


def shown_again(unit: MemberUnit, how: str) -> ShownAgain:
    return ShownAgain(
        params={"unit": str(unit), "how": how},
        area_code=unit.area_id,
        subject_label=str(unit),
        url=reverse("desk:profile"),
    )


def seat_ended_by_merge(seat: Liaison, merge: UnitMerge) -> SeatEndedByMerge:
    return SeatEndedByMerge(**_of_merge(merge))


def seat_back_after_merge(seat: Liaison, merge: UnitMerge) -> SeatBackAfterMerge:
    return SeatBackAfterMerge(**_of_merge(merge), url=reverse("desk:home"))


def _of_merge(merge: UnitMerge) -> dict[str, Any]:
    return {
        "params": {"unit": str(merge.gone), "kept": str(merge.kept)},
        "area_code": merge.kept.area_id,
        "subject_label": str(merge.gone),
    }


def asked_by(offer: SeatOffer) -> str:
    """Who asks, as a link may say it: the office of whoever sent it, or the unit's present liaison. Never a name."""
    if offer.unit.seats.filter(user_id=offer.created_by_id).exists():
        return str(_("单位现在的联络员"))
    return _office(offer).name


def _office(offer: SeatOffer) -> Area:
    """Where whoever asked keeps the register: of the unit's own street, else of one whose alliance it joined.

    Somebody who has left that office since asked for the unit's street.
    """
    own = sorted(offer.created_by.areas_of(*REGISTER_ROLES), key=len, reverse=True)
    joined = offer.unit.memberships.active().order_by("alliance").values_list("alliance__street_code", flat=True)
    near = [code for place in (offer.unit.area_id, *joined) for code in own if place.startswith(code)]
    found: Area = Area.objects.get(pk=(near or [offer.unit.area_id[:STREET_LENGTH]])[0])
    return found


def seat_offered(offer: SeatOffer, link: str) -> SeatOffered:
    return SeatOffered(
        params={"who": asked_by(offer), "unit": str(offer.unit)},
        secrets={"link": link},
        area_code=offer.unit.area_id,
        subject_label=str(offer.unit),
    )


def seat_news(kind: type[SeatNews], offer: SeatOffer, user: User) -> SeatNews:
    """For ``user``, with the page on which they see the offer."""
    start = offer.seat.starts_on if offer.seat else offer.starts_on
    at_desk = offer.unit.seats.filter(user_id=user.pk).exists()
    return kind(
        params={"unit": str(offer.unit), "day": start.isoformat()},
        area_code=offer.unit.area_id,
        subject_label=str(offer.unit),
        url=reverse("desk:seats") if at_desk else reverse("admin:members_seatoffer_change", args=[offer.pk]),
    )
