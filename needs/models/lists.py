"""The yearly two lists (服务清单 + 需求清单): a round of an alliance, what each unit wrote, line by line."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.workflow import WorkflowModel
from needs.list_querysets import ListLineQuerySet, ListRoundQuerySet, UnitListsQuerySet
from needs.states.lists import (
    LINE_WORKFLOW,
    LISTS_WORKFLOW,
    ROUND_WORKFLOW,
    LineState,
    ListSide,
    ListsState,
    ListVerb,
    RoundState,
)


class ListRound(WorkflowModel):
    """One year's round: every unit of the alliance is asked what it can give and what it needs."""

    workflow = ROUND_WORKFLOW

    alliance = models.ForeignKey("members.Alliance", models.PROTECT, related_name="+", verbose_name=_("党建联盟"))
    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(_("名称"), max_length=60)
    words = models.CharField(_("对各单位说的话"), max_length=300, blank=True)
    last_day = models.DateField(_("最晚哪天填"))
    state = models.CharField(
        _("状态"), max_length=8, choices=RoundState.choices, default=RoundState.OPEN, editable=False
    )
    opened_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("经手人"))
    opened_at = models.DateTimeField(_("开始时间"), default=timezone.now, editable=False)
    reminded_on = models.DateField(_("最近一次催"), null=True, blank=True, editable=False)

    objects = ListRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("两张清单")
        verbose_name_plural = pgettext_lazy("plural", "两张清单")
        constraints = (
            models.UniqueConstraint(
                fields=("alliance", "year"),
                name="listround_once_a_year",
                violation_error_message=_("这个联盟这一年已经开始填报了。"),
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="listround_state_known"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="listround_year_sane"),
            models.CheckConstraint(condition=~Q(title=""), name="listround_has_title"),
        )
        indexes = (models.Index(F("last_day").desc(), F("id").desc(), name="listround_newest"),)

    def __str__(self) -> str:
        return self.title

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ListEvent:
        return ListEvent.objects.create(
            round=self, verb=verb, actor=actor, source=source, target=target, words=note, **event
        )


