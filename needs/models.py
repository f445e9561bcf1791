"""A need, what happened to it, and the categories staff sort it into."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib.appendonly import AppendOnlyModel
from alliance.lib.privacy import EncryptedField
from alliance.lib.search import BigramField
from alliance.lib.workflow import WorkflowModel
from needs.querysets import CategoryQuerySet, NeedQuerySet
from needs.states import STAFF_ONLY, WORKFLOW, Audience, Channel, Nature, Origin, State, Verb


class Category(models.Model):
    """诉求类别, edited by the street."""

    name = models.CharField(_("名称"), max_length=30)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)

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


class Need(WorkflowModel):
    """One thing somebody needs, from the first word to the end. The resident's own words are never edited."""

    workflow = WORKFLOW

    number = models.CharField(_("编号"), max_length=40)
    client_key = models.UUIDField(editable=False)
    origin = models.CharField(_("来源"), max_length=12, choices=Origin.choices, default=Origin.RESIDENT)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    listed = models.BooleanField(_("列入需求清单"), default=False)
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
        Category,
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
    held_since = models.DateTimeField(_("接手时间"), default=timezone.now)
    created_at = models.DateTimeField(_("收到时间"), default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    reply_by = models.DateField(_("答应答复的日子"), null=True, blank=True)
    first_reply_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True)
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
            models.Index("street_code", "created_at", name="need_pending", condition=Q(state=State.PENDING)),
            models.Index("phone_index", F("created_at").desc(), name="need_phone_newest"),
            models.Index(
                fields=("ended_at",), name="need_erase_on_end", condition=Q(erase_on_end=True) & ~Q(phone_index="")
            ),
            models.Index(fields=("ended_at",), name="need_ended_with_phone", condition=~Q(phone_index="")),
            GinIndex("search", name="need_search"),
        )
        constraints = (
            models.UniqueConstraint(fields=("number",), name="need_number_once"),
            # A second tap or a retry finds the first row.
            models.UniqueConstraint(fields=("client_key",), name="need_client_key_once"),
            models.UniqueConstraint(fields=("link_index",), name="need_link_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="need_state_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="need_origin_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="need_channel_known"),
            models.CheckConstraint(condition=Q(nature__in=["", *Nature.values]), name="need_nature_known"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("words"), 2000), name="need_words_bounded"),
            models.CheckConstraint(
                condition=Q(state=State.PENDING)
                | Q(state=State.WITHDRAWN)
                | Q(holder__isnull=False, accepted_at__isnull=False, reply_by__isnull=False),
                name="need_accepted_has_holder_and_promise",
                violation_error_message=_("受理的诉求要有经办人和答复日期。"),
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, ended_at__isnull=False) | ~Q(state=State.WITHDRAWN),
                name="need_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="need_has_words", violation_error_message=_("请写下是什么事。")
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state not in self.workflow.final

    @property
    def is_overdue(self) -> bool:
        """Whether the promised day has passed without any reply."""
        waiting = self.state == State.IN_PROGRESS and self.first_reply_at is None
        return waiting and self.reply_by is not None and self.reply_by < timezone.localdate()

    @property
    def shown_code(self) -> str:
        """The tracking code in two halves, as printed."""
        return f"{self.tracking_code[:5]}-{self.tracking_code[5:]}"

    def write_event(self, *, verb: str, actor: Any, source: str, target: str, note: str, **event: Any) -> NeedEvent:
        audience = Audience.STAFF if verb in STAFF_ONLY else Audience.RESIDENT
        return NeedEvent.objects.create(
            need=self,
            verb=verb,
            actor=actor,
            source=source,
            target=target,
            words=note,
            audience=audience,
            params=self.event_params(verb, actor),
            **event,
        )

    def event_params(self, verb: str, actor: Any) -> dict[str, str]:
        """What the event's sentence needs, frozen as it was: office, who acted, the promised day."""
        params = {"area": self.area.name, "actor": actor.name if actor else ""}
        if verb in (Verb.ACCEPT, Verb.MOVE) and self.reply_by:
            params["reply_by"] = self.reply_by.isoformat()
        if verb == Verb.SUBMIT:
            params["channel"] = self.channel
        return params


class NeedEvent(AppendOnlyModel):
    """One line of a need's history: verb and parameters, shown in either language; ``words`` as they were written."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="events", verbose_name=_("诉求"), db_index=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    verb = models.CharField(_("动作"), max_length=16, choices=Verb.choices)
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24)
    audience = models.CharField(_("谁能看"), max_length=10, choices=Audience.choices)
    words = models.TextField(_("内容"), blank=True)
    params = models.JSONField(default=dict)
    client_key = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("办理经过")
        verbose_name_plural = pgettext_lazy("plural", "办理经过")
        ordering: ClassVar[list[str]] = ["at", "id"]
        indexes = (models.Index(fields=("need", "at", "id"), name="needevent_need_at"),)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="needevent_verb_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="needevent_audience_known"),
            # A second tap on 补充 finds the first.
            models.UniqueConstraint(fields=("client_key",), name="needevent_client_key_once"),
            # An internal note can never be stored as something the resident reads.
            models.CheckConstraint(
                condition=~Q(verb__in=STAFF_ONLY) | Q(audience=Audience.STAFF),
                name="needevent_notes_stay_inside",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%m-%d %H:%M}"
