"""What is said to whoever has claimed something. Polite words: units are guests, nobody is dispatched or chased.

No message carries what staff wrote: that stands on the claim's page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from claims.kinds import offer_kind
from claims.models import Claim, Offer
from notifications.messages import MessageClass, in_source_language
from notifications.states import Channel
from people.models import User

SAMPLE = {
    "label": "XY-CX-20261121-0007",
    "kind": _("微心愿"),
    "title": _("一床厚被子"),
    "day": _("11月28日"),
    "office": _("某某街道"),
    "link": "https://tongxin.example/desk/",
}
TITLE = frozenset({"title"})


def _sample(*names: str) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in names}


class ClaimDue(MessageClass):
    """Two days before the last day."""

    label = _("提醒认领的人快到日子")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("温馨提醒：“%(title)s”请在%(day)s前送到")
    body = _("%(kind)s %(label)s。不方便的，请早些退回认领，让别人接上。")
    sms = _("温馨提醒：您认领的“%(title)s”请在%(day)s前送到。不方便的，请早些退回认领。%(link)s")
    sample = _sample("label", "kind", "title", "day", "link")
    must = TITLE | {"day"}


class ClaimExpired(MessageClass):
    """The day has passed."""

    label = _("告诉认领的人约好的日子过了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”约好的日子过了，先请别人来办")
    body = _("%(kind)s %(label)s。已经送到的，请打电话告诉%(office)s。谢谢您的心意。")
    sms = _("您认领的“%(title)s”约好的日子过了，先请别人来办。已经送到的，请打电话告诉%(office)s。谢谢您。%(link)s")
    sample = _sample("label", "kind", "title", "office", "link")
    must = TITLE


class ClaimConfirmed(MessageClass):
    """It arrived."""

    label = _("谢谢认领的人：确认送到了")
    title = _("“%(title)s”送到了，谢谢您")
    body = _("%(kind)s %(label)s，%(office)s已经确认。")
    sample = _sample("label", "kind", "title", "office")
    must = TITLE


class ClaimReleased(MessageClass):
    """The community took it back."""

    label = _("告诉认领的人收回了")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”%(office)s收回了，不用再送")
    body = _("%(kind)s %(label)s。为什么，点开看；有疑问请打电话问%(office)s。")
    sms = _("您认领的“%(title)s”%(office)s收回了，不用再送。有疑问请打电话问%(office)s。%(link)s")
    sample = _sample("label", "kind", "title", "office", "link")
    must = TITLE


class ClaimTakenBack(MessageClass):
    """As ``ClaimReleased``, of what is done and not brought."""

    label = _("告诉认领的人不用再办")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”%(office)s收回了，不用再办")
    body = _("%(kind)s %(label)s。为什么，点开看；有疑问请打电话问%(office)s。")
    sms = _("您认领的“%(title)s”%(office)s收回了，不用再办。有疑问请打电话问。%(link)s")
    sample = _sample("label", "kind", "title", "office", "link")
    must = TITLE


class ClaimNotThere(MessageClass):
    """It did not arrive."""

    label = _("告诉认领的人还没收到")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("“%(title)s”还没收到，想请您再看看")
    body = _("%(kind)s %(label)s。详情点开看。")
    sms = _("您送的“%(title)s”对方还没收到，想请您再看看。%(link)s")
    sample = _sample("label", "kind", "title", "link")
    must = TITLE


def _about(claim: Claim, offer: Offer, user: User | None = None) -> dict[str, Any]:
    kind = offer_kind(offer.kind)
    url = kind.url(offer, user or claim.by)
    return {
        "params": {
            "label": offer.label,
            "kind": in_source_language(kind.label, {}),
            "title": offer.title,
            "office": offer.keeper.name,
            "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL and url else "",
        },
        "area_code": offer.area_id,
        "subject_label": offer.label,
        "url": url,
    }


def due(claim: Claim, offer: Offer) -> ClaimDue:
    about = _about(claim, offer)
    return ClaimDue(**{**about, "params": {**about["params"], "day": kept_day(claim.deliver_by)}})


def expired(claim: Claim, offer: Offer) -> ClaimExpired:
    return ClaimExpired(**_about(claim, offer))


def confirmed(claim: Claim, offer: Offer) -> ClaimConfirmed:
    return ClaimConfirmed(**_about(claim, offer))


def released(claim: Claim, offer: Offer) -> MessageClass:
    about = _about(claim, offer)
    if offer_kind(offer.kind).brought:
        return ClaimReleased(**about)
    return ClaimTakenBack(**about)


def not_there(claim: Claim, offer: Offer) -> ClaimNotThere:
    return ClaimNotThere(**_about(claim, offer))
