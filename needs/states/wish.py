"""States of a wish, who may take which step, and what is read from its offer. Pure names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow
from people.states import COMMUNITY_ROLES, STREET_ROLES, Role

CAP_YUAN = 500
"""The most a wish may cost (street usage: ≤ 500 yuan, no money in cash)."""
MOST_SHARES = 20
CLAIM_DAYS, DELIVER_DAYS, WARN_DAYS = 15, 15, 2
"""认领期, 送达, and the warning before either ends."""
VERIFY_WAIT, APPROVE_WAIT, CONFIRM_WAIT = "needs.wish_verify", "needs.wish_approve", "needs.wish_confirm"
"""The limits of a wish: until it is verified, until it is decided, until what was brought is confirmed."""


class WishState(models.TextChoices):
    """What is stored. 待认领, 圆梦中, 已圆梦 and 到期未认领 are read from the offer (``WishStage``)."""

    TO_VERIFY = "to_verify", _("待核实")
    PUBLISHED = "published", _("已发布")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class WishStage(models.TextChoices):
    """The state as people see it."""

    TO_VERIFY = "to_verify", _("待核实")
    OPEN = "open", _("待认领")
    UNDER_WAY = "under_way", _("圆梦中")
    FULFILLED = "fulfilled", _("已圆梦")
    UNCLAIMED = "unclaimed", _("到期未认领")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


class WishVerb(models.TextChoices):
    """Everything that can happen to a wish; what units do stands with the claim."""

    RAISE = "raise", _("登记")
    EDIT = "edit", _("修改")
    VERIFY = "verify", _("核实")
    APPROVE = "approve", _("通过")
    REJECT = "reject", _("不通过")
    WITHDRAW = "withdraw", _("撤回")
    REOPEN = "reopen", _("再发布")
    PROPOSE = "propose", _("推荐资源")
    CLAIMED = "claimed", _("认领")
    SENT = "sent", _("送达中")
    DELIVERED = "delivered", _("送到了")
    NOT_THERE = "not_there", _("没收到")
    FULFILLED = "fulfilled", _("圆梦")
    RETURNED = "returned", _("退回认领")
    LAPSED = "lapsed", _("到期")


class WishKind(models.TextChoices):
    """实物 · 服务 · 陪伴"""

    GOODS = "goods", _("实物")
    SERVICE = "service", _("服务")
    COMPANY = "company", _("陪伴")


class Approver(models.TextChoices):
    """Who approves wishes, by the street's setting; never whoever verified."""

    SECRETARY = "secretary", _("社区书记")
    STREET = "street", _("街道")


class Delivery(models.TextChoices):
    """How it reaches the person; by default a community worker goes along."""

    ACCOMPANIED = "accompanied", _("社区陪同送达")
    DROPPED = "dropped", _("送到社区")


VERIFIERS = frozenset(COMMUNITY_ROLES | {Role.GRID_LEAD, Role.GRID_FULL})
"""Who registers and verifies: the community, which knows the household."""
KEEPERS = frozenset(VERIFIERS | STREET_ROLES) - {Role.LEADER}
"""Who sees the household behind a wish, and confirms that it was delivered."""
APPROVERS = {
    Approver.SECRETARY: frozenset({Role.COMMUNITY_SECRETARY}),
    Approver.STREET: frozenset({Role.SECTION_HEAD, Role.PARTY_OFFICE}),
}


def _step(verb: WishVerb, source: WishState, target: WishState, actors: frozenset[str]) -> Transition:
    return Transition(verb=verb, source=source, target=target, actors=actors, label=verb.label)


_DECIDERS = frozenset[str]().union(*APPROVERS.values())

WISH_WORKFLOW = Workflow(
    initial=WishState.TO_VERIFY,
    final=[WishState.REJECTED, WishState.WITHDRAWN],
    transitions=[
        _step(WishVerb.EDIT, WishState.TO_VERIFY, WishState.TO_VERIFY, VERIFIERS),
        _step(WishVerb.VERIFY, WishState.TO_VERIFY, WishState.TO_VERIFY, VERIFIERS),
        _step(WishVerb.APPROVE, WishState.TO_VERIFY, WishState.PUBLISHED, _DECIDERS),
        _step(WishVerb.REJECT, WishState.TO_VERIFY, WishState.REJECTED, _DECIDERS),
        _step(WishVerb.WITHDRAW, WishState.TO_VERIFY, WishState.WITHDRAWN, VERIFIERS),
        _step(WishVerb.WITHDRAW, WishState.PUBLISHED, WishState.WITHDRAWN, VERIFIERS),
        _step(WishVerb.REOPEN, WishState.PUBLISHED, WishState.PUBLISHED, VERIFIERS),
        _step(WishVerb.PROPOSE, WishState.PUBLISHED, WishState.PUBLISHED, KEEPERS),
    ],
)
