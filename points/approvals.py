"""What points put before the street office (``workbench.approvals``): questions about accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from people.models import User
from points.models import Correction
from points.querysets import BOOKKEEPERS

SOON, MOST = timedelta(days=3), 200


def _asked(request: HttpRequest) -> QuerySet[Correction]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*BOOKKEEPERS):
        return Correction.objects.none()
    return Correction.objects.to_answer(user).order_by("asked_at", "pk")[:MOST]


@counted_by(lambda request: [_asked(request)])
def corrections(request: HttpRequest) -> list[dict[str, Any]]:
    """记录有误, in the streets whose accounts one reads."""
    return [
        {
            "title": row.transfer.label if row.transfer else _("少记了一笔"),
            "what": _("积分更正"),
            "who": row.account.number,
            "since": row.asked_at,
            "url": reverse("admin:points_correction_change", args=[row.pk]),
            "overdue": timezone.now() - row.asked_at > SOON,
            "detail": "",
            "number": row.account.number,
        }
        for row in _asked(request).select_related("account", "transfer")
    ]
