"""责任段 and 巡查日记: a stretch of river or street that somebody looks after, and what they wrote of each walk."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import Claim, Offer
from volunteers.models.team import Team
from volunteers.models.volunteer import who
from volunteers.querysets.sections import SectionNoteQuerySet, SectionQuerySet
from volunteers.states.sections import How, Outcome, Rhythm, SectionKind


class Section(models.Model):
    """责任段, on offer in ``claims``: ``offer`` is the present one, ``claim`` whoever has it in hand, ``team`` the team
    for which its leader claimed it. ``noted_on``: the day of the last walk of the present turn.
    """

    keep_rows = True

    number = models.CharField(_("编号"), max_length=40, editable=False)
    client_key = models.UUIDField(editable=False)
    area = models.ForeignKey(
        "people.Area", models.PROTECT, related_name="+", verbose_name=_("街道或社区"), db_index=False
    )
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=8, choices=SectionKind.choices)
    words = models.CharField(_("从哪到哪，看什么"), max_length=300)
    every = models.PositiveSmallIntegerField(_("希望多久走一次"), choices=Rhythm.choices)
    for_units = models.BooleanField(_("单位可认领"), default=True)
    for_people = models.BooleanField(_("个人和队伍可认领"), default=True)
    offer = models.OneToOneField(Offer, models.PROTECT, null=True, related_name="section", editable=False)
    claim = models.OneToOneField(
        Claim, models.PROTECT, null=True, related_name="section", verbose_name=_("谁在巡"), editable=False
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, related_name="sections", verbose_name=_("志愿服务队"), editable=False
    )
    noted_on = models.DateField(_("最近一次巡查"), null=True, editable=False)
    made_by = who(_("谁登记的"), null=False)
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    closed_on = models.DateField(_("哪天停的"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    just_made = False

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡查责任段")
        verbose_name_plural = pgettext_lazy("plural", "巡查责任段")
        indexes = (models.Index("street_code", F("made_at").desc(), F("id").desc(), name="section_street_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("number",), name="section_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="section_client_key_once"),
            models.UniqueConstraint(
                fields=("area", "name"),
                condition=Q(closed_on__isnull=True),
                name="section_name_once",
                violation_error_message=_("这里已经有同名的责任段。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind_known"),
            models.CheckConstraint(condition=Q(every__in=Rhythm.values), name="section_rhythm_known"),
            models.CheckConstraint(condition=Q(for_units=True) | Q(for_people=True), name="section_for_somebody"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(claim__isnull=True), name="section_closed_is_free"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(claim__isnull=False), name="section_team_has_claimed"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The section as the subject of its offers."""
        return f"section:{self.pk}"


class SectionNote(models.Model):
    """One entry of the diary. ``claim``: whose turn it was. Whoever wrote it may take it back the same day."""

    keep_rows = True

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="notes", verbose_name=_("巡查责任段"), db_index=False
    )
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+", verbose_name=_("认领"))
    client_key = models.UUIDField(editable=False)
    by = who(_("谁记的"), null=False)
    how = models.CharField(_("怎么记的"), max_length=6, choices=How.choices, default=How.SELF)
    day = models.DateField(_("哪天巡的"))
    outcome = models.CharField(_("怎么样"), max_length=8, choices=Outcome.choices)
    words = models.CharField(_("写几句"), max_length=500, blank=True)
    at = models.DateTimeField(_("什么时候记的"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("撤回时间"), null=True)
    answer = models.CharField(_("社区答复"), max_length=500, blank=True)
    answered_by = who(_("谁答复的"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    need = models.ForeignKey(
        "needs.Need", models.PROTECT, null=True, related_name="+", verbose_name=_("转成的诉求"), db_index=False
    )

    just_made = False

    objects = SectionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡查日记")
        verbose_name_plural = pgettext_lazy("plural", "巡查日记")
        indexes = (
            models.Index("section", F("day").desc(), F("id").desc(), name="sectionnote_newest"),
            models.Index(
                "section",
                "at",
                name="sectionnote_to_answer",
                condition=Q(outcome=Outcome.FOUND, answered_at__isnull=True, taken_back_at__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="sectionnote_client_key_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="sectionnote_outcome_known"),
            models.CheckConstraint(condition=Q(how__in=How.values), name="sectionnote_how_known"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="sectionnote_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(need__isnull=True) | Q(answered_at__isnull=False), name="sectionnote_need_answered"
            ),
        )

    def __str__(self) -> str:
        return f"{self.section} {self.day:%Y-%m-%d}"

    @property
    def written_on(self) -> date:
        """The day, in China, on which it was written down."""
        return timezone.localdate(self.at)
