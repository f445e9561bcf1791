"""The service menu of an alliance's year: what every unit is asked for, what it may choose, who signed up for where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.paper import person
from projects.querysets import MenuQuerySet, SignUpQuerySet
from projects.states import MenuKind


class MenuItem(models.Model):
    """One service of the menu: 必选 or 自选."""

    alliance = models.ForeignKey(
        "members.Alliance", models.PROTECT, related_name="+", verbose_name=_("党建联盟"), db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("类别"), max_length=8, choices=MenuKind.choices)
    name = models.CharField(_("服务"), max_length=30)
    words = models.CharField(_("做什么"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)
    is_active = models.BooleanField(_("在用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MenuQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务菜单")
        verbose_name_plural = pgettext_lazy("plural", "服务菜单")
        ordering = ("-year", "-kind", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("alliance", "year", "name"),
                name="menu_item_once",
                violation_error_message=_("这一年的菜单里已有这项服务。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=MenuKind.values), name="menu_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class SignUp(models.Model):
    """A unit does a service of the menu, for the communities in ``covers``; none: wherever it is wanted."""

    keep_rows = True

    item = models.ForeignKey(MenuItem, models.PROTECT, related_name="sign_ups", verbose_name=_("服务"), db_index=False)
    unit = models.ForeignKey("members.MemberUnit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    covers = models.ManyToManyField("people.Area", blank=True, related_name="+", verbose_name=_("服务哪些社区"))
    does = models.CharField(_("怎么做"), max_length=200, blank=True)
    by = person(_("谁报的"), null=False)
    at = models.DateTimeField(_("报名时间"), default=timezone.now, editable=False)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True, editable=False)
    left_why = models.CharField(_("为什么退出"), max_length=200, blank=True, default="", editable=False)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务报名")
        verbose_name_plural = pgettext_lazy("plural", "服务报名")
        ordering = ("item", "at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "unit"),
                condition=Q(left_at__isnull=True),
                name="sign_up_once",
                violation_error_message=_("这个单位已经报过这项服务。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} · {self.item_id}"
