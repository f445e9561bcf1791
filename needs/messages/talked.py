"""What is said to a resident whose need was talked over at a meeting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from needs.messages import _about, _found_in_my
from needs.messages.triage import NUMBER, RESIDENT
from needs.models import Need
from notifications.messages import MessageClass
from notifications.states import Channel


class NeedTalkedOver(MessageClass):
    """To the resident: a meeting talked it over; what was resolved stands on the page."""

    label = _("告诉居民会上议过")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事，会上议过了")
    body = _("%(number)s，商定了什么，点开看。")
    sms = _("您反映的事（%(number)s）会上议过了，商定了什么，请到进度页面看。%(link)s")
    sample = {name: RESIDENT[name] for name in ("number", "link")}
    must = NUMBER
    secret = frozenset({"link"})


class NeedResolvedDone(MessageClass):
    """To the resident: what the meeting resolved has been done."""

    label = _("告诉居民会上商定的事办好了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("您反映的事，会上商定的办好了")
    body = _("%(number)s，办成了什么，点开看。")
    sms = _("您反映的事（%(number)s），会上商定的办好了，请到进度页面看。%(link)s")
    sample = {name: RESIDENT[name] for name in ("number", "link")}
    must = NUMBER
    secret = frozenset({"link"})


def talked_over(need: Need, *, done: bool) -> MessageClass:
    kind = NeedResolvedDone if done else NeedTalkedOver
    return kind(**_about(need), **_found_in_my(need), params={"number": need.number})
