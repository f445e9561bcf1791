"""Kinds of member units and who keeps the register: pure names."""

from __future__ import annotations

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


REGISTER_ROLES = frozenset({Role.STREET_STAFF, Role.SECTION_HEAD, Role.PARTY_OFFICE})
"""Keep the register of units, memberships and liaisons of their street."""
READ_ROLES = STREET_ROLES | COMMUNITY_ROLES | GRID_ROLES | {Role.SYSTEM_ADMIN}
