"""What somebody brings along: papers seen, insurances, trainings; and a party member's 双报到."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from volunteers.models.team import Team
from volunteers.models.volunteer import Volunteer, who
from volunteers.querysets.people import (
    InsuranceQuerySet,
    PartyReportQuerySet,
    QualificationQuerySet,
    TrainingQuerySet,
)
from volunteers.states.teams import PartyPost, QualificationKind


class Qualification(models.Model):
    """A paper that a colleague has seen. ``valid_until``: its last day; none: for good."""

    keep_rows = True

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="qualifications", verbose_name=_("志愿者"), db_index=False
    )
    kind = models.CharField(_("证书"), max_length=12, choices=QualificationKind.choices)
    number = EncryptedField(_("证书编号"), blank=True, default="")
    valid_until = models.DateField(_("有效期到"), null=True, blank=True)
    noted_by = who(_("谁看过原件"), null=False)
    noted_on = models.DateField(_("哪天看的"), default=timezone.localdate, editable=False)
    ended_on = models.DateField(_("哪天起不算"), null=True, blank=True, editable=False)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("资质")
        verbose_name_plural = pgettext_lazy("plural", "资质")
        constraints = (
            models.UniqueConstraint(
                fields=("volunteer", "kind"), condition=Q(ended_on__isnull=True), name="qualification_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=QualificationKind.values), name="qualification_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("noted_on")),
                name="qualification_good_when_noted",
                violation_error_message=_("这张证已经过期了。"),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class Insurance(models.Model):
    """保险: of one volunteer, or (none) of the street for all of its volunteers. Both days count."""

    keep_rows = True

    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, null=True, blank=True, related_name="insurances", verbose_name=_("志愿者")
    )
    insurer = models.CharField(_("保险公司"), max_length=60)
    policy_number = models.CharField(_("保单号"), max_length=60)
    starts_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天"))
    noted_by = who(_("谁登记的"), null=False)
    noted_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    ended_on = models.DateField(_("哪天起不算"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InsuranceQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿者保险")
        verbose_name_plural = pgettext_lazy("plural", "志愿者保险")
        indexes = (models.Index("street_code", F("ends_on").desc(), name="insurance_street_end"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="insurance_dates_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(condition=~Q(policy_number=""), name="insurance_has_number"),
        )

    def __str__(self) -> str:
        return f"{self.insurer} {self.policy_number}"


class Training(models.Model):
    """One training one volunteer took part in. ``halves``: half hours."""

    keep_rows = True

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="trainings", verbose_name=_("志愿者"), db_index=False
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("志愿服务队"), db_index=False
    )
    title = models.CharField(_("培训内容"), max_length=60)
    day = models.DateField(_("哪天"))
    halves = models.PositiveSmallIntegerField(_("几个半小时"))
    noted_by = who(_("谁登记的"), null=False)
    noted_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训记录")
        verbose_name_plural = pgettext_lazy("plural", "培训记录")
        ordering = ("-day", "-id")
        constraints = (
            models.UniqueConstraint(fields=("volunteer", "title", "day"), name="training_once"),
            models.CheckConstraint(condition=Q(halves__gte=1, halves__lte=16), name="training_within_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.day:%Y-%m-%d}"

    @property
    def hours(self) -> float:
        return self.halves / 2


class PartyReport(models.Model):
    """双报到: a party member reports in the community where they live. Political standing is nobody else's to read."""

    keep_rows = True

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="reports", verbose_name=_("志愿者"), db_index=False
    )
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    unit_name = models.CharField(_("工作单位"), max_length=60)
    branch = models.CharField(_("所在党组织"), max_length=60)
    posts = ArrayField(models.CharField(max_length=10, choices=PartyPost.choices), verbose_name=_("认领的岗位"))
    reported_at = models.DateTimeField(_("报到时间"), default=timezone.now, editable=False)
    accepted_by = who(_("谁确认的"))
    accepted_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    just_made = False

    objects = PartyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("双报到")
        verbose_name_plural = pgettext_lazy("plural", "双报到")
        indexes = (models.Index("street_code", F("reported_at").desc(), F("id").desc(), name="partyreport_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="partyreport_client_key_once"),
            models.UniqueConstraint(fields=("volunteer",), condition=Q(ended_at__isnull=True), name="partyreport_once"),
            models.CheckConstraint(
                condition=Q(posts__len__gte=1, posts__len__lte=len(PartyPost)), name="partyreport_has_posts"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="partyreport_accepted_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_name} · {self.volunteer}"
