"""Bodies (机构) of alliances, streets and communities, and who sits in them; party organisations and their lists."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.search import Names
from members.models.alliance import Alliance
from members.models.dated import check_order, in_order, one_at_a_time
from members.models.unit import MemberUnit
from members.querysets import BodyKindQuerySet, BodyQuerySet, BodySeatQuerySet
from members.states import Axis


class BodyKind(models.Model):
    """A kind of body, as the street calls it: 大工委, 秘书处, 业委会, 界别小组 …, with the roles in it."""

    key = models.SlugField(_("键"), max_length=30, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    axis = models.CharField(
        _("矩阵"), max_length=8, choices=Axis.choices, blank=True, help_text=_("界别小组和片区在矩阵里排成行和列")
    )
    roles = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("角色"),
        help_text=_("用逗号分开，如 召集人,联系人,成员"),
    )
    single_roles = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("只能有一位的角色"),
        help_text=_("如 召集人,联系人"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    is_active = models.BooleanField(_("在用"), default=True)
    names = Names(texts=("name",))
    search_text = names.text_column()
    search = names.search_column()

    objects = BodyKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构类型")
        verbose_name_plural = pgettext_lazy("plural", "机构类型")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=Q(axis__in=["", *Axis.values]), name="body_kind_axis_known"),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0),
                name="body_kind_has_roles",
                violation_error_message=_("请至少写一个角色。"),
            ),
            models.CheckConstraint(
                condition=Q(single_roles__contained_by=F("roles")),
                name="body_kind_single_among_roles",
                violation_error_message=_("只能有一位的角色，要先写在角色里。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A body of an alliance or a place: a committee, a secretariat, a think tank, a group, a zone."""

    kind = models.ForeignKey(BodyKind, models.PROTECT, related_name="bodies", verbose_name=_("类型"))
    name = models.CharField(_("名称"), max_length=40)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="bodies", verbose_name=_("所在地"))
    alliance = models.ForeignKey(
        Alliance, models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name=_("党建联盟")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级机构")
    )
    intro = models.CharField(_("做什么"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    is_public = models.BooleanField(_("公开展示"), default=False)
    set_up_on = models.DateField(_("成立日期"), null=True, blank=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    names = Names(texts=("name",))
    search_text = names.text_column()
    search = names.search_column()

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = pgettext_lazy("plural", "机构")
        ordering = ("kind__position", "position", "id")
        indexes = (
            models.Index(fields=("street_code", "kind", "position", "id"), name="body_street_kind"),
            GinIndex("search", name="body_search", fastupdate=False),
        )
        constraints = (
            in_order("set_up_on", "ended_on", "body_dates_in_order"),
            models.UniqueConstraint(
                fields=("area", "kind", "name"),
                condition=Q(ended_on__isnull=True),
                name="body_name_once",
                violation_error_message=_("这里已有同名的机构。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_order(self.set_up_on, self.ended_on, "ended_on")


class BodySeat(models.Model):
    """Who sits in a body as what, between two dates: a unit, a person, or a unit through a person."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("机构"))
    role = models.CharField(_("角色"), max_length=20)
    unit = models.ForeignKey(
        MemberUnit, models.PROTECT, null=True, blank=True, related_name="body_seats", verbose_name=_("单位")
    )
    user = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="body_seats", verbose_name=_("账号")
    )
    name = models.CharField(_("姓名"), max_length=30, blank=True, help_text=_("没有账号的人写姓名"))
    title = models.CharField(_("职务或专长"), max_length=40, blank=True)
    is_single = models.BooleanField(default=False, editable=False)
    is_public = models.BooleanField(_("公开姓名"), default=False, help_text=_("本人同意在公开页列出姓名"))
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止"), null=True, blank=True, help_text=_("这一天起不再担任；长期的不填"))

    objects = BodySeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = pgettext_lazy("plural", "任职")
        ordering = ("body", "-is_single", "starts_on", "id")
        constraints = (
            in_order("starts_on", "ends_on", "body_seat_dates_in_order"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(user__isnull=False) | ~Q(name=""),
                name="body_seat_of_somebody",
                violation_error_message=_("请选单位或账号，或者写姓名。"),
            ),
            one_at_a_time(
                "body_seat_single_role",
                "body",
                "role",
                start="starts_on",
                end="ends_on",
                condition=Q(is_single=True),
                message=_("这个角色这段时间已有人担任，请先给原来的填上结束日期。"),
            ),
            one_at_a_time(
                "body_seat_person_once",
                "body",
                "user",
                start="starts_on",
                end="ends_on",
                condition=Q(user__isnull=False),
                message=_("这个人这段时间已在这个机构任职。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder} · {self.role}"

    @property
    def holder(self) -> str:
        """Who sits here, as staff read it."""
        parts = (str(self.unit) if self.unit else "", self.name, self.user.name if self.user else "")
        return " ".join(dict.fromkeys(part for part in parts if part))

    def clean(self) -> None:
        check_order(self.starts_on, self.ends_on, "ends_on")
