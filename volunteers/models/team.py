"""Teams, who is in them and what they promised."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from volunteers.models.volunteer import Volunteer, who
from volunteers.querysets.people import TeamMemberQuerySet, TeamQuerySet
from volunteers.states.teams import TeamKind


class Team(models.Model):
    """志愿服务队. ``pledge``: the words of the 责任保证书 its members sign; empty where there is none.

    ``is_open``: everybody may join; else the leader or the office takes people in.
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
    unit = models.ForeignKey(
        "members.MemberUnit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("哪家单位的")
    )
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=TeamKind.choices)
    words = models.CharField(_("做什么"), max_length=300)
    pledge = models.TextField(_("责任保证书"), max_length=1000, blank=True, default="")
    is_open = models.BooleanField(_("谁都可以加入"), default=True)
    leader = models.ForeignKey(
        Volunteer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("队长"),
        editable=False,
    )
    made_by = who(_("谁登记的"), null=False)
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    closed_on = models.DateField(_("哪天解散的"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    just_made = False

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务队")
        verbose_name_plural = pgettext_lazy("plural", "志愿服务队")
        indexes = (models.Index("street_code", F("made_at").desc(), F("id").desc(), name="team_street_newest"),)
        constraints = (
            models.UniqueConstraint(fields=("number",), name="team_number_once"),
            models.UniqueConstraint(fields=("client_key",), name="team_client_key_once"),
            models.UniqueConstraint(
                fields=("area", "name"),
                condition=Q(closed_on__isnull=True),
                name="team_name_once",
                violation_error_message=_("这里已经有同名的队伍。"),
            ),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
        )

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Who is in a team, from when until when; ``asked``: who was asked to come and has not said yes.

    ``pledge``: what they signed of the words that count today; earlier ones stand in ``signatures``.
    """

    keep_rows = True

    team = models.ForeignKey(Team, models.PROTECT, related_name="members", verbose_name=_("志愿服务队"), db_index=False)
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="teams", verbose_name=_("志愿者"))
    joined_at = models.DateTimeField(_("加入时间"), default=timezone.now, editable=False)
    added_by = who(_("谁加的"))
    asked = models.BooleanField(_("等本人同意"), default=False, editable=False)
    pledge = models.TextField(_("签的责任保证书"), blank=True, default="", editable=False)
    pledged_at = models.DateTimeField(_("签的时间"), null=True, blank=True, editable=False)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True, editable=False)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("队员")
        verbose_name_plural = pgettext_lazy("plural", "队员")
        constraints = (
            models.UniqueConstraint(
                fields=("team", "volunteer"), condition=Q(left_at__isnull=True), name="teammember_once"
            ),
            models.CheckConstraint(
                condition=Q(pledge="", pledged_at__isnull=True) | (~Q(pledge="") & Q(pledged_at__isnull=False)),
                name="teammember_pledge_whole",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")), name="teammember_left_after"
            ),
        )

    def __str__(self) -> str:
        return f"{self.team} · {self.volunteer}"

    @property
    def waits(self) -> bool:
        """Whether the pledge is still to be signed."""
        return bool(self.team.pledge) and self.pledged_at is None


class PledgeSignature(AppendOnlyModel):
    """Who signed which words of a 责任保证书, and when, word for word and for good, whatever becomes of the words, the
    team and the place in it. The name is the volunteer's, and goes with the account. ``by_guardian``: of a child."""

    member = models.ForeignKey(
        TeamMember, models.PROTECT, related_name="signatures", verbose_name=_("队员"), editable=False
    )
    words = models.TextField(_("签的责任保证书"), editable=False)
    by_guardian = models.BooleanField(_("监护人签的"), default=False, editable=False)
    signed_at = models.DateTimeField(_("签的时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("责任保证书签字")
        verbose_name_plural = pgettext_lazy("plural", "责任保证书签字")
        constraints = (models.CheckConstraint(condition=~Q(words=""), name="pledgesignature_of_words"),)

    def __str__(self) -> str:
        return f"{self.member} {self.signed_at:%Y-%m-%d}"
