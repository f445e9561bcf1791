"""How things on the desk are put into words. Toward units politely: nobody is dispatched, chased or late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alliance.lib.dates import moment
from claims.kinds import offer_kind
from claims.models import Claim, Offer
from claims.states import ON_THE_WAY, ClaimState
from desk import ways
from desk.history import taken_back_of
from needs import wording
from needs.models import Errand, Need, NeedEvent, Wish
from needs.presenting import wishes as wish_words
from needs.presenting.wish_around import confirm_days
from needs.services import errand_hands as hands
from needs.services.errand_ends import KIND as ERRAND
from needs.states import Verb as Verbs
from needs.states.wish import Delivery, WishKind
from people.models import Area, User
from projects.services.project_offers import OFFER_KIND as PROJECT
from volunteers.services.sections import OFFER_KIND as SECTION

SHOWN_WORDS = 80
TONES = {
    ClaimState.CLAIMED: "info",
    ClaimState.DELIVERING: "info",
    ClaimState.AWAITING: "warn",
    ClaimState.COMPLETED: "ok",
    ClaimState.RETURNED: "",
    ClaimState.EXPIRED: "",
}


def day(moment: datetime) -> str:
    """11月28日; midnight belongs to the day before."""
    local = timezone.localtime(moment - timedelta(microseconds=1))
    return wording.day(local.date())


def before(when: datetime) -> str:
    """今天内, 今天 18:00前, 11月28日前: until when, as one says it."""
    local = timezone.localtime(when)
    if (local.hour, local.minute) != (23, 59):
        return _("%(when)s前") % {"when": moment(when)}
    near = {0: _("今天内"), 1: _("明天内")}
    return near.get((local.date() - timezone.localdate()).days) or _("%(when)s前") % {"when": day(when)}


def by_the_hour(when: datetime) -> str:
    """今天 23:59前: an errand is for today, so that the hour is said even where it is the last one."""
    return _("%(when)s前") % {"when": moment(when)}


def badge(claim: Claim, taken_back: Mapping[int, str] | None = None) -> dict[str, str]:
    """The state as a coloured word; an errand is taken, a wish is claimed. ``taken_back`` from ``taken_back_of``."""
    word = (taken_back_of([claim]) if taken_back is None else taken_back).get(claim.pk)
    return {"tone": TONES[ClaimState(claim.state)], "label": word or wording.claim_word(claim)}


def until(claim: Claim, confirm_by: date | None = None, taken_back: Mapping[int, str] | None = None) -> str:
    """What is next, and by when: said of a claim in every list. ``confirm_by``: when the community says it is there.

    ``taken_back`` from ``taken_back_of``.
    """
    if claim.state == ClaimState.AWAITING:
        brought = _("%(at)s说送到了") % {"at": moment(claim.delivered_at or claim.claimed_at)}
        if confirm_by is None:
            return brought
        facts = {"brought": brought, "office": wording.sender(claim.offer), "day": wording.day(confirm_by)}
        return _("%(brought)s，%(office)s%(day)s前确认") % facts
    if claim.state == ClaimState.COMPLETED:
        return _("完成了，谢谢")
    if claim.state == ClaimState.RETURNED:
        return (taken_back_of([claim]) if taken_back is None else taken_back).get(claim.pk) or _("退回了")
    if claim.state == ClaimState.EXPIRED:
        return str(ClaimState.EXPIRED.label)
    if claim.offer.kind == PROJECT:
        return _("一起办到底")
    if claim.offer.kind == SECTION:
        return _("有空走一走，记一笔")
    if claim.deliver_by is None:
        return _("不急，方便时送到")
    said = by_the_hour if claim.offer.kind == ERRAND else before
    return _("%(before)s送到") % {"before": said(claim.deliver_by)}


def days_left(claim: Claim) -> str:
    """还有9天; nothing where no day runs."""
    if claim.deliver_by is None or claim.state not in ON_THE_WAY:
        return ""
    days = (timezone.localdate(claim.deliver_by) - timezone.localdate()).days
    if days < 0:
        return _("日子过了")
    return ngettext("还有%(n)d天", "还有%(n)d天", days) % {"n": days} if days else _("今天")


def _today(claim: Claim) -> bool:
    """``until`` says of today that it is today."""
    return claim.deliver_by is not None and timezone.localdate(claim.deliver_by) == timezone.localdate()


def claim_rows(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Rows of what was taken in hand."""
    found = list(claims)
    confirm_by, back = confirm_days(found), taken_back_of(found)
    return [
        {
            "title": claim.offer.title,
            "kind": offer_kind(claim.offer.kind).label,
            "community": claim.offer.area.name,
            "badge": badge(claim, back),
            "until": until(claim, confirm_by.get(claim.pk), back),
            "left": "" if _today(claim) else days_left(claim),
            "since": moment(claim.held_since),
            "url": ways.claim_url(claim),
            "awaiting": claim.state == ClaimState.AWAITING,
            "live": claim.state in ON_THE_WAY,
        }
        for claim in found
    ]


def answer_row(event: NeedEvent) -> dict[str, Any]:
    """What the unit replied, or how it was settled without it, in the shape of ``claim_rows``: the unit's own words,
    and nothing of whom it was about."""
    need = event.need
    what = need.category.label if need.category else _("商请协助")
    said = {Verbs.REPORT: _("回复：办好了"), Verbs.HAND_BACK: _("回复：帮不了")}.get(Verbs(event.verb), "")
    at, how = {"moment": moment(event.at)}, wording.left_unit(event)
    ended = _("%(moment)s回复") % at if said else _("%(moment)s，%(how)s") % {**at, "how": how}
    return {
        "title": f"{what} {need.number}",
        "kind": _("商请协助") if need.category else "",
        "community": need.area.name,
        "badge": {"tone": "ok" if event.verb == Verbs.REPORT else "", "label": said or _("不用再办，谢谢")},
        "words": Truncator(wording.veiled(event.words)).chars(SHOWN_WORDS) if said else "",
        "until": ended,
        "left": "",
        "url": reverse("desk:need", args=[need.pk]),
        "awaiting": False,
    }


