"""Roles, levels and doors: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of an area, from wide to narrow."""

    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    COMPOUND = "compound", _("小区")


CODE_LENGTH = {Level.CITY: 4, Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12}


class Role(models.TextChoices):
    """What a person is in an area. Three kinds of grid people are three roles (street usage)."""

    GRID_LEAD = "grid_lead", _("网格长")
    GRID_FULL = "grid_full", _("专职网格员")
    GRID_PART = "grid_part", _("兼职网格员")
    COMMUNITY_STAFF = "community_staff", _("社工")
    COMMUNITY_SECRETARY = "community_secretary", _("社区书记")
    STREET_STAFF = "street_staff", _("街道工作人员")
    SECTION_HEAD = "section_head", _("科室负责人")
    PARTY_OFFICE = "party_office", _("党建办")
    LEADER = "leader", _("分管领导")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class SignIn(models.TextChoices):
    """How an account is entered: staff and liaisons by password, residents by a code sent to their phone."""

    PASSWORD = "password", _("用户名和密码")
    PHONE = "phone", _("手机号和验证码")


class Purpose(models.TextChoices):
    """What a code sent to a phone opens; one asked for here does not open there."""

    SIGN_IN = "sign_in", _("登录")
    ERASE = "erase", _("删除我的信息")


ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
STREET_ROLES = frozenset({Role.STREET_STAFF, Role.SECTION_HEAD, Role.PARTY_OFFICE, Role.LEADER})
COMMUNITY_ROLES = frozenset({Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY})
GRID_ROLES = frozenset({Role.GRID_LEAD, Role.GRID_FULL, Role.GRID_PART})
WORK_ROLES = STREET_ROLES | COMMUNITY_ROLES | GRID_ROLES
"""Roles that handle residents' cases. The three administrators see no case: separation of duties."""
