"""What is said to a resident who has heard nothing for days."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from needs.messages.triage import NUMBER, RESIDENT
from notifications.messages import MessageClass
from notifications.states import Channel


class NeedStillOpen(MessageClass):
    """To the resident, once in a silence: nobody has forgotten it."""

    label = _("好几天没消息，告诉居民一声")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事还没办好，%(desk)s没有忘")
    body = _("%(number)s，这几天没有新的进展。一有进展就告诉您，也可以点开催一催。")
    sms = _("您反映的事（%(number)s）还没办好，%(desk)s没有忘，一有进展就告诉您。看进度、催一催：%(link)s")
    sample = {name: RESIDENT[name] for name in ("number", "desk", "link")}
    must = NUMBER
    secret = frozenset({"link"})
