"""Alliances, their member units, who belongs to which between which dates, and the units' liaisons."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.querysets import AllianceQuerySet, LiaisonQuerySet, MembershipQuerySet, UnitQuerySet
from members.states import UnitKind
from members.uscc import FORMAT, validate_uscc
from people.states import SignIn


def _period(start: str, end: str) -> Func:
    """The days from ``start`` until before ``end``."""
    return Func(start, end, RangeBoundary(), function="DATERANGE", output_field=DateRangeField())


def _in_order(start: str, end: str, name: str) -> models.CheckConstraint:
    # Equal dates are allowed: a mistake is ended on the day it began and was never in force.
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("结束日期不能早于开始日期。"),
    )


def _check_order(start: date | None, end: date | None, field: str) -> None:
    # Before the exclusion constraints are asked: a range that ends before it starts is a fault to PostgreSQL.
    if start and end and end < start:
        raise ValidationError({field: _("结束日期不能早于开始日期。")})


class Alliance(models.Model):
    """A street's party-building alliance."""

    area = models.ForeignKey("people.Area", models.PROTECT, related_name="alliances", verbose_name=_("街道"))
    name = models.CharField(_("名称"), max_length=60, help_text=_("如 平常心党建联盟"))
    brand = models.CharField(_("品牌"), max_length=30, blank=True, help_text=_("如 平常心"))
    office_name = models.CharField(
        _("办公室名称"), max_length=30, default="联盟服务中心", help_text=_("如 联盟服务中心、秘书处")
    )
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    intro = models.TextField(_("简介"), max_length=1000, blank=True)

    objects = AllianceQuerySet.as_manager()

    class Meta:
        verbose_name = _("党建联盟")
        verbose_name_plural = pgettext_lazy("plural", "党建联盟")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"),
                name="alliance_name_once",
                violation_error_message=_("这个街道已有同名的联盟。"),
            ),
            models.CheckConstraint(
                condition=Exact(Length("area"), 9),
                name="alliance_of_a_street",
                violation_error_message=_("联盟设在街道一级，请选择街道。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class MemberUnit(models.Model):
    """A member unit (共建单位). One legal body is one row, whichever alliances it belongs to."""

    name = models.CharField(_("单位名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=UnitKind.choices)
    uscc = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        null=True,
        blank=True,
        validators=[validate_uscc],
        help_text=_("18位；党支部等没有代码的不填"),
    )
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="member_units", verbose_name=_("所在地"))
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    is_public = models.BooleanField(_("公开展示"), default=False, help_text=_("单位同意在首页和公示中列名"))
    suspended_at = models.DateTimeField(_("暂停时间"), null=True, blank=True, editable=False)
    suspended_why = models.CharField(_("为什么暂停"), max_length=120, blank=True, db_default="", editable=False)
    pinyin = models.CharField(_("拼音"), max_length=300, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("共建单位")
        verbose_name_plural = pgettext_lazy("plural", "共建单位")
        ordering = ("pinyin", "id")
        indexes = (models.Index(fields=("street_code", "pinyin", "id"), name="unit_street_pinyin"),)
        constraints = (
            models.UniqueConstraint(
                fields=("uscc",),
                name="unit_uscc_once",
                violation_error_code="unique",  # shown beside the field
                violation_error_message=_("这个代码的单位已经登记过。"),
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=True) | Q(uscc__regex=FORMAT),
                name="unit_uscc_format",
                violation_error_message=_("统一社会信用代码应为18位数字或大写字母（没有I、O、S、V、Z）。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=UnitKind.values),
                name="unit_kind_known",
                violation_error_message=_("没有这个单位类型。"),
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_suspended(self) -> bool:
        """Whether it takes nothing in hand for the time being."""
        return self.suspended_at is not None


class Membership(models.Model):
    """A unit in an alliance. ``left_on`` is the first day outside."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="memberships", verbose_name=_("党建联盟"))
    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="memberships", verbose_name=_("共建单位"))
    joined_on = models.DateField(_("加入日期"), default=timezone.localdate)
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("联盟成员")
        verbose_name_plural = pgettext_lazy("plural", "联盟成员")
        ordering = ("-joined_on", "-id")
        constraints = (
            _in_order("joined_on", "left_on", "membership_dates_in_order"),
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (_period("joined_on", "left_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个单位这段时间已经是联盟成员。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.alliance} · {self.unit}"

    def clean(self) -> None:
        _check_order(self.joined_on, self.left_on, "left_on")


class Liaison(models.Model):
    """A seat: who speaks for a unit between two dates. ``ends_on`` is the first day without the seat."""

    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="seats", verbose_name=_("共建单位"))
    user = models.ForeignKey("people.User", models.PROTECT, related_name="seats", verbose_name=_("账号"))
    name = models.CharField(
        _("联络员"), max_length=30, blank=True, db_default="", help_text=_("单位报来的姓名；本人怎么称呼自己，由本人定")
    )
    title = models.CharField(_("职务"), max_length=40, blank=True)
    is_second = models.BooleanField(_("第二联络员"), default=False)
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止"), null=True, blank=True, help_text=_("这一天起不再担任；长期的不填"))
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("联络员")
        verbose_name_plural = pgettext_lazy("plural", "联络员")
        ordering = ("unit", "is_second", "-starts_on")
        constraints = (
            _in_order("starts_on", "ends_on", "liaison_dates_in_order"),
            ExclusionConstraint(
                name="liaison_one_first_one_second",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("is_second", RangeOperators.EQUAL),
                    (_period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间已有联络员，请先给原来的填上结束日期。"),
            ),
            ExclusionConstraint(
                name="liaison_person_once_per_unit",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (_period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人这段时间已是该单位的联络员。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.shown_name} · {self.unit}"

    @property
    def shown_name(self) -> str:
        """As the unit named the person; of an account with a password, its name."""
        return self.name or (self.user.name if self.user.sign_in == SignIn.PASSWORD else "")

    def clean(self) -> None:
        _check_order(self.starts_on, self.ends_on, "ends_on")
