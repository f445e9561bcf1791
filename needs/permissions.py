"""What a person may do to a need: derived from the table of steps, asked by buttons, views, admin and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from members.permissions import keeps_alliance
from members.states import REGISTER_ROLES
from needs.models import Extension, ListLine, ListRound, Need, Wish, WishPolicy
from needs.states import (
    ONLOOKERS,
    RESIDENT,
    STAND_INS,
    WORKFLOW,
    ExtensionState,
    Office,
    Party,
    State,
    Verb,
    parties,
)
from needs.states.lists import LINE_WORKFLOW, ROUND_WORKFLOW, ListSide, ListsParty
from needs.states.wish import APPROVERS, KEEPERS, VERIFIERS, WISH_WORKFLOW, Approver, WishVerb
from people.permissions import shared_abilities
from people.services.accounts import holders
from people.states import COMMUNITY_ROLES, STREET_ROLES, Role

REVEAL = "reveal"
"""Seeing the phone of a need in somebody else's hands: for handlers, with a reason."""
DECISIONS = frozenset({WishVerb.APPROVE, WishVerb.REJECT})


def abilities(user: Any, need: Need | None = None) -> frozenset[str]:
    """Verbs open to ``user`` on ``need``; without a need, what the pages as such offer (``view``).

    ``dial`` belongs to the present holder, to those who could take the need while nobody holds it, and to the leader
    who is to call back; other handlers have ``reveal``.
    """
    if need is None:
        return frozenset({"view"}) if user.has_role(*ONLOOKERS) else frozenset()
    if not user.roles_at(need.area_id) & ONLOOKERS:
        return frozenset()
    here = parties_of(user, need)
    verbs = {verb for verb in WORKFLOW.verbs(need.state, here) if not hindrance(need, verb)} | {"view"}
    if Party.HANDLER in here:
        verbs |= _listing(need)
    if need.is_over:
        return frozenset(verbs)
    first = need.holder_id is None and bool(here & {Party.HANDLER, Party.LEADER})
    if first or (need.holder_id == user.pk and Party.COLLEAGUE in here):
        verbs.add(Verb.DIAL)
    elif Party.COLLEAGUE in here:
        verbs.add(REVEAL)
    if Verb.DIAL in verbs and Party.COLLEAGUE in here:
        verbs.add(Verb.SLIP)
    return frozenset(verbs)


def _listing(need: Need) -> set[str]:
    """What is being handled may be put into the public 需求清单, and taken out of it whatever becomes of it."""
    if need.listed:
        return {Verb.UNLIST}
    return {Verb.LIST} if need.state == State.IN_PROGRESS else set()


def parties_of(user: Any, need: Need) -> frozenset[str]:
    """What ``user`` is to ``need`` by role and place."""
    roles = user.roles_at(need.area_id)
    # Asked only where the answer decides: for those who would stand in.
    asked = need.office == Office.LEADER and bool(roles & STAND_INS) and Role.LEADER not in roles
    there = not asked or bool(holders([Role.LEADER], need.street_code))
    found = parties(roles, need.office, holds=need.holder_id == user.pk, leaders_there=there)
    return found | {Party.SUPERIOR} if Role.LEADER in roles and _left_to_leader(need) else found


def _left_to_leader(need: Need) -> bool:
    """Whether more time is asked for ``need`` and nobody but the 分管领导 could say yes or no."""
    if need.state != State.IN_PROGRESS:
        return False
    asked = Extension.objects.filter(need=need, state=ExtensionState.WAITING).with_decider()
    return any(one.__dict__["at_leader"] for one in asked)


def hindrance(need: Need, verb: str) -> Text:
    """Why ``verb``, which the table knows, is not possible as things stand, in a sentence; empty if it is."""
    waiting = need.waiting_since is not None
    if verb == Verb.RESUME and not waiting:
        return _("现在没有在等居民补充。")
    if verb == Verb.ASK and waiting:
        return _("已经请居民补充了，正在等回话。")
    if verb == Verb.DECLINE and need.rounds > 1:
        return _("居民说没解决的事，不能不予受理。")
    if verb == Verb.EXTEND:
        return _no_extension(need, waiting)
    return ""


def _no_extension(need: Need, waiting: bool) -> Text:
    if need.first_reply_at and need.done_by is None:
        return _("已经答复过居民，不用再延期。")
    if waiting:
        return _("正在等居民补充，时间停着，不用延期。")
    if need.is_overdue:
        if need.first_reply_at:
            return _("说好办好的日子已经过了，不能再延期。请给居民一句话。")
        return _("答应的日子已经过了，不能再延期。请先答复居民。")
    return ""


