"""The categories staff sort needs into."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from needs.querysets import CategoryQuerySet


class Category(models.Model):
    """诉求类别, edited by the street."""

    name = models.CharField(_("名称"), max_length=30)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)
    kinds = models.ManyToManyField(
        "resources.ResourceKind",
        blank=True,
        related_name="+",
        verbose_name=_("找哪几种资源"),
        help_text=_("办这类事的时候，先推荐这几种"),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求类别")
        verbose_name_plural = pgettext_lazy("plural", "诉求类别")
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("name",), name="category_name_once", violation_error_message=_("已有这个类别。")
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language in use."""
        return self.name_en if self.name_en and get_language() == "en" else self.name
