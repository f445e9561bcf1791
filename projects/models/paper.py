"""What an agreement and an amendment have in common: a text that is asked about, approved, signed, and then stands."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import WorkflowModel


def person(label: Any = "", **options: Any) -> models.ForeignKey[Any, Any]:
    """A colleague who did something; nobody asks by this column."""
    options = {"null": True, "blank": True, "editable": False, "db_index": False, **options}
    return models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=label, **options)


class Paper(WorkflowModel):
    """``text`` is put together when the units are asked, whose answers name its digest (``asked_sha256``); the signing
    adds day and place, and ``sha256`` is of the whole. From then on a trigger keeps every part of it (``frozen``)."""

    text = models.TextField(_("正文"), blank=True, default="", editable=False)
    turn = models.PositiveIntegerField(_("第几次送单位确认"), default=0, editable=False)
    asked_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    sha256 = models.CharField(_("校验码"), max_length=64, blank=True, default="", editable=False)
    sent_by = person(_("送确认的人"))
    sent_at = models.DateTimeField(_("送确认时间"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("单位都确认的时间"), null=True, blank=True, editable=False)
    approved_by = person(_("审批人"))
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True, editable=False)
    signed_by = person(_("登记签约的人"))
    signed_at = models.DateTimeField(_("登记签约的时间"), null=True, blank=True, editable=False)
    signed_on = models.DateField(_("签约日期"), null=True, blank=True, editable=False)
    signed_place = models.CharField(_("签约地点"), max_length=60, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


def paper_rules(name: str, before: tuple[str, ...], signed: tuple[str, ...]) -> tuple[models.BaseConstraint, ...]:
    """The constraints of a ``Paper``: who may have approved, and that nothing is signed by halves."""
    nothing = Q(signed_at__isnull=True, signed_by__isnull=True, signed_on__isnull=True, sha256="", signed_place="")
    everything = (
        Q(signed_at__isnull=False, signed_by__isnull=False, signed_on__isnull=False, approved_by__isnull=False)
        & Q(sha256__regex="^[0-9a-f]{64}$")
        & ~Q(signed_place="")
        & ~Q(text="")
    )
    return (
        models.CheckConstraint(
            condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("sent_by")), name=f"{name}_approved_by_another"
        ),
        models.CheckConstraint(condition=nothing | everything, name=f"{name}_signed_wholly"),
        models.CheckConstraint(
            condition=(~Q(state__in=before) | Q(signed_at__isnull=True))
            & (~Q(state__in=signed) | Q(signed_at__isnull=False)),
            name=f"{name}_signed_in_its_states",
        ),
    )