def to_confirm(claim: Claim) -> str:
    """Whose turn it is once it is said to be there: of an errand the resident's, of a wish the community's."""
    if claim.offer.kind == ERRAND:
        return wording.to_confirm(claim.offer)
    return _("%(who)s，等确认") % {"who": claim.offer.area.name}


def errand_hand(offer: Offer, claim: Claim | None, *, over: bool) -> str:
    """Whose hands an errand is in, for whoever looks at it and has not taken it."""
    found = hands.errand_hand(offer, claim)
    since = {"since": moment(found.since)}
    match found.turn:
        case hands.Turn.RUNNER:
            return _("志愿者接下了，%(since)s起") % since
        case hands.Turn.RESIDENT:
            what = _("%(what)s，%(since)s起") % {"what": wording.brought(), **since}
            if found.until is None:
                return what
            return _("%(what)s，%(until)s") % {"what": what, "until": wording.confirmed_by(offer, day(found.until))}
        case hands.Turn.TAKER if not over:
            return _("还没有人接，%(since)s起") % since
    return _("已经结束")


def hand_rows(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """As ``claim_rows``: first what is still to be brought, behind it what waits for the community."""
    return sorted(claim_rows(claims), key=lambda row: bool(row["awaiting"]))


def errand_rows(offers: Iterable[Offer], where: dict[int, str]) -> list[dict[str, Any]]:
    """Rows of errands nobody has taken."""
    return [
        {
            "title": offer.title,
            "community": offer.area.name,
            "where": where.get(offer.pk, ""),
            "until": _("%(before)s送到") % {"before": by_the_hour(offer.closes_at)} if offer.closes_at else "",
            "since": _("%(when)s起等人接") % {"when": moment(offer.waits_since)},
            "url": reverse("desk:errand", args=[offer.pk]),
        }
        for offer in offers
    ]


def wish_card(offer: Offer, wish: Wish | None, near: str) -> dict[str, Any]:
    """The public side of a wish. ``near``: the area of the unit, for the one reason that is true."""
    left = offer.left
    card: dict[str, Any] = {
        "title": offer.title,
        "community": offer.area.name,
        "until": _("认领到%(day)s") % {"day": day(offer.closes_at)} if offer.closes_at else "",
        "open_until": _("到%(day)s") % {"day": day(offer.closes_at)} if offer.closes_at else "",
        "left": ngettext("还差%(n)d份", "还差%(n)d份", left) % {"n": left} if offer.shares > 1 else "",
        "url": ways.offer_url(offer),
        "because": _because(offer, wish, near),
        "free": wish_words.still_free(offer),
    }
    if wish is not None:
        card |= {"called": wish.called, "cap": wish_words.cap(wish), "costs": wish.cap_yuan}
        card["kind"] = wish.get_kind_display()
    return card


def _because(offer: Offer, wish: Wish | None, near: str) -> str:
    """Why it may fit, in one line: where it is, and how little there is to do."""
    close = _("就在贵单位所在的社区") if near and offer.area_id == near else ""
    return pgettext("between two clauses", "，").join(part for part in (close, _easy(wish)) if part)


def _easy(wish: Wish | None) -> str:
    if wish is None:
        return ""
    if wish.kind != WishKind.GOODS:
        return _("和社区约好时间就行，社工陪着一起去")
    if wish.delivery == Delivery.ACCOMPANIED:
        return _("由社工陪着送到，您只管准备")
    return _("送到社区就行，由社区转交")


def how_delivered(wish: Wish | None) -> str:
    """How it reaches the person."""
    if wish is None:
        return ""
    if wish.kind != WishKind.GOODS:
        return _("和社区约好时间，由社工陪着一起去。")
    if wish.delivery == Delivery.ACCOMPANIED:
        return _("准备好了和社区约时间，由社工陪着送到家。")
    return _("送到社区就行，由社区转交。")


def term(offer: Offer) -> str:
    """How long one has, said before one claims."""
    if offer.deliver_within is None:
        return before(offer.closes_at) if offer.closes_at else ""
    days = offer.deliver_within.days
    return ngettext("%(n)d天内", "%(n)d天内", days) % {"n": days}


def usually(span: timedelta | None) -> str:
    """How soon somebody takes an errand here; nothing where there were too few to say."""
    if span is None:
        return ""
    minutes = max(1, round(span.total_seconds() / 60))
    return ngettext("这里的跑腿，多半%(n)d分钟内有人接。", "这里的跑腿，多半%(n)d分钟内有人接。", minutes) % {
        "n": minutes
    }


def belongs(user: User, errand: Errand) -> str:
    """Who answers for the need behind ``errand``, for staff who see it; nothing for everybody else."""
    if not user.roles:
        return ""
    rows = Need.objects.visible_to(user).select_related("area__parent", "holder", "unit")
    need = rows.filter(pk=errand.need_id).first()
    return wording.hand(need) if need else ""


def office(area: Area) -> dict[str, str]:
    """Whom to call about it: the community, or the street that asked, by its service number or the site's."""
    phone = wording.phone_of(area)
    digits = "".join(sign for sign in phone if sign.isdigit())
    return {"name": area.name, "phone": phone, "href": f"tel:{digits}" if digits else ""}
