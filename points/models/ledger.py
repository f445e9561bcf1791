"""The ledger: transfers and their lines. Written once; what was wrong is taken back by a further transfer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.appendonly import AppendOnlyModel
from points.models.account import Account, Lot
from points.models.rule import Rule
from points.querysets import CheckQuerySet, EntryQuerySet, TransferQuerySet
from points.states import BACKWARD, Posting


class Transfer(AppendOnlyModel):
    """``amount`` moves once, for ``source`` (``claim:12``). Its ``lines`` lines sum up to nothing.

    ``asked``: what it would have been but for the day's limit; an award may come to nothing by it. ``by``: whoever of
    the staff did it; nobody's name otherwise, so that the ledger names people by their accounts alone.
    """

    kind = models.CharField(_("种类"), max_length=8, choices=Posting.choices)
    street = models.ForeignKey("people.Area", models.PROTECT, related_name="+", verbose_name=_("街道"), db_index=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="transfers", verbose_name=_("账户"), db_index=False
    )
    source = models.CharField(_("来源"), max_length=80)
    client_key = models.UUIDField(editable=False)
    label = models.CharField(_("事由"), max_length=80)
    why = models.CharField(_("说明"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("分数"))
    asked = models.BigIntegerField(_("应得"))
    lines = models.PositiveSmallIntegerField()
    day = models.DateField(_("哪天的"))
    rule = models.ForeignKey(
        Rule, models.PROTECT, null=True, related_name="+", verbose_name=_("按哪一版规则"), db_index=False
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("冲哪一笔"), db_index=False
    )
    by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)

    just_made = False
    """Of a service's answer: whether this call made it, or found an earlier one."""

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分记录")
        verbose_name_plural = pgettext_lazy("plural", "积分记录")
        indexes = (models.Index("account", F("id").desc(), name="transfer_of_account"),)
        constraints = (
            models.UniqueConstraint(fields=("source", "kind"), name="transfer_once"),
            models.UniqueConstraint(fields=("client_key",), name="transfer_client_key_once"),
            models.UniqueConstraint(
                fields=("source",),
                name="transfer_ends_once",
                condition=Q(kind__in=[Posting.SPEND, Posting.RELEASE]),
            ),
            models.UniqueConstraint(
                fields=("reverses",), name="transfer_reversed_once", condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(condition=Q(kind__in=Posting.values), name="transfer_kind_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, lines__gte=2) | Q(amount=0, lines=0, kind=Posting.AWARD),
                name="transfer_moves_something",
            ),
            models.CheckConstraint(
                condition=Q(asked__gte=F("amount"), asked__gt=0, amount__lte=1_000_000_000), name="transfer_bounded"
            ),
            models.CheckConstraint(
                condition=Q(asked=F("amount")) | Q(kind=Posting.AWARD), name="transfer_only_awards_are_limited"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Posting.AWARD) | Q(rule__isnull=False), name="transfer_award_by_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(BACKWARD), reverses__isnull=False)
                | (~Q(kind__in=list(BACKWARD)) & Q(reverses__isnull=True)),
                name="transfer_backward_says_what",
            ),
            models.CheckConstraint(condition=~Q(source="") & ~Q(label=""), name="transfer_explained"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"


class Entry(AppendOnlyModel):
    """One line of one transfer. Of a person: out of or into which lot, and the balance ``after`` the ``seq``-th."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="entries", verbose_name=_("积分记录"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="entries", db_index=False)
    amount = models.BigIntegerField(_("分数"))
    seq = models.PositiveIntegerField(null=True)
    after = models.BigIntegerField(_("之后余额"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("分录")
        verbose_name_plural = pgettext_lazy("plural", "分录")
        indexes = (models.Index("account", "id", name="entry_shared", condition=Q(seq__isnull=True)),)
        constraints = (
            models.UniqueConstraint(fields=("account", "seq"), name="entry_seq_once", condition=Q(seq__isnull=False)),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(lot__isnull=True, seq__isnull=True, after__isnull=True)
                | Q(lot__isnull=False, seq__gte=1, after__gte=0),
                name="entry_of_a_person_is_counted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount:+d}"


class LedgerCheck(AppendOnlyModel):
    """What came of comparing the whole ledger with itself. ``problems``: sentences of keys and figures, no names."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    entries = models.BigIntegerField(_("分录数"))
    milliseconds = models.PositiveIntegerField(_("用时"))
    problems = models.JSONField(_("不一致"), default=list)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("账本核对")
        verbose_name_plural = pgettext_lazy("plural", "账本核对")
        indexes = (models.Index(F("at").desc(), F("id").desc(), name="ledgercheck_newest"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {len(self.problems)}"
