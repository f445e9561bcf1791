"""Alliances and their sub-alliances, the figures they stand by, and who belongs to which between which dates."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.search import Names
from members.models.dated import check_order, in_order, one_at_a_time, period
from members.querysets import AllianceQuerySet, FigureQuerySet, MembershipQuerySet, PlacementQuerySet

QUIET_DAYS, MOST_QUIET_DAYS = 5, 60


class Alliance(models.Model):
    """A street's party-building alliance, or the sub-alliance (子联盟) of a community below it."""

    area = models.ForeignKey("people.Area", models.PROTECT, related_name="alliances", verbose_name=_("所在地"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_alliances",
        verbose_name=_("上级联盟"),
        help_text=_("社区的子联盟才填"),
    )
    name = models.CharField(_("名称"), max_length=60, help_text=_("如 平常心党建联盟"))
    brand = models.CharField(_("品牌"), max_length=30, blank=True, help_text=_("如 平常心"))
    office_name = models.CharField(
        _("办公室名称"), max_length=30, default="联盟服务中心", help_text=_("如 联盟服务中心、秘书处")
    )
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    intro = models.TextField(_("简介"), max_length=1000, blank=True)
    principles = models.TextField(
        _("工作格局"),
        max_length=600,
        blank=True,
        db_default="",
        help_text=_("每行一条，如 四共：组织共融、资源共享、服务共促、治理共抓"),
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("几个工作日没消息，告诉居民一声"),
        default=QUIET_DAYS,
        db_default=QUIET_DAYS,
        help_text=_("诉求这么久没有新进展，提出的居民会收到一条消息；0：不发"),
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    names = Names(texts=("name",))
    search_text = names.text_column()
    search = names.search_column()

    objects = AllianceQuerySet.as_manager()

    class Meta:
        verbose_name = _("党建联盟")
        verbose_name_plural = pgettext_lazy("plural", "党建联盟")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"),
                name="alliance_name_once",
                violation_error_message=_("这里已有同名的联盟。"),
            ),
            # That the parent is the alliance of the community's own street is the service's to see.
            models.CheckConstraint(
                condition=Q(Exact(Length("area"), 9), parent__isnull=True)
                | Q(Exact(Length("area"), 12), parent__isnull=False),
                name="alliance_of_a_street_or_below_one",
                violation_error_message=_("联盟设在街道一级；社区的子联盟要选上级联盟。"),
            ),
            models.CheckConstraint(
                condition=Q(quiet_days__lte=MOST_QUIET_DAYS),
                name="alliance_quiet_days_in_bounds",
                violation_error_message=_("请填0到60之间的数。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """A figure an alliance stands by, with its source: as it was printed, never computed."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="figures", verbose_name=_("党建联盟"))
    label = models.CharField(_("是什么"), max_length=40, help_text=_("如 首批联盟单位"))
    value = models.CharField(_("多少"), max_length=20, help_text=_("如 28家、160余家"))
    as_of = models.CharField(_("什么时候"), max_length=20, blank=True, help_text=_("如 2020年7月"))
    source = models.CharField(_("出处"), max_length=120, help_text=_("谁在哪里说的"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("联盟数字")
        verbose_name_plural = pgettext_lazy("plural", "联盟数字")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("alliance", "label"),
                name="figure_label_once",
                violation_error_message=_("这个联盟已有这一项数字。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


class Membership(models.Model):
    """A unit in an alliance. ``left_on`` is the first day outside."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="memberships", verbose_name=_("党建联盟"))
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, related_name="memberships", verbose_name=_("共建单位")
    )
    joined_on = models.DateField(_("加入日期"), default=timezone.localdate)
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("联盟成员")
        verbose_name_plural = pgettext_lazy("plural", "联盟成员")
        ordering = ("-joined_on", "-id")
        constraints = (
            in_order("joined_on", "left_on", "membership_dates_in_order"),
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (period("joined_on", "left_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个单位这段时间已经是联盟成员。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.alliance} · {self.unit}"

    def clean(self) -> None:
        check_order(self.joined_on, self.left_on, "left_on")


class Placement(models.Model):
    """Where a member stands in the alliance's matrix: its group (界别) and its zone (片区), between two dates."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="placements", verbose_name=_("联盟成员"))
    group = models.ForeignKey(
        "members.Body", models.PROTECT, null=True, blank=True, related_name="placed_in_group", verbose_name=_("界别")
    )
    zone = models.ForeignKey(
        "members.Body", models.PROTECT, null=True, blank=True, related_name="placed_in_zone", verbose_name=_("片区")
    )
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("界别片区")
        verbose_name_plural = pgettext_lazy("plural", "界别片区")
        ordering = ("-starts_on", "-id")
        constraints = (
            in_order("starts_on", "ends_on", "placement_dates_in_order"),
            one_at_a_time(
                "placement_one_cell_at_a_time",
                "membership",
                start="starts_on",
                end="ends_on",
                message=_("这个单位这段时间已有界别和片区。"),
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(zone__isnull=False),
                name="placement_in_a_group_or_zone",
                violation_error_message=_("请至少选一个界别或片区。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership.unit} · {self.group or '-'} × {self.zone or '-'}"

    def clean(self) -> None:
        check_order(self.starts_on, self.ends_on, "ends_on")
