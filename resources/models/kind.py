"""Kinds of resources in two levels: 场地 › 会议室. One list for all streets, changed without a programmer."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from resources.querysets import KindQuerySet
from resources.states import Advantage, Form, Pool

SAID_LENGTH = 20


class ResourceKind(models.Model):
    """A kind of resource. Those without a parent are headings; resources belong to the others."""

    key = models.SlugField(_("键"), max_length=30, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上一级")
    )
    form = models.CharField(
        _("怎么用"), max_length=8, choices=Form.choices, blank=True, help_text=_("大类不填；已有资源的种类不要改")
    )
    advantage = models.CharField(_("资源优势"), max_length=12, choices=Advantage.choices, blank=True)
    pool = models.CharField(_("党建资源"), max_length=12, choices=Pool.choices, blank=True)
    said = ArrayField(
        models.CharField(max_length=SAID_LENGTH),
        default=list,
        blank=True,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=SAID_LENGTH))),
        verbose_name=_("平时怎么说"),
        help_text=_("居民说到这些话，就是要找它，如：理个发，剪头；用逗号分开"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    is_active = models.BooleanField(_("在用"), default=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = _("资源种类")
        verbose_name_plural = pgettext_lazy("plural", "资源种类")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("parent", "name"),
                nulls_distinct=False,
                name="resource_kind_once",
                violation_error_message=_("已有这个种类。"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="resource_kind_under_another",
                violation_error_message=_("不能归到自己下面。"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, form="") | Q(parent__isnull=False, form__in=Form.values),
                name="resource_kind_form_of_leaves",
                violation_error_message=_("大类不写“怎么用”，小类要写。"),
            ),
            models.CheckConstraint(condition=Q(advantage__in=["", *Advantage.values]), name="resource_kind_advantage"),
            models.CheckConstraint(condition=Q(pool__in=["", *Pool.values]), name="resource_kind_pool"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language in use."""
        return self.name_en if self.name_en and get_language() == "en" else self.name
