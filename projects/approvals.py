"""What projects put before those who say yes or no (``workbench.approvals``): agreements every unit has confirmed, and
what a colleague asks to end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from people.models import User
from people.querysets import within
from projects.listings.agreements import names
from projects.messages import number_of
from projects.models import Agreement, Amendment, Paper, Project
from projects.permissions import APPROVERS, agreement_of
from projects.states import AgreementState

SOON, MOST = timedelta(days=2), 200


def _papers(request: HttpRequest) -> tuple[QuerySet[Agreement], QuerySet[Amendment]]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*APPROVERS):
        return Agreement.objects.none(), Amendment.objects.none()
    areas = user.areas_of(*APPROVERS)
    theirs = within(areas, area="agreement__area__code", street="agreement__street_code")
    waiting = {"state": AgreementState.CONFIRMING, "confirmed_at__isnull": False}
    agreements = Agreement.objects.filter(within(areas), **waiting).exclude(sent_by=user)
    amendments = Amendment.objects.filter(theirs, **waiting, agreement__state=AgreementState.RUNNING)
    return agreements, amendments.exclude(sent_by=user)


@counted_by(_papers)
def papers_to_approve(request: HttpRequest) -> list[dict[str, Any]]:
    """Agreements and amendments of one's street, sent out by somebody else."""
    agreements, amendments = _papers(request)
    rows: list[Paper] = list(
        agreements.select_related("area").prefetch_related("parties").order_by("confirmed_at", "pk")[:MOST]
    )
    around = amendments.select_related("agreement__area").prefetch_related("agreement__parties")
    rows += around.order_by("confirmed_at", "pk")[:MOST]
    return [_row(row) for row in rows]


def _to_end(request: HttpRequest) -> tuple[QuerySet[Agreement], QuerySet[Project]]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*APPROVERS):
        return Agreement.objects.none(), Project.objects.none()
    asked = within(user.areas_of(*APPROVERS)) & Q(state=AgreementState.RUNNING) & ~Q(ending="") & ~Q(ending_by=user)
    return Agreement.objects.filter(asked), Project.objects.filter(asked)


@counted_by(_to_end)
def things_to_end(request: HttpRequest) -> list[dict[str, Any]]:
    """Agreements and projects of one's street that somebody else asks to end."""
    agreements, projects = _to_end(request)
    rows: list[Agreement | Project] = list(agreements.select_related("area").order_by("ending_at", "pk")[:MOST])
    rows += projects.select_related("area").order_by("ending_at", "pk")[:MOST]
    return [
        {
            "title": str(row),
            "what": f"{row._meta.verbose_name} · {row.get_ending_display()}",
            "who": row.area.name,
            "since": row.ending_at,
            "url": reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk]),
            "overdue": row.ending_at is not None and timezone.now() - row.ending_at > SOON,
            "detail": row.ending_words,
            "number": row.number,
        }
        for row in rows
    ]


def _row(row: Paper) -> dict[str, Any]:
    agreement = agreement_of(row)
    since = row.confirmed_at
    return {
        "title": agreement.theme,
        "what": _("补充协议") if row is not agreement else _("共建协议"),
        "who": agreement.area.name,
        "since": since,
        "url": reverse("admin:projects_agreement_change", args=[agreement.pk]),
        "overdue": since is not None and timezone.now() - since > SOON,
        "detail": names(agreement),
        "number": number_of(row),
    }
