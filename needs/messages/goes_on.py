"""What the resident hears when somebody takes up again what was answered before."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from needs.messages.samples import FOR_RESIDENTS, NUMBER, sample_of
from notifications.messages import MessageClass
from notifications.states import Channel


class NeedGoesOn(MessageClass):
    """To the resident, who was answered before: who has it now; what was promised stands."""

    label = _("告诉居民有人接着办")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("%(community)s接着办您反映的事")
    body = _("%(number)s，还是%(day)s前办好。")
    sms = _("您反映的事（%(number)s）%(community)s接着办，还是%(day)s前办好。%(link)s")
    sample = sample_of(FOR_RESIDENTS, "number", "community", "day", "link")
    must = NUMBER
    secret = frozenset({"link"})