def resident_abilities(need: Need) -> frozenset[str]:
    """What the bearer of the need's link or code may do."""
    return WORKFLOW.verbs(need.state, [RESIDENT])


def errand_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Errands are read by whoever works with needs; what is done about one is done on its need's page."""
    return abilities(user) & {"view"}


def round_abilities(user: Any, obj: ListRound | None = None) -> frozenset[str]:
    """Rounds of the two lists: opened, reminded of and closed by whoever keeps the alliance; read in its street.

    What a unit sent is taken up by the same people.
    """
    able = abilities(user) & {"view"}
    if obj is None:
        return able | {"add", "change"} if user.has_role(*REGISTER_ROLES, *COMMUNITY_ROLES) else able
    if not keeps_alliance(user, obj.alliance):
        return able
    return able | ROUND_WORKFLOW.verbs(obj.state, [ListsParty.KEEPER]) | {"change"}


def lists_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """How far the units are: read like their round."""
    return abilities(user) & {"view"}


def line_abilities(user: Any, obj: ListLine | None = None) -> frozenset[str]:
    """Lines that were sent: read like their round, taken up by whoever keeps its alliance."""
    able = abilities(user) & {"view"}
    if obj is None or obj.side != ListSide.NEED or not keeps_alliance(user, obj.lists.round.alliance):
        return able
    return able | LINE_WORKFLOW.verbs(obj.state, [ListsParty.KEEPER])


def category_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Categories are one list for all streets."""
    return shared_abilities(user)


WISH_REVEAL = "household"
"""Seeing who a wish is for, where they live and their phone: for those who keep wishes there."""


def wish_abilities(user: Any, wish: Wish | None = None) -> frozenset[str]:
    """Verbs open to ``user`` on ``wish``; without one, what the pages as such offer (``view``, ``add``).

    Who approves is ``approving_roles``, and never whoever verified. Whose household is forgotten is brought nothing.
    """
    if wish is None:
        added = {"add"} if user.has_role(*VERIFIERS) else set()
        return frozenset({"view"} | added) if user.has_role(*ONLOOKERS) else frozenset()
    roles = user.roles_at(wish.area_id)
    if not roles & ONLOOKERS:
        return frozenset()
    verbs = set(WISH_WORKFLOW.verbs(wish.state, roles)) | {"view"}
    if verbs & DECISIONS:
        if wish.verified_by_id == user.pk or not roles & approving_roles(wish):
            verbs -= DECISIONS
        elif wish.verified_by_id is None:
            verbs.discard(WishVerb.APPROVE)
    if wish.forgotten_at:
        verbs -= {WishVerb.EDIT, WishVerb.VERIFY, WishVerb.APPROVE}
    return frozenset(verbs | {WISH_REVEAL} if roles & KEEPERS else verbs)


def approving_roles(wish: Wish) -> frozenset[str]:
    """Who says yes or no to ``wish``: whom the street's setting names; the street besides where nobody else could."""
    named = APPROVERS[Approver(WishPolicy.objects.approver_of(wish.street_code))]
    if named == APPROVERS[Approver.SECRETARY] and (wish.at_street or not another_secretary(wish, wish.verified_by_id)):
        return named | APPROVERS[Approver.STREET]
    return named


def falls_to_street(wish: Wish, by: Any) -> bool:
    """Whether ``wish`` goes to the street if ``by`` verifies it: the secretary is to approve, and there is no other."""
    by_setting = WishPolicy.objects.approver_of(wish.street_code) == Approver.SECRETARY
    return by_setting and not another_secretary(wish, by.pk)


def another_secretary(wish: Wish, but: int | None) -> bool:
    """Whether the community of ``wish`` has a secretary beside the account ``but``."""
    return any(user.pk != but for user in holders(APPROVERS[Approver.SECRETARY], wish.area_id))


def wish_policy_abilities(user: Any, obj: WishPolicy | None = None) -> frozenset[str]:
    """Who approves wishes is set by the street's party office, and read by the street."""
    if obj is not None:
        kept = Role.PARTY_OFFICE in user.roles_at(obj.street_id)
    else:
        kept = user.has_role(Role.PARTY_OFFICE)
    if kept:
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(*STREET_ROLES) else frozenset()
