"""Member units and what is known of them: tags, strengths, building and grid; one brand per community."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.ordering import SortKeyField
from alliance.lib.search import Names
from members.querysets import BrandQuerySet, BuildingQuerySet, StrengthQuerySet, TagQuerySet, UnitQuerySet
from members.states import Near, Shown, StrengthKind, UnitKind, shown_parts
from members.uscc import FORMAT, validate_uscc


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
    declined = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=12))),
        editable=False,
        verbose_name=_("单位撤回公开的内容"),
    )
    """``NAME`` and ``Shown``: what the unit itself took back and has not agreed to since."""
    suspended_at = models.DateTimeField(_("暂停时间"), null=True, blank=True, editable=False)
    suspended_why = models.CharField(_("为什么暂停"), max_length=120, blank=True, db_default="", editable=False)
    suspended_why_shown = models.BooleanField(_("单位看得到为什么"), default=False, db_default=False, editable=False)
    pinyin = models.CharField(_("拼音"), max_length=300, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True, editable=False)
    intro = models.TextField(_("单位简介"), max_length=500, blank=True, db_default="")
    tags = models.ManyToManyField("members.Tag", blank=True, related_name="units", verbose_name=_("标签"))
    building = models.ForeignKey(
        "members.Building", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("楼宇")
    )
    floor = models.CharField(_("楼层"), max_length=20, blank=True, db_default="", help_text=_("如 12层、3-5层"))
    grid = models.ForeignKey(
        "people.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网格")
    )
    shows = ArrayField(
        models.CharField(max_length=12, choices=Shown.choices),
        default=list,
        blank=True,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=12))),
        verbose_name=_("同意公开的内容"),
        help_text=_("单位同意公开展示，才在公开页列名；这里再选还公开什么"),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", verbose_name=_("并入")
    )
    name_key = models.CharField(max_length=80, blank=True, db_default="", editable=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    sorted_as = SortKeyField(sources=("short_name", "name"))
    names = Names(texts=("name", "short_name"), sounds=("pinyin", "initials"), tails=("uscc",))
    search_text = names.text_column()
    search = names.search_column()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("共建单位")
        verbose_name_plural = pgettext_lazy("plural", "共建单位")
        ordering = ("sorted_as", "id")
        indexes = (
            models.Index(fields=("street_code", "sorted_as", "id"), name="unit_street_sorted"),
            models.Index(fields=("name_key",), name="unit_by_name"),
            GinIndex("search", name="unit_search", fastupdate=False),
        )
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
            models.CheckConstraint(
                condition=Q(shows__contained_by=Shown.values),
                name="unit_shows_known",
                violation_error_message=_("没有这项公开内容。"),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="unit_merged_into_another",
                violation_error_message=_("不能并入自己。"),
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def shown(self) -> set[str]:
        """What the public reads of it."""
        return shown_parts(self.is_public, self.shows)

    @property
    def is_suspended(self) -> bool:
        """Whether it takes nothing in hand for the time being."""
        return self.suspended_at is not None


class Tag(models.Model):
    """What units have in common: a place, a trade, an interest (地缘相近、业缘相通、趣缘相同)."""

    near = models.CharField(_("哪一类"), max_length=10, choices=Near.choices)
    name = models.CharField(_("名称"), max_length=20)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"))

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位标签")
        verbose_name_plural = pgettext_lazy("plural", "单位标签")
        ordering = ("near", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "near", "name"), name="tag_once", violation_error_message=_("已有这个标签。")
            ),
            models.CheckConstraint(condition=Q(near__in=Near.values), name="tag_near_known"),
            models.CheckConstraint(
                condition=Exact(Length("area"), 9),
                name="tag_of_a_street",
                violation_error_message=_("标签设在街道一级，请选择街道。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Strength(models.Model):
    """What a unit is good at (专业特长) or does for others (特色服务)."""

    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="strengths", verbose_name=_("共建单位"))
    kind = models.CharField(_("类别"), max_length=10, choices=StrengthKind.choices)
    name = models.CharField(_("名称"), max_length=40)
    detail = models.CharField(_("说明"), max_length=200, blank=True)

    objects = StrengthQuerySet.as_manager()

    class Meta:
        verbose_name = _("特长和服务")
        verbose_name_plural = pgettext_lazy("plural", "特长和服务")
        ordering = ("kind", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "kind", "name"), name="strength_once", violation_error_message=_("已经写过这一项。")
            ),
            models.CheckConstraint(condition=Q(kind__in=StrengthKind.values), name="strength_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building in which units sit (产业社区、商圈)."""

    area = models.ForeignKey("people.Area", models.PROTECT, related_name="buildings", verbose_name=_("所在地"))
    name = models.CharField(_("名称"), max_length=40)
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, editable=False)
    sorted_as = SortKeyField()
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("楼宇")
        verbose_name_plural = pgettext_lazy("plural", "楼宇")
        ordering = ("area", "sorted_as", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "name"), name="building_once", violation_error_message=_("这里已有同名的楼宇。")
            ),
        )

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """The one brand of a community (一社一品) and what sets it apart."""

    area = models.OneToOneField(
        "people.Area", models.PROTECT, primary_key=True, related_name="brand", verbose_name=_("社区")
    )
    name = models.CharField(_("品牌"), max_length=30)
    feature = models.CharField(_("特色定位"), max_length=40, blank=True, help_text=_("如 军警民共建"))
    intro = models.TextField(_("简介"), max_length=500, blank=True)

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("社区品牌")
        verbose_name_plural = pgettext_lazy("plural", "社区品牌")
        ordering = ("area",)
        constraints = (
            models.CheckConstraint(
                condition=Exact(Length("area"), 12),
                name="brand_of_a_community",
                violation_error_message=_("品牌是社区的，请选择社区。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class UnitMerge(models.Model):
    """Two rows of one unit made one: what moved, so that it can be undone."""

    keep_rows = True

    kept = models.ForeignKey(MemberUnit, models.PROTECT, related_name="merges", verbose_name=_("保留"))
    gone = models.ForeignKey(MemberUnit, models.PROTECT, related_name="merged_away", verbose_name=_("并入"))
    moved = models.JSONField(_("移动了什么"), default=dict)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("谁"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁撤销")
    )

    class Meta:
        verbose_name = _("合并记录")
        verbose_name_plural = pgettext_lazy("plural", "合并记录")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("gone",), condition=Q(undone_at__isnull=True), name="merge_of_a_unit_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


class Distinct(models.Model):
    """Somebody looked: these two look alike and are two units."""

    first = models.ForeignKey(MemberUnit, models.PROTECT, related_name="+", verbose_name=_("共建单位"))
    second = models.ForeignKey(MemberUnit, models.PROTECT, related_name="+", verbose_name=_("共建单位"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("谁"))

    class Meta:
        verbose_name = _("不是重复")
        verbose_name_plural = pgettext_lazy("plural", "不是重复")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
