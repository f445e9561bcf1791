"""记录有误: what somebody says about their own account, and what the office answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.privacy import EncryptedField
from points.models.account import Account
from points.models.ledger import Transfer
from points.querysets import CorrectionQuerySet
from points.states import CorrectionState


class Correction(models.Model):
    """One question about one posting, or about one that is missing. The words are emptied with the account."""

    keep_rows = True

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="corrections", verbose_name=_("账户"), editable=False
    )
    street = models.ForeignKey("people.Area", models.PROTECT, related_name="+", db_index=False, editable=False)
    street_code = models.GeneratedField(
        expression=Left("street_id", 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, null=True, related_name="+", verbose_name=_("哪一笔"), editable=False
    )
    client_key = models.UUIDField(editable=False)
    words = EncryptedField(_("哪里不对"))
    state = models.CharField(
        _("状态"),
        max_length=8,
        choices=CorrectionState.choices,
        default=CorrectionState.ASKED,
        editable=False,
    )
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, editable=False)
    answered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"), db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分更正")
        verbose_name_plural = pgettext_lazy("plural", "积分更正")
        indexes = (
            models.Index(
                "street_code", "asked_at", "id", name="correction_waiting", condition=Q(state=CorrectionState.ASKED)
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("client_key",), name="correction_client_key_once"),
            models.UniqueConstraint(
                fields=("transfer",),
                name="correction_one_open",
                condition=Q(state=CorrectionState.ASKED, transfer__isnull=False),
            ),
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, answered_at__isnull=True)
                | (~Q(state=CorrectionState.ASKED) & Q(answered_at__isnull=False)),
                name="correction_answered_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.asked_at:%m-%d}"
