"""What is said when the promised day moves with the calendar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from needs.messages.samples import FOR_RESIDENTS, FOR_STAFF, NUMBER, sample_of
from notifications.messages import MessageClass
from notifications.states import Channel


class ReplyMoved(MessageClass):
    """To whoever has it: the promised day moved with the calendar."""

    label = _("答复日子随工作日调整")
    title = _("答复的日子改到%(day)s")
    body = _("%(number)s，%(community)s，工作日有调整，已经告诉居民")
    sample = sample_of(FOR_STAFF, "number", "community", "day")
    must = NUMBER


class PromiseMoved(MessageClass):
    """To the resident: the promised day moved with the calendar."""

    label = _("告诉居民答复日子改了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("答复您的日子改到%(day)s")
    body = _("%(number)s，工作日有调整。")
    sms = _("您反映的事（%(number)s）因工作日调整，改在%(day)s前答复您。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "community", "day", "link")
    must = frozenset({"number", "day"})
    secret = frozenset({"link"})
