"""What is said to volunteers near an errand: the words everybody may read, and nothing of whom it is for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_moment
from needs.models import Errand
from notifications.messages import MessageClass
from notifications.states import Channel

WHAT = frozenset({"what"})


class ErrandNear(MessageClass):
    """To some volunteers of the community who said that they run errands; the first to take it has it."""

    label = _("告诉附近的志愿者有跑腿")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("附近要帮个忙：%(what)s")
    body = _("%(where)s，%(until)s前送到。先接先得，不方便不用管。")
    sms = _("附近要帮个忙：%(what)s，%(where)s，%(until)s前送到。方便就点开接单，先接先得。%(link)s")
    sample = {
        "what": _("买一瓶眼药水"),
        "where": _("湘湖路小区"),
        "until": _("11月21日18:00"),
        "link": "https://tongxin.example/desk/errands/",
    }
    must = WHAT
    lasts = timedelta(hours=12)


def near(errand: Errand) -> ErrandNear:
    """The message about ``errand``."""
    offer, url = errand.offer, reverse("desk:errand", args=[errand.offer_id])
    return ErrandNear(
        params={
            "what": errand.what,
            "where": errand.where,
            "until": kept_moment(offer.closes_at) if offer.closes_at else "",
            "link": settings.SITE_URL.rstrip("/") + url if settings.SITE_URL else "",
        },
        area_code=offer.area_id,
        subject_label=offer.label,
        url=url,
    )
