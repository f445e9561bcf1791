"""The outbox, whose rows are also the in-app inbox; wordings of one's own; cards that are answered by a link."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from notifications.models.keys import RECIPIENT
from notifications.querysets import CardQuerySet, MessageQuerySet, TextQuerySet
from notifications.states import OUTWARD, STATES_OF, Channel, Part, Reason, State

DIGEST = r"^[A-Za-z0-9_-]{43}$"


class Message(models.Model):
    """A message to one recipient through one channel. The unique key makes "once" a fact of the table.

    ``params`` and ``subject_label`` never carry personal data. What must stay secret (address, text of what leaves
    the house, codes and tokens) is encrypted and is emptied with the last attempt, whatever its outcome.
    """

    rule = models.CharField(_("规则"), max_length=80)
    occurrence = models.CharField(_("事由"), max_length=120, help_text=_("同一规则下的哪一次"))
    recipient_key = models.CharField(_("收件人"), max_length=60)
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel.choices)
    key = models.UUIDField(default=uuid.uuid4, editable=False)

    area_code = models.CharField(_("区域"), max_length=24, blank=True)
    subject_label = models.CharField(_("对象"), max_length=80, blank=True)
    url = models.CharField(_("链接"), max_length=200, blank=True)
    params = models.JSONField(default=dict, blank=True)
    title = models.CharField(_("标题"), max_length=120, blank=True)
    body = models.TextField(_("内容"), blank=True)
    own_text = models.BooleanField(_("自定文本"), default=False, db_default=False, editable=False)
    at_once = models.BooleanField(_("不等"), default=False, db_default=False, editable=False)
    address = EncryptedField(null=True, editable=False)
    mail_subject = EncryptedField(null=True, editable=False)
    text = EncryptedField(null=True, editable=False)
    secrets = EncryptedField(null=True, editable=False)

    state = models.CharField(_("状态"), max_length=12, choices=State.choices)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    last_error = models.CharField(_("原因"), max_length=120, blank=True)
    provider_id = models.CharField(_("回执号"), max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    not_before = models.DateTimeField(_("不早于"), default=timezone.now)
    expires_at = models.DateTimeField(_("不晚于"))
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    read_at = models.DateTimeField(_("读过时间"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = pgettext_lazy("plural", "消息发送记录")
        indexes = (
            # By channel first: many e-mails waiting for a dead server are not in the way of text messages.
            models.Index(fields=("channel", "not_before", "id"), name="message_due", condition=Q(state=State.WAITING)),
            # One person's, whatever the channel: the inbox, the copy of one's data, and deleting them.
            models.Index("recipient_key", F("created_at").desc(), F("id").desc(), name="message_of_recipient"),
            models.Index(
                fields=("recipient_key",),
                name="message_unread",
                condition=Q(channel=Channel.INAPP, state=State.SENT),
            ),
            models.Index(F("created_at").desc(), F("id").desc(), name="message_newest"),
            models.Index(
                fields=("created_at",),
                name="message_to_gather",
                condition=Q(state=State.BUNDLED, sent_at__isnull=True),
            ),
            models.Index(
                F("created_at").desc(),
                F("id").desc(),
                name="message_gone_wrong",
                condition=Q(state__in=[State.FAILED, State.UNCERTAIN, State.MISSED]),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("rule", "occurrence", "recipient_key", "channel"), name="message_once"),
            models.UniqueConstraint(fields=("key",), name="message_key_once"),
            models.CheckConstraint(
                condition=Q(recipient_key__regex=RECIPIENT),
                name="message_recipient_is_key",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.INAPP, state__in=sorted(STATES_OF[Channel.INAPP]))
                | Q(channel__in=sorted(OUTWARD), state__in=sorted(STATES_OF[Channel.SMS])),
                name="message_state_of_channel",
            ),
            models.CheckConstraint(
                condition=Q(state=State.READ, read_at__isnull=False) | (~Q(state=State.READ) & Q(read_at__isnull=True)),
                name="message_read_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT, State.READ]) | Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
            # Waiting has what it needs to be sent; finished keeps nothing secret and is in nobody's hands.
            models.CheckConstraint(
                condition=Q(state=State.WAITING, address__isnull=False, text__isnull=False)
                | (
                    ~Q(state=State.WAITING)
                    & Q(
                        address__isnull=True,
                        mail_subject__isnull=True,
                        text__isnull=True,
                        secrets__isnull=True,
                        leased_until__isnull=True,
                    )
                ),
                name="message_secrets_only_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^/([^/\\].*)?$"),
                name="message_url_stays_here",
                violation_error_message=_("链接应是本站地址。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_label or self.occurrence} · {self.get_channel_display()} · {self.get_state_display()}"

    @property
    def reason(self) -> str:
        """Why it did not arrive, in words; empty when it did."""
        return str(Reason(self.last_error).label) if self.last_error in Reason.values else self.last_error


class MessageText(models.Model):
    """The wording of one part of one rule in place of the one the class declares. No row: the class's."""

    rule = models.CharField(_("规则"), max_length=80)
    part = models.CharField(_("部分"), max_length=16, choices=Part.choices)
    text = models.TextField(_("文本"))
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("修改人")
    )
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息文本")
        verbose_name_plural = pgettext_lazy("plural", "消息文本")
        constraints = (
            models.UniqueConstraint(fields=("rule", "part"), name="message_text_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="message_text_part_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_text_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.rule} · {self.get_part_display()}"


class CardLink(models.Model):
    """A question to one recipient, answered once by whoever holds its link. The link itself is not stored."""

    token_index = models.CharField(max_length=43, editable=False)
    kind = models.CharField(_("种类"), max_length=80)
    subject = models.CharField(_("对象"), max_length=80)
    recipient_key = models.CharField(_("收件人"), max_length=60)
    area_code = models.CharField(_("区域"), max_length=24, blank=True)
    label = EncryptedField(_("给谁"), blank=True, default="")
    params = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("有效到"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=40, blank=True)
    note = EncryptedField(_("留言"), blank=True, default="")
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("答复链接")
        verbose_name_plural = pgettext_lazy("plural", "答复链接")
        indexes = (
            models.Index(
                fields=("kind", "subject"),
                name="card_open",
                condition=Q(answered_at__isnull=True, revoked_at__isnull=True),
            ),
            models.Index(fields=("expires_at",), name="card_by_end"),
            models.Index(fields=("recipient_key",), name="card_by_recipient"),
        )
        constraints = (
            models.UniqueConstraint(fields=("token_index",), name="card_token_once"),
            models.UniqueConstraint(
                fields=("kind", "subject", "recipient_key"),
                condition=Q(answered_at__isnull=True, revoked_at__isnull=True),
                name="card_open_once",
            ),
            models.CheckConstraint(condition=Q(token_index__regex=DIGEST), name="card_token_is_digest"),
            models.CheckConstraint(condition=Q(recipient_key__regex=RECIPIENT), name="card_recipient_is_key"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="card_lasts"),
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True) & Q(answer=""))
                | (Q(answered_at__isnull=False) & ~Q(answer="") & Q(revoked_at__isnull=True)),
                name="card_answered_or_revoked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.subject}"