class UnitLists(WorkflowModel):
    """The two lists of one unit in one round; the row whoever writes in them locks."""

    workflow = LISTS_WORKFLOW

    round = models.ForeignKey(ListRound, models.PROTECT, related_name="lists", verbose_name=_("哪一轮"))
    unit = models.ForeignKey("members.MemberUnit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    state = models.CharField(
        _("填到哪里"), max_length=8, choices=ListsState.choices, default=ListsState.EMPTY, editable=False
    )
    saved_at = models.DateTimeField(_("最近一次存"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)

    objects = UnitListsQuerySet.as_manager()

    class Meta:
        verbose_name = _("填报情况")
        verbose_name_plural = pgettext_lazy("plural", "填报情况")
        constraints = (
            models.UniqueConstraint(fields=("round", "unit"), name="unitlists_once"),
            models.CheckConstraint(condition=Q(state__in=ListsState.values), name="unitlists_state_known"),
            models.CheckConstraint(
                condition=Q(state=ListsState.SENT, sent_at__isnull=False)
                | (~Q(state=ListsState.SENT) & Q(sent_at__isnull=True)),
                name="unitlists_sent_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} · {self.unit}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ListEvent:
        return ListEvent.objects.create(
            round_id=self.round_id,
            lists=self,
            verb=verb,
            actor=actor,
            source=source,
            target=target,
            words=note,
            **event,
        )


class ListLine(WorkflowModel):
    """One thing a unit can give, or needs. Sent, the first is an offer of the warehouse, the second waits for a yes
    and then is a need whose asker is the unit.
    """

    workflow = LINE_WORKFLOW

    lists = models.ForeignKey(UnitLists, models.PROTECT, related_name="lines", verbose_name=_("填报"))
    side = models.CharField(_("哪张清单"), max_length=4, choices=ListSide.choices)
    client_key = models.UUIDField(editable=False)
    what = models.CharField(_("是什么"), max_length=60)
    kind = models.ForeignKey(
        "resources.ResourceKind", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("种类")
    )
    amount = models.PositiveIntegerField(_("多少"), null=True, blank=True, help_text=_("场地写坐得下几个人"))
    whom = models.CharField(_("给谁的"), max_length=60, blank=True)
    on_when = models.CharField(_("什么时候"), max_length=60, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=LineState.choices, default=LineState.DRAFT, editable=False
    )
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("谁填的"))
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True, editable=False)
    resource = models.ForeignKey(
        "resources.Resource", models.PROTECT, null=True, related_name="+", verbose_name=_("资源"), editable=False
    )
    need = models.OneToOneField(
        "needs.Need", models.PROTECT, null=True, related_name="list_line", verbose_name=_("需求"), editable=False
    )
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), editable=False
    )
    left_why = models.CharField(_("为什么没有采纳"), max_length=200, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("照哪一条抄的"), editable=False
    )

    objects = ListLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("清单条目")
        verbose_name_plural = pgettext_lazy("plural", "清单条目")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="listline_client_key_once"),
            # Copied once: a second tap on 照去年的抄 adds nothing.
            models.UniqueConstraint(fields=("lists", "copied_from"), name="listline_copied_once"),
            models.CheckConstraint(condition=Q(side__in=ListSide.values), name="listline_side_known"),
            models.CheckConstraint(condition=Q(state__in=LineState.values), name="listline_state_known"),
            models.CheckConstraint(condition=~Q(what=""), name="listline_says_what"),
            # What is given is of the warehouse's kinds and becomes a resource; what is needed becomes a need.
            models.CheckConstraint(
                condition=Q(side=ListSide.GIVE, need__isnull=True, state__in=[LineState.DRAFT, LineState.SENT])
                | Q(side=ListSide.NEED, resource__isnull=True, kind__isnull=True, amount__isnull=True),
                name="listline_side_fits",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.DRAFT)
                | Q(side=ListSide.NEED)
                | Q(kind__isnull=False, resource__isnull=False),
                name="listline_given_is_offered",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.TAKEN, need__isnull=False) | (~Q(state=LineState.TAKEN) & Q(need=None)),
                name="listline_taken_is_a_need",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.NOT_TAKEN) & ~Q(left_why="")
                | (~Q(state=LineState.NOT_TAKEN) & Q(left_why="")),
                name="listline_left_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.DRAFT, sent_at__isnull=True)
                | (~Q(state=LineState.DRAFT) & Q(sent_at__isnull=False)),
                name="listline_sent_has_its_time",
            ),
        )
        indexes = (
            models.Index(
                F("sent_at").desc(), F("id").desc(), name="listline_newest", condition=~Q(state=LineState.DRAFT)
            ),
            models.Index(
                fields=("sent_at",), name="listline_waits", condition=Q(state=LineState.SENT, side=ListSide.NEED)
            ),
        )

    def __str__(self) -> str:
        return self.what

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> ListEvent:
        lists = self.lists
        return ListEvent.objects.create(
            round_id=lists.round_id,
            lists=lists,
            line=self,
            verb=verb,
            actor=actor,
            source=source,
            target=target,
            words=note,
            **event,
        )


class ListEvent(AppendOnlyModel):
    """One line of the history of a round, of a unit's lists, or of one line in them."""

    round = models.ForeignKey(ListRound, models.PROTECT, related_name="events", db_index=False)
    lists = models.ForeignKey(UnitLists, models.PROTECT, null=True, related_name="events", db_index=False)
    line = models.ForeignKey(ListLine, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=12, choices=ListVerb.choices)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10)
    words = models.CharField(_("内容"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("两张清单的经过")
        verbose_name_plural = pgettext_lazy("plural", "两张清单的经过")
        ordering = ("at", "id")
        indexes = (models.Index(fields=("round", "at", "id"), name="listevent_round_at"),)
        constraints = (models.CheckConstraint(condition=Q(verb__in=ListVerb.values), name="listevent_verb_known"),)

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
