"""Teams, what their members bring along, and 双报到. Pure names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamKind(models.TextChoices):
    ARTS = "arts", _("文艺")
    NEIGHBOURS = "neighbours", _("邻里帮扶")
    HEALTH = "health", _("医护")
    RIDERS = "riders", _("小哥")
    PATROL = "patrol", _("巡河巡防")
    GUIDANCE = "guidance", _("文明劝导")
    SERVICE = "service", _("便民服务")
    PARTY = "party", _("党员先锋")


class QualificationKind(models.TextChoices):
    """What a post may ask for. Whoever notes it has seen the paper."""

    FIRST_AID = "first_aid", _("急救员证")
    NURSE = "nurse", _("医师、护士执业证")
    LIFEGUARD = "lifeguard", _("水上救生员证")
    DRIVER = "driver", _("驾驶证")
    TEACHER = "teacher", _("教师资格证")
    COUNSELLOR = "counsellor", _("心理咨询师证")
    LAWYER = "lawyer", _("律师执业证")
    ELECTRICIAN = "electrician", _("电工证")


class PartyPost(models.TextChoices):
    """What a party member takes on where they live (双报到)."""

    POLICY = "policy", _("政策宣讲")
    PATROL = "patrol", _("平安巡防")
    MEDIATION = "mediation", _("矛盾调解")
    GREEN = "green", _("环境保护")
    MANNERS = "manners", _("文明劝导")
    HELP = "help", _("结对帮扶")
    CULTURE = "culture", _("文体活动")
    SKILLS = "skills", _("专业服务")
