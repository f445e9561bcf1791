"""Documents of an alliance (章程, 工作制度, 实施计划), their versions, and which unit has seen which."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.search import Names
from members.models.alliance import Alliance
from members.models.unit import MemberUnit
from members.querysets import DocumentQuerySet, ReceiptQuerySet, VersionQuerySet
from members.states import DocumentKind


class Document(models.Model):
    """A document of an alliance; what it says stands in its versions."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="documents", verbose_name=_("党建联盟"))
    kind = models.CharField(_("类别"), max_length=10, choices=DocumentKind.choices)
    title = models.CharField(_("标题"), max_length=60)
    is_public = models.BooleanField(_("公开展示"), default=False)
    reminded_at = models.DateTimeField(_("上次提醒"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    names = Names(texts=("title",))
    search_text = names.text_column()
    search = names.search_column()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("联盟文件")
        verbose_name_plural = pgettext_lazy("plural", "联盟文件")
        ordering = ("kind", "id")
        indexes = (GinIndex("search", name="document_search", fastupdate=False),)
        constraints = (
            models.UniqueConstraint(
                fields=("alliance", "title"),
                name="document_title_once",
                violation_error_message=_("这个联盟已有同名的文件。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_known"),
        )

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One version: a text, files, or both. Once published it is never edited; a trigger refuses it too."""

    keep_rows = True

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", verbose_name=_("联盟文件"))
    number = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("正文"), max_length=20_000, blank=True)
    change = models.CharField(_("改了什么"), max_length=200, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    """Of the draft, raised by every edit: a form opened before another's edit is told so."""
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("发布人")
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件版本")
        verbose_name_plural = pgettext_lazy("plural", "文件版本")
        ordering = ("document", "-number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="version_number_once"),
            models.UniqueConstraint(
                fields=("document",),
                condition=Q(published_at__isnull=True),
                name="version_one_draft",
                violation_error_message=_("这个文件还有一份没有发布的草稿。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"


class Receipt(models.Model):
    """A version was delivered to a unit, and somebody there opened it."""

    keep_rows = True

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="receipts", verbose_name=_("文件版本"))
    unit = models.ForeignKey(MemberUnit, models.PROTECT, related_name="receipts", verbose_name=_("共建单位"))
    delivered_at = models.DateTimeField(_("送达时间"), default=timezone.now)
    seen_at = models.DateTimeField(_("看过时间"), null=True, blank=True)
    seen_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁看过")
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件送达")
        verbose_name_plural = pgettext_lazy("plural", "文件送达")
        ordering = ("version", "unit__sorted_as", "id")
        constraints = (
            models.UniqueConstraint(fields=("version", "unit"), name="receipt_once"),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="receipt_seen_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} → {self.unit}"
