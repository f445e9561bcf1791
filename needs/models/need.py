"""A need: one thing somebody needs."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from alliance.lib.search import BigramField
from alliance.lib.workflow import WorkflowModel
from needs.models import history
from needs.models.event import NeedEvent
from needs.models.promise import Promises
from needs.querysets import NeedQuerySet
from needs.states import (
    FINAL_STATES,
    OPEN_STATES,
    WORKFLOW,
    Channel,
    Declined,
    Nature,
    Office,
    Origin,
    State,
)
from people.models import Area
from people.states import Level

NO_UNIT: dict[str, Any] = {"unit": None, "unit_why": "", "unit_said": "", "unit_comes_on": None}
"""Nobody but the office has it: what a unit was told and what it said go with the unit."""


class Need(Promises, WorkflowModel):
    """One thing somebody needs, from the first word to the end. The resident's own words are never edited."""

    workflow = WORKFLOW

    number = models.CharField(_("编号"), max_length=40)
    client_key = models.UUIDField(editable=False)
    origin = models.CharField(_("来源"), max_length=12, choices=Origin.choices, default=Origin.RESIDENT)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    asker = models.ForeignKey(
        "members.MemberUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提出单位"),
        db_index=False,
        editable=False,
    )
    listed = models.BooleanField(_("列入需求清单"), default=False)
    listed_at = models.DateTimeField(_("列入时间"), null=True, blank=True, editable=False)
    listed_words = models.CharField(
        _("公开的一句话"), max_length=60, blank=True, db_default="", default="", editable=False
    )
    area = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    street_code = models.GeneratedField(
        expression=Left("area_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    title = models.CharField(_("一句话"), max_length=60)
    words = models.TextField(_("原话"), max_length=2000)
    place = models.CharField(_("地点"), max_length=120)
    spot = models.CharField(_("具体位置"), max_length=120, blank=True)

    contact_name = EncryptedField(_("称呼"))
    contact_phone = EncryptedField(_("手机号"))
    phone_index = models.CharField(max_length=43, editable=False)
    resident = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        help_text=_("用编号和查询码加进“我的”的账号"),
    )
    helped_name = EncryptedField(_("被帮的人"), blank=True, default="")
    helped_phone = EncryptedField(_("被帮的人的电话"), blank=True, default="")

    tracking_code = EncryptedField(editable=False)
    code_index = models.CharField(max_length=43, editable=False)
    link_token = EncryptedField(editable=False)
    link_index = models.CharField(max_length=43, editable=False)

    state = models.CharField(_("状态"), max_length=24, choices=State.choices, default=State.PENDING, editable=False)
    nature = models.CharField(_("性质"), max_length=12, choices=Nature.choices, blank=True)
    category = models.ForeignKey(
        "needs.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("类别"),
        db_index=False,
    )
    urgent = models.BooleanField(_("紧急"), default=False)
    holder = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
        db_index=False,
    )
    unit = models.ForeignKey(
        "members.MemberUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("受托单位"),
        db_index=False,
        help_text=_("在办的单位；答复居民的仍是经办人"),
    )
    unit_why = models.CharField(
        _("对单位说的为什么"),
        max_length=200,
        blank=True,
        db_default="",
        default="",
        editable=False,
        help_text=_("单位看得到"),
    )
    unit_said = models.CharField(_("单位说可以怎么帮"), max_length=200, blank=True, db_default="", editable=False)
    unit_comes_on = models.DateField(_("单位说哪天来"), null=True, blank=True, editable=False)
    office = models.CharField(
        _("在哪一级"),
        max_length=10,
        choices=Office.choices,
        default=Office.COMMUNITY,
        db_default=Office.COMMUNITY,
        editable=False,
    )
    why_here = models.CharField(_("为什么在这里"), max_length=200, blank=True, db_default="", editable=False)
    held_since = models.DateTimeField(_("接手时间"), default=timezone.now)
    created_at = models.DateTimeField(_("收到时间"), default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    reply_by = models.DateField(_("答应答复的日子"), null=True, blank=True)
    first_reply_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True)
    done_by = models.DateField(_("预计办好的日子"), null=True, blank=True, help_text=_("第一次答复时说定"))
    waiting_since = models.DateTimeField(_("等居民补充起"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("请居民评价的时间"), null=True, blank=True, editable=False)
    rounds = models.PositiveSmallIntegerField(
        _("办了几轮"), default=1, db_default=1, editable=False, help_text=_("居民说没解决，就再办一轮")
    )
    declined = models.CharField(_("不予受理的原因"), max_length=12, choices=Declined.choices, blank=True, db_default="")
    urged_at = models.DateTimeField(_("居民催办时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    erase_on_end = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("本人要求办完就隐去联系方式")
    )

    search_text = models.TextField(editable=False)
    search = BigramField(source="search_text")

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求")
        verbose_name_plural = pgettext_lazy("plural", "诉求")
        indexes = (
            models.Index(F("created_at").desc(), F("id").desc(), name="need_newest"),
            models.Index("street_code", F("created_at").desc(), F("id").desc(), name="need_street_newest"),
            models.Index("area", F("created_at").desc(), F("id").desc(), name="need_area_newest"),
            models.Index(
                "street_code",
                "state",
                F("created_at").desc(),
                F("id").desc(),
                name="need_street_state_newest",
            ),
            models.Index("holder", F("created_at").desc(), F("id").desc(), name="need_holder_newest"),
            models.Index(
                "street_code",
                "reply_by",
                name="need_unanswered",
                condition=Q(state=State.IN_PROGRESS, first_reply_at__isnull=True),
            ),
            models.Index(
                "street_code",
                "done_by",
                name="need_answered",
                condition=Q(state=State.IN_PROGRESS, done_by__isnull=False),
            ),
            models.Index("street_code", "created_at", name="need_pending", condition=Q(state=State.PENDING)),
            models.Index("phone_index", F("created_at").desc(), name="need_phone_newest"),
            models.Index("unit", F("created_at").desc(), name="need_unit_newest", condition=Q(unit__isnull=False)),
            models.Index("finished_at", name="need_to_answer", condition=Q(state=State.TO_ANSWER)),
            models.Index(
                fields=("ended_at",), name="need_erase_on_end", condition=Q(erase_on_end=True) & ~Q(phone_index="")
            ),
            models.Index(fields=("ended_at",), name="need_ended_with_phone", condition=~Q(phone_index="")),
            models.Index("asker", F("created_at").desc(), name="need_asker_newest", condition=Q(asker__isnull=False)),
            models.Index(
                "street_code", F("listed_at").desc(), F("id").desc(), name="need_listed", condition=Q(listed=True)
            ),
            GinIndex("search", name="need_search"),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="need_number_once"),
            # A second tap or a retry finds the first row.
            models.UniqueConstraint(fields=("client_key",), name="need_client_key_once"),
            models.UniqueConstraint(fields=("link_index",), name="need_link_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="need_state_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="need_origin_known"),
            # Units' needs and residents' are one kind of thing; only a unit's has a unit as its asker.
            models.CheckConstraint(
                condition=Q(origin=Origin.UNIT, asker__isnull=False) | ~Q(origin=Origin.UNIT) & Q(asker__isnull=True),
                name="need_asker_is_of_a_unit",
            ),
            # Everybody reads the sentence somebody of the staff wrote for it, never the words that were said.
            models.CheckConstraint(
                condition=Q(listed=True, listed_at__isnull=False) & ~Q(listed_words="")
                | Q(listed=False, listed_at__isnull=True, listed_words=""),
                name="need_listed_has_its_words",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="need_channel_known"),
            models.CheckConstraint(condition=Q(nature__in=["", *Nature.values]), name="need_nature_known"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("words"), 2000), name="need_words_bounded"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.IN_PROGRESS, State.TO_ANSWER])
                | Q(holder__isnull=False, accepted_at__isnull=False, reply_by__isnull=False),
                name="need_in_hand_has_holder_and_promise",
                violation_error_message=_("受理的诉求要有经办人和答复日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL_STATES) | Q(ended_at__isnull=False), name="need_ended_has_its_time"
            ),
            models.CheckConstraint(condition=Q(office__in=Office.values), name="need_office_known"),
            models.CheckConstraint(condition=Q(declined__in=["", *Declined.values]), name="need_declined_known"),
            models.CheckConstraint(
                condition=Q(state=State.NOT_ACCEPTED, declined__in=Declined.values)
                | (~Q(state=State.NOT_ACCEPTED) & Q(declined="")),
                name="need_declined_says_why",
            ),
            # Only what is being handled lies with a unit, or waits for more from the resident.
            models.CheckConstraint(
                condition=Q(state=State.IN_PROGRESS) | Q(unit__isnull=True, waiting_since__isnull=True),
                name="need_at_unit_is_in_progress",
            ),
            # What a unit was told and what it said go with the unit.
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(unit_said="", unit_comes_on__isnull=True),
                name="need_unit_said_has_unit",
            ),
            models.CheckConstraint(condition=Q(unit__isnull=False) | Q(unit_why=""), name="need_unit_why_has_unit"),
            models.CheckConstraint(
                condition=~Q(state=State.TO_ANSWER) | Q(finished_at__isnull=False), name="need_finished_has_time"
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | Q(first_reply_at__isnull=False), name="need_done_by_was_said"
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="need_has_words", violation_error_message=_("请写下是什么事。")
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the office has something left to do; 待评价 waits for the resident."""
        return self.state in OPEN_STATES

    @property
    def is_over(self) -> bool:
        return self.state in self.workflow.final

    @property
    def desk(self) -> Area:
        """The area whose office has it: where it was said, or the street that has taken it up."""
        above = self.area.parent if self.office != Office.COMMUNITY and self.area.level != Level.STREET else None
        return above or self.area

    @property
    def shown_code(self) -> str:
        """The tracking code in two halves, as printed."""
        return f"{self.tracking_code[:5]}-{self.tracking_code[5:]}"

    def move_to(self, verb: str, *, changes: Any = None, params: Any = None, **step: Any) -> NeedEvent:
        said = {**(params or {}), **history.leaving(self, verb, changes)}
        moved: NeedEvent = super().move_to(verb, changes=changes, params=said, **step)
        return moved

    def write_event(self, *, verb: str, params: Any = None, **event: Any) -> NeedEvent:
        return history.write(self, verb=verb, params=params or {}, **event)
