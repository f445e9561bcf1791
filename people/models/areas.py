"""Area: an official statistical division, or a grid or compound below one."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.querysets import AreaQuerySet
from people.states import CODE_LENGTH, Level

CODE = r"^([0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}(-[A-Z0-9]{3}){0,3})$"
"""Every level has its own length, so that a code begins with another one if and only if it lies inside."""


class Area(models.Model):
    """The primary key is the official code: 3301 → 330109 → 330109001 → 330109001048, then own
    groups of three (330109001048-001)."""

    code = models.CharField(_("区划代码"), max_length=24, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    short_code = models.CharField(
        _("编号简码"), max_length=4, blank=True, help_text=_("编号中的街道简码，如 CX；开始使用后不能再改")
    )
    aliases = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("别名"),
        help_text=_("用逗号分开"),
    )
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, editable=False)
    phone = models.CharField(_("服务电话"), max_length=30, blank=True)
    is_served = models.BooleanField(_("开通"), default=False, help_text=_("居民可以选择这里"))

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("区域")
        verbose_name_plural = pgettext_lazy("plural", "区域")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("short_code",),
                condition=~models.Q(short_code=""),
                name="area_short_code_once",
                violation_error_message=_("这个简码已经用于另一个街道。"),
            ),
            models.CheckConstraint(
                condition=models.Q(level=Level.STREET, short_code__regex=r"^[A-Z]{2,4}$") | models.Q(short_code=""),
                name="area_short_code_of_streets",
                violation_error_message=_("简码是2到4个大写字母，只用于街道。"),
            ),
            # Without a short code the first resident would meet a number that cannot be made.
            models.CheckConstraint(
                condition=~models.Q(level=Level.STREET, is_served=True, short_code=""),
                name="area_served_has_short_code",
                violation_error_message=_("开通街道之前，先给它一个编号简码。"),
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=CODE),
                name="area_code_official",
                violation_error_message=_("区划代码应为4、6、9或12位数字；社区以下每级再加“-”和3位数字或大写字母。"),
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[Level.GRID, Level.COMPOUND], code__contains="-")
                | models.Q(
                    *(models.Q(level=level, code__regex=rf"^[0-9]{{{n}}}$") for level, n in CODE_LENGTH.items()),
                    _connector=models.Q.OR,
                ),
                name="area_level_of_code",
                violation_error_message=_("这个区划代码不是这一级的。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def street_code(self) -> str:
        """Code of the street this area is or lies in; empty above streets."""
        return self.code[:9] if len(self.code) >= 9 else ""
