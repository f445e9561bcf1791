"""A wish from the desk to the wall: registered and verified by the community, approved by somebody else.

An offer is locked before its wish (lower apps first). What hears of claims (``wish_following``) holds the offer and
locks no wish: it writes events and messages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, Text
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from claims.models import Offer
from claims.services.offers import hold_offer, lock_with_offer, publish_offer, reopen_offer, withdraw_offer
from deadlines.services.calendar import calendar
from needs.messages import wishes as messages
from needs.models import Need, Wish
from needs.permissions import WISH_REVEAL, falls_to_street, wish_abilities
from needs.querysets import seen_areas
from needs.services import wish_limits
from needs.services.meanwhile import require_version
from needs.services.wish_fields import PRIVATE, WishFields, checked
from needs.services.wish_people import wish_approvers, wish_keepers, wish_verifiers
from needs.services.wish_settling import settle_asking, settle_decision, settle_open
from needs.services.wish_stages import may_reopen, may_withdraw
from needs.states.wish import CLAIM_DAYS, DELIVER_DAYS, VERIFIERS, WishState, WishVerb
from notifications.services import queue
from people.models import Area, User
from people.services.limits import take
from people.services.numbers import next_number
from people.states import Level

NUMBER_KIND = "XY"
OFFER_KIND = "wish"
MAX_WORDS = 500
REVEALS = (60, 3600)


def subject_of(pk: int) -> str:
    """What the offers of the wish ``pk`` are about."""
    return f"{OFFER_KIND}:{pk}"


def raise_wish(*, client_key: UUID, by: User, area: str, seen_warnings: str = "", **typed: Unpack[WishFields]) -> Wish:
    """登记心愿: store a wish of the community ``area``; a second tap with the same ``client_key`` finds the first.

    Raises ``NotFound`` (another street's community), ``NotAllowed`` (not of the community), ``Invalid``, ``Warned``
    (public words that look personal, unless ``seen_warnings``) and ``Conflict`` (the key was used for another wish).
    """
    community = community_of(area, by)
    if not by.roles_at(community.pk) & VERIFIERS:
        raise NotAllowed
    found = checked(typed, seen_warnings=seen_warnings)
    return store_once(client_key=client_key, by=by, community=community, found=found)


def community_of(code: str, by: User) -> Area:
    """The community ``code`` if ``by`` may see its wishes. Raises ``Invalid`` and ``NotFound``."""
    community = Area.objects.filter(pk=clean(code), level=Level.COMMUNITY).first()
    if community is None:
        raise Invalid({"area": [_("请选一个社区。")]})
    if not any(community.pk.startswith(seen) for seen in seen_areas(by)):
        raise NotFound
    return community


def store_once(*, client_key: UUID, by: User, community: Area, found: dict[str, Any], need: Need | None = None) -> Wish:
    """The wish of ``client_key``: the first one made with it, or a new one."""
    first = _already_there(client_key, by, community, found, need)
    if first:
        return first
    try:
        with transaction.atomic():
            return _store(client_key, by, community, found, need)
    except IntegrityError:
        first = _already_there(client_key, by, community, found, need)
        if first is None:
            raise
        return first


def _already_there(
    client_key: UUID, by: User, community: Area, found: dict[str, Any], need: Need | None
) -> Wish | None:
    wish = Wish.objects.select_related("area").filter(client_key=client_key).first()
    asked = (by.pk, community.pk, found["item"], need.pk if need else None)
    if wish and (wish.raised_by_id, wish.area_id, wish.item, wish.need_id) != asked:
        raise Conflict(_("这个心愿已经登记过了。要再登记一个，请重新打开登记页面。"))
    return wish


def _store(client_key: UUID, by: User, community: Area, found: dict[str, Any], need: Need | None) -> Wish:
    street = Area.objects.get(pk=community.street_code)
    number = next_number(NUMBER_KIND, street, timezone.localdate())
    wish = Wish(number=number, client_key=client_key, area=community, need=need, raised_by=by, **found)
    wish.save(force_insert=True)
    wish.write_event(verb=WishVerb.RAISE, actor=by, source="", target=wish.state, note="")
    wish_limits.await_verifying(wish)
    if not by.roles_at(community.pk) & VERIFIERS:
        queue(messages.about(messages.WishRaised, wish), occurrence=wish.number, users=wish_verifiers(wish))
    return wish


def _locked(pk: int, by: User, verb: str, version: int | None, refusal: Text | None = None) -> Wish:
    """The wish locked and open to ``verb``. Another street's is not found; a wrong role is refused."""
    wish: Wish = Wish.objects.visible_to(by).locked(pk)
    require_version(wish, version)
    if wish.workflow.find(wish.state, verb) is None:
        raise RuleBroken(_("这个心愿现在是“%(state)s”，不能这样办。") % {"state": wish.get_state_display()})
    if verb not in wish_abilities(by, wish):
        raise NotAllowed(refusal)
    return wish


@transaction.atomic
def edit_wish(*, pk: int, by: User, version: int | None, seen_warnings: str = "", **typed: Unpack[WishFields]) -> Wish:
    """Change what was registered; a wish that was verified already is to be verified again.

    What is private stays where nothing is typed: pages do not show it.
    Raises as ``raise_wish``; ``Conflict`` for a stale ``version``, ``RuleBroken`` once it is published.
    """
    wish = _locked(pk, by, WishVerb.EDIT, version)
    kept: Any = {name: typed.get(name) or getattr(wish, name) for name in PRIVATE}
    found = checked({**typed, **kept}, seen_warnings=seen_warnings)
    again: dict[str, Any] = {"verified_by": None, "verified_at": None, "verified_how": "", "at_street": False}
    verified = wish.verified_by_id is not None
    wish.move_to(WishVerb.EDIT, actor=by, changes={**found, **again})
    settle_decision(wish)
    if verified:
        wish_limits.await_verifying(wish)
    return wish


@transaction.atomic
def verify_wish(*, pk: int, by: User, version: int | None, how: str) -> Wish:
    """核实: somebody asked the household, and says how. Those who approve are told: the street, where the secretary is
    to approve and there is none but whoever verifies (a second one who comes later may as well).

    Verifying again takes the place of the first, so that a secretary who verified may hand that to a colleague.
    Raises ``NotFound``, ``NotAllowed``, ``Conflict``, ``RuleBroken`` and ``Invalid`` (no word how).
    """
    wish = _locked(pk, by, WishVerb.VERIFY, version)
    text = " ".join(clean(how).split())
    if not text or len(text) > 120:
        raise Invalid({"how": [_("请写一句怎么核实的，120字以内，比如：上门看过。")]})
    up = falls_to_street(wish, by)
    changes = {"verified_by": by, "verified_at": timezone.now(), "verified_how": text, "at_street": up}
    params = {"to_street": True} if up else {}
    event = wish.move_to(WishVerb.VERIFY, actor=by, note=text, changes=changes, params=params)
    wish_limits.await_approval(wish)
    settle_asking(wish)
    asked = messages.about(messages.WishToApprove, wish)
    queue(asked, occurrence=f"{wish.number}:{event.pk}", users=wish_approvers(wish))
    return wish


@transaction.atomic
def approve_wish(*, pk: int, by: User, version: int | None) -> Wish:
    """通过: the wish goes on the wall for fifteen days; whoever takes it has fifteen days to bring it.

    Never by whoever verified (four eyes). Raises as ``verify_wish``; ``RuleBroken`` before it is verified.
    """
    wish = _decided(pk, by, WishVerb.APPROVE, version)
    offer = _publish(wish)
    wish.move_to(WishVerb.APPROVE, actor=by, changes={"decided_by": by, "decided_at": timezone.now(), "offer": offer})
    _settled(wish)
    _tell(wish, messages.WishPublished, but=by)
    return wish


@transaction.atomic
def reject_wish(*, pk: int, by: User, version: int | None, words: str) -> Wish:
    """不通过, with words for whoever registered it. Raises as ``approve_wish``; ``Invalid`` without words."""
    wish = _decided(pk, by, WishVerb.REJECT, version)
    text = _said(words, _("请写一句为什么不通过。"))
    wish.move_to(WishVerb.REJECT, actor=by, note=text, changes={"decided_by": by, "decided_at": timezone.now()})
    _settled(wish)
    _tell(wish, messages.WishRejected, but=by)
    return wish


def _decided(pk: int, by: User, verb: str, version: int | None) -> Wish:
    """The wish locked for a decision by somebody who may take it and did not verify it."""
    wish: Wish = Wish.objects.visible_to(by).locked(pk)
    if wish.state == WishState.TO_VERIFY and wish.verified_by_id == by.pk:
        raise NotAllowed(_("您核实的心愿，要请另一位来审批：核实和审批是两个人。"))
    if verb == WishVerb.APPROVE and wish.state == WishState.TO_VERIFY and wish.verified_by_id is None:
        require_version(wish, version)
        raise RuleBroken(_("还没有核实，核实以后才能审批。"))
    return _locked(pk, by, verb, version)


def _settled(wish: Wish, *, void: bool = False) -> None:
    """Nobody waits for a decision any more (``void``: it was taken back)."""
    wish_limits.decided(wish, void=void)
    settle_decision(wish)


def _tell(wish: Wish, kind: type[Any], *, but: User) -> None:
    users = [user for user in wish_keepers(wish, office=False) if user.pk != but.pk]
    queue(messages.about(kind, wish), occurrence=f"{wish.number}:{wish.version}", users=users)


def _window() -> datetime:
    """Until when what is published now can be taken."""
    return calendar().end_of(timezone.localdate() + timedelta(days=CLAIM_DAYS))


def _publish(wish: Wish) -> Offer:
    return publish_offer(
        kind=OFFER_KIND,
        subject=subject_of(wish.pk),
        label=wish.number,
        title=wish.item,
        area=wish.area,
        shares=wish.shares,
        for_units=True,
        for_people=True,
        closes_at=_window(),
        deliver_within=timedelta(days=DELIVER_DAYS),
    )


@transaction.atomic
def withdraw_wish(*, pk: int, by: User, version: int | None, words: str) -> Wish:
    """撤回, with a reason; off the wall too.

    Raises as ``verify_wish``; ``RuleBroken`` once it is fulfilled, or while somebody has it in hand.
    """
    if not Wish.objects.visible_to(by).filter(pk=pk).exists():
        raise NotFound
    wish, offer = lock_with_offer(subject_of(pk), lambda: _locked(pk, by, WishVerb.WITHDRAW, version))
    text = _said(words, _("请写一句为什么撤回。"))
    if not may_withdraw(wish):
        raise RuleBroken(_("这个心愿已经圆了，不能再撤回。"))
    wish.move_to(WishVerb.WITHDRAW, actor=by, note=text)
    _settled(wish, void=True)
    settle_asking(wish)
    settle_open(wish)
    if offer:
        withdraw_offer(pk=offer.pk, by=by, why=text)
    return wish


@transaction.atomic
def reopen_wish(*, pk: int, by: User, version: int | None) -> Wish:
    """再发布: another fifteen days for what nobody took, or what came back after the window; what is done stays done.

    Raises as ``verify_wish``; ``RuleBroken`` while the last window is open or somebody has it in hand.
    """
    known = Wish.objects.visible_to(by).filter(pk=pk).values_list("offer_id", flat=True).first()
    offer = hold_offer(known) if known else None
    wish = _locked(pk, by, WishVerb.REOPEN, version)
    if offer is None or not may_reopen(wish):
        raise RuleBroken(_("还在认领期里，或者有人正在办，不用再发布。"))
    if offer.ended_at is None:
        raise RuleBroken(_("上一期正在收尾，请过一分钟再点。"))
    wish.offer = reopen_offer(pk=offer.pk, closes_at=_window())
    wish.move_to(WishVerb.REOPEN, actor=by)
    settle_open(wish)
    return wish


def _said(words: str, empty: Text) -> str:
    text = clean(words)
    if not text or len(text) > MAX_WORDS:
        raise Invalid({"words": [empty if not text else _("请写在%(n)d字以内。") % {"n": MAX_WORDS}]})
    return text


def reveal_household(*, pk: int, by: User, reason: str = "", ip: str = "") -> Wish:
    """Show who the wish is for: to the community at once, to the street with a reason. Every look is logged.

    At most 60 an hour per person. Raises ``NotFound``, ``NotAllowed``, ``TooMany``, ``Invalid`` (no reason given).
    """
    take("reveal", str(by.pk), limit=REVEALS[0], seconds=REVEALS[1])
    wish = Wish.objects.visible_to(by).select_related("area").filter(pk=pk).first()
    if wish is None:
        raise NotFound
    if WISH_REVEAL not in wish_abilities(by, wish):
        raise NotAllowed
    text = clean(reason)[:200]
    if not text and not by.roles_at(wish.area_id) & VERIFIERS:
        raise Invalid({"reason": [_("请写一句为什么要看，比如：陪同送达。")]})
    record(Action.REVEAL, actor=by, subject=wish.number, area_code=wish.area_id, reason=text, ip=ip)
    return wish
