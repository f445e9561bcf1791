"""What its resident hears of an errand that is called off while somebody runs it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from needs.messages import _about, _found_in_my
from needs.messages.samples import FOR_RESIDENTS, NUMBER, sample_of
from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel


class ErrandCalledOff(MessageClass):
    """To the resident: nobody comes with it, the matter goes on another way."""

    label = _("告诉居民跑腿撤下了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("跑腿撤下了，这件事另外办")
    body = _("%(number)s，志愿者不来了，我们接着想办法。")
    sms = _("您的事另外办，跑腿撤下了，志愿者不来了（%(number)s）。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "link")
    must = NUMBER
    secret = frozenset({"link"})


def called_off(need: Need) -> ErrandCalledOff:
    return ErrandCalledOff(**_about(need), **_found_in_my(need), params={"number": need.number})
