"""What belongs to a project: the units that take part, its milestones, what it is linked with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.paper import person
from projects.models.project import Project
from projects.querysets import ProjectPartQuerySet


class ProjectUnit(models.Model):
    """A unit that takes part, or was asked to; ``is_lead``: it leads, as whoever claimed the project does."""

    keep_rows = True

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="units", verbose_name=_("共建项目"), db_index=False
    )
    unit = models.ForeignKey("members.MemberUnit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    is_lead = models.BooleanField(_("牵头"), default=False)
    does = models.CharField(_("做什么"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("请它的时间"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    confirmed_by = person(_("谁确认的"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True, editable=False)
    left_why = models.CharField(_("为什么退出"), max_length=200, blank=True, default="", editable=False)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("参加单位")
        verbose_name_plural = pgettext_lazy("plural", "参加单位")
        ordering = ("-is_lead", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "unit"), condition=Q(left_on__isnull=True), name="project_unit_once"
            ),
            models.UniqueConstraint(
                fields=("project",),
                condition=Q(is_lead=True, left_on__isnull=True),
                name="project_one_lead",
                violation_error_message=_("牵头单位只有一家。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} · {self.unit_id}"


class Milestone(models.Model):
    """A step with a day and a weight; the weights of a project make a hundred."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="milestones", verbose_name=_("共建项目"), db_index=False
    )
    name = models.CharField(_("节点"), max_length=40)
    weight = models.PositiveSmallIntegerField(_("占比（%）"))
    due_on = models.DateField(_("哪天前"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True, editable=False)
    done_by = person(_("谁登记的"))
    evidence = models.CharField(_("完成情况"), max_length=300, blank=True, default="", editable=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=1)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目节点")
        verbose_name_plural = pgettext_lazy("plural", "项目节点")
        ordering = ("position", "id")
        indexes = (models.Index("project", "due_on", name="milestone_of_project"),)
        constraints = (
            models.UniqueConstraint(
                fields=("project", "name"),
                name="milestone_once",
                violation_error_message=_("有两个同名的节点。"),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100),
                name="milestone_weight_in_bounds",
                violation_error_message=_("占比在1到100之间。"),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="milestone_done_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """A thing of another room that belongs to the project: ``need:12``, ``booking:7``. ``label`` is kept as it read."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="links", verbose_name=_("共建项目"), db_index=False
    )
    subject = models.CharField(_("哪一件"), max_length=60)
    label = models.CharField(_("名称"), max_length=60)
    linked_by = person(_("谁关联的"), null=False)
    linked_at = models.DateTimeField(_("关联时间"), default=timezone.now, editable=False)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目关联")
        verbose_name_plural = pgettext_lazy("plural", "项目关联")
        ordering = ("linked_at", "id")
        indexes = (models.Index("subject", name="link_by_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=("project", "subject"),
                name="link_once",
                violation_error_message=_("这一件已经关联了。"),
            ),
        )

    def __str__(self) -> str:
        return self.label
