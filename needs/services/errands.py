"""转跑腿: a small urgent thing, published at once by the office that has the need, in the hands of whoever is first.

Locks: whoever publishes or may end the errand holds its offer first, then the need (``errand_ends``, docs/locking.md).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken, Text
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from claims.models import Claim, Offer
from claims.services import confirm, end_of_day, not_there, publish_offer
from claims.states import LIVE, ClaimState, OfferState
from claims.states import Verb as ClaimVerb
from needs.models import Errand, Need
from needs.services import errand_clock
from needs.services.accepting import acceptance, taken_in_hand
from needs.services.errand_ends import KIND, hold_errand, need_with_errand_held, subject_of
from needs.services.following import find_by_link
from needs.services.locked import locked_need
from needs.signals import errand_published
from needs.states import Office, State, Verb
from notifications.messages import source_text
from people.models import Area, User
from people.services.numbers import next_number

NUMBER_KIND = "PT"
MAX_PUBLIC, MAX_HANDOVER = 60, 300
TODAY_UNTIL, NOON = 17, time(12)
"""After five nobody starts for today: by noon tomorrow then."""
LONGEST = timedelta(days=3)
AGAIN = timedelta(hours=2)
"""Whoever hears that it did not arrive has the rest of the day, and at least so long."""
OUT_ALREADY = _("这一件已经发布了，正等志愿者接单。")
SAYS_NOT_THERE = _("居民说没收到，请再看看。")


def default_deliver_by(now: datetime | None = None) -> datetime:
    """The end of today; after five in the afternoon noon tomorrow."""
    local = timezone.localtime(now or timezone.now())
    if local.hour < TODAY_UNTIL:
        return local.replace(hour=23, minute=59, second=0, microsecond=0)
    return datetime.combine(local.date() + timedelta(days=1), NOON, local.tzinfo)


@transaction.atomic
def publish_errand(
    *,
    need_pk: int,
    by: User,
    version: int | None,
    client_key: UUID,
    what: str,
    where: str,
    handover: str,
    deliver_by: datetime | None = None,
    seen_warnings: str = "",
) -> Errand:
    """Ask whoever is near to run an errand for the need, at once and without approval.

    ``what`` and ``where`` are read by everybody, ``handover`` by whoever takes it alone. A need that nobody has
    accepted yet is accepted with it: by ``by``, promised for the day of ``deliver_by``. The same ``client_key`` again
    finds the first errand. Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (stale ``version``, or the key of another
    need's errand), ``RuleBroken`` (the state, or an errand is out already), ``Invalid`` (empty, too long, a moment past
    or far off) and ``Warned`` (a name, a phone or an identity number in public words, unless ``seen_warnings``).
    """
    _need, out = need_with_errand_held(need_pk, lambda: Need.objects.visible_to(by).locked(need_pk))
    first = Errand.objects.filter(client_key=client_key).first()
    if first is not None:
        return _same(first, need_pk)
    need = locked_need(pk=need_pk, by=by, verb=Verb.ERRAND, version=version)
    if out is not None and out.state == OfferState.OPEN:
        raise RuleBroken(OUT_ALREADY)
    until = _checked(need, what, where, handover, deliver_by, seen_warnings)
    offer = _offer(need, clean(what), until)
    errand = Errand.objects.create(
        need=need,
        offer=offer,
        client_key=client_key,
        what=clean(what),
        where=clean(where),
        handover=clean(handover),
        by=by,
        published_at=offer.opens_at,
    )
    _take_in_hand(need, by, until)
    errand_clock.await_taker(errand)
    errand_published.send(Errand, errand=errand)
    return errand


def _same(first: Errand, need_pk: int) -> Errand:
    """``first``, made with the same key, if it is of this need. Raises ``Conflict``."""
    if first.need_id != need_pk:
        raise Conflict
    return first


def _checked(need: Need, what: str, where: str, handover: str, deliver_by: datetime | None, seen: str) -> datetime:
    """Until when. Everything that is wrong is said at once, what looks personal beside what is missing."""
    errors: dict[str, list[Text]] = {}
    for name, text, most, empty in (
        ("what", what, MAX_PUBLIC, _("请写一句帮什么忙，比如：买一瓶眼药水。")),
        ("where", where, MAX_PUBLIC, _("请写大概在哪里，写到小区为止。")),
        ("handover", handover, MAX_HANDOVER, _("请写送到哪里、怎么交接，只有接单的人看得到。")),
    ):
        if not clean(text):
            errors[name] = [empty]
        elif len(clean(text)) > most:
            errors[name] = [_("请写在%(most)d字以内。") % {"most": most}]
    now, until = timezone.now(), deliver_by or default_deliver_by()
    if until <= now:
        errors["deliver_by"] = [_("这个时间已经过了，请另选。")]
    elif until > now + LONGEST:
        errors["deliver_by"] = [_("跑腿是急的小事，最晚三天内；再久的请用别的办法。")]
    names = [need.contact_name, need.helped_name]
    require_seen([what, where], names, seen=seen, wrong=errors)
    if errors:
        raise Invalid(errors)
    return until


def _offer(need: Need, what: str, until: datetime) -> Offer:
    street = Area.objects.get(pk=need.area.street_code)
    return publish_offer(
        kind=KIND,
        subject=subject_of(need.pk),
        label=next_number(NUMBER_KIND, street, timezone.localdate()),
        title=what,
        area=need.area,
        by_street=need.office != Office.COMMUNITY,
        for_units=False,
        for_people=True,
        closes_at=until,
    )


def _take_in_hand(need: Need, by: User, until: datetime) -> None:
    """From the desk of nobody it comes into the hands of whoever published it; a promise made before stays."""
    if need.state != State.PENDING:
        need.move_to(Verb.ERRAND, actor=by)
        return
    promised = None if need.reply_by else timezone.localdate(until)
    event = need.move_to(Verb.ERRAND, actor=by, changes=acceptance(need, holder=by, reply_by=promised))
    taken_in_hand(need, event)


def once_more(now: datetime) -> datetime:
    """Until when an errand that did not arrive should: the end of the day, at least two hours on."""
    return max(end_of_day(now), now + AGAIN)


@transaction.atomic
def confirm_errand_by_resident(*, token: str) -> Claim:
    """收到了: whoever bears the link of the need says that it has arrived, also after 没收到: found at the door.

    Raises ``NotFound`` (no such need), ``RuleBroken`` (nobody has reported a delivery).
    """
    need = find_by_link(token)
    offer = hold_errand(need.pk)
    brought = Claim.objects.filter(offer=offer, state__in=LIVE).first() if offer else None
    if brought is None or not (brought.state == ClaimState.AWAITING or said_missing(brought)):
        raise RuleBroken(_("还没有人说送到，等送到了再点。"))
    return confirm(claim_id=brought.pk, by=None)


@transaction.atomic
def errand_not_there_by_resident(*, token: str) -> Claim:
    """没收到: whoever bears the link of the need says that it has not arrived. A second tap is given the first one's.

    It is on its way again, whoever runs it and the community are told. Raises as ``confirm_errand_by_resident``.
    """
    need = find_by_link(token)
    offer = hold_errand(need.pk)
    held = Claim.objects.filter(offer=offer, state__in=LIVE).first() if offer else None
    if held is not None and held.state == ClaimState.AWAITING:
        return not_there(claim_id=held.pk, by=None, note=source_text(SAYS_NOT_THERE))
    if held is None or not not_there_yet(held):
        raise RuleBroken(_("还没有人说送到，等送到了再点。"))
    return held


def not_there_yet(claim: Claim) -> bool:
    """Whether the last word on ``claim`` is the resident's that it has not arrived."""
    last = claim.events.order_by("-at", "-id").first()
    return last is not None and last.verb == ClaimVerb.NOT_THERE and last.actor_id is None


