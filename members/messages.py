"""What liaisons are told about their seats."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Liaison
from notifications.messages import MessageClass
from notifications.states import Channel


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
