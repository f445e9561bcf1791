"""Kinds of member units and who keeps the register: pure names."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.states import COMMUNITY_ROLES, GRID_ROLES, STREET_ROLES, Role


class UnitKind(models.TextChoices):
    """What kind of body a member unit is."""

    ORGAN = "organ", _("机关")
    INSTITUTION = "institution", _("事业单位")
    STATE_COMPANY = "state_company", _("国有企业")
    PRIVATE_COMPANY = "private_company", _("民营企业")
    SCHOOL = "school", _("学校")
    HOSPITAL = "hospital", _("医院")
    BANK = "bank", _("银行")
    SOCIAL = "social", _("社会组织")
    OTHER = "other", _("其他")


class Shown(models.TextChoices):
    """What a unit may agree to show besides its name."""

    INTRO = "intro", _("简介")
    STRENGTHS = "strengths", _("特长和服务")
    TAGS = "tags", _("标签")
    PLACE = "place", _("楼宇楼层")
    PARTY = "party", _("党组织")


NAME = "name"
"""Beside ``Shown``: that the unit is named at all."""


def shown_parts(is_public: bool, shows: Iterable[str]) -> set[str]:
    """What the public reads: nothing of a unit that is not named."""
    return {NAME, *shows} if is_public else set()


class Part(models.TextChoices):
    """The parts of a unit's profile, each saved by itself."""

    ENTRY = "entry", _("登记")
    INTRO = "intro", _("简介")
    STRENGTHS = "strengths", _("特长和服务")
    TAGS = "tags", _("标签")
    PLACE = "place", _("楼宇和网格")
    SHOWN = "shown", _("公开内容")


class Near(models.TextChoices):
    """By what units are near to each other."""

    PLACE = "place", _("地缘")
    TRADE = "trade", _("业缘")
    INTEREST = "interest", _("趣缘")


class StrengthKind(models.TextChoices):
    """What a unit knows, and what it does for others."""

    EXPERTISE = "expertise", _("专业特长")
    SERVICE = "service", _("特色服务")


class Axis(models.TextChoices):
    """The two sides of an alliance's matrix."""

    GROUP = "group", _("界别")
    ZONE = "zone", _("片区")


class PartyKind(models.TextChoices):
    """Kinds of party organisations, from large to small."""

    COMMITTEE = "committee", _("党委")
    GENERAL = "general", _("党总支")
    BRANCH = "branch", _("党支部")


UNDER = {
    PartyKind.COMMITTEE: frozenset({PartyKind.COMMITTEE}),
    PartyKind.GENERAL: frozenset({PartyKind.COMMITTEE}),
    PartyKind.BRANCH: frozenset({PartyKind.COMMITTEE, PartyKind.GENERAL}),
}
"""Under which kinds an organisation of a kind may stand; under a branch stands nothing."""


class Outcome(models.TextChoices):
    """What became of an organisation on a list."""

    GROWING = "growing", _("培育中")
    REACHED = "reached", _("已达标")
    LEFT = "left", _("已退出")


class DocumentKind(models.TextChoices):
    """What kind of document."""

    CHARTER = "charter", _("章程")
    RULES = "rules", _("工作制度")
    PLAN = "plan", _("实施计划")
    OTHER = "other", _("其他")


class OfferState(models.TextChoices):
    """What became of an offered seat."""

    OPEN = "open", _("等答复")
    TAKEN = "taken", _("已接任")
    DECLINED = "declined", _("没有接")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("过期没答复")


REGISTER_ROLES = frozenset({Role.STREET_STAFF, Role.SECTION_HEAD, Role.PARTY_OFFICE})
"""Keep the register of units, memberships and liaisons of their street."""
READ_ROLES = STREET_ROLES | COMMUNITY_ROLES | GRID_ROLES | {Role.SYSTEM_ADMIN}