def said_missing(claim: Claim) -> bool:
    """Whether ``claim`` was said to be brought and was not there: it is on its way again, and may turn up."""
    return claim.state == ClaimState.DELIVERING and claim.back_at is not None


def errand_out(need: Need) -> Errand | None:
    """The errand of ``need`` that is out now."""
    rows = need.errands.filter(offer__state=OfferState.OPEN).select_related("offer", "by")
    return rows.defer("handover").first()


def claim_in_hand(errand: Errand) -> Claim | None:
    """Whoever has it now."""
    return Claim.objects.filter(offer_id=errand.offer_id, state__in=LIVE).select_related("person", "offer").first()


def errand_brought(need: Need) -> tuple[Errand | None, Claim | None]:
    """The last errand of ``need`` that arrived, and who ran it: what was measured stands to be read afterwards."""
    rows = need.errands.filter(offer__claims__state=ClaimState.COMPLETED).select_related("offer", "by")
    errand = rows.defer("handover").order_by("-pk").first()
    if errand is None:
        return None, None
    done = Claim.objects.filter(offer_id=errand.offer_id, state=ClaimState.COMPLETED)
    return errand, done.select_related("person", "offer").first()


def errand_of(offer_pk: int) -> Errand:
    """The errand behind an offer, without where to hand it over. Raises ``NotFound``."""
    rows = Errand.objects.select_related("offer__area", "need").defer("handover")
    errand = rows.filter(offer_id=offer_pk).first()
    if errand is None:
        raise NotFound
    return errand


def handover_for(user: User, errand: Errand) -> str:
    """Where to and to whom, for the one person who has it in hand; empty for everybody else, staff included."""
    held = Claim.objects.filter(offer_id=errand.offer_id, person_id=user.pk, state__in=LIVE).exists()
    return Errand.objects.values_list("handover", flat=True).get(pk=errand.pk) if held else ""
