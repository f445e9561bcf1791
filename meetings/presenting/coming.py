"""On the workbench: today's meetings and the next ones, those that wait for minutes, what is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import moment
from meetings.models import ActionItem, Meeting
from meetings.permissions import KEEPERS
from people.models import User

FEW, DAYS = 4, timedelta(days=14)


def panel(request: HttpRequest) -> dict[str, Any] | None:
    """For whoever keeps meetings, where there is anything."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*KEEPERS):
        return None
    rows = Meeting.objects.kept_by(user)
    ahead = rows.ahead().filter(starts__lt=timezone.now() + DAYS).order_by("starts", "pk")[:FEW]
    lines = [_line(one) for one in (*rows.to_minute().order_by("-starts", "-pk")[:FEW], *ahead)]
    late = ActionItem.objects.kept_by(user).late().count()
    if not (lines or late):
        return None
    found: dict[str, Any] = {
        "title": _("会议"),
        "url": reverse("admin:meetings_meeting_changelist"),
        "lines": lines,
        "empty": _("最近没有会。"),
    }
    if late:
        text = ngettext("%(n)d个行动项过了期限", "%(n)d个行动项过了期限", late) % {"n": late}
        found["also"] = {"text": text, "url": f"{reverse('admin:meetings_actionitem_changelist')}?tab=late"}
    return found


def _line(one: Meeting) -> dict[str, Any]:
    return {
        "text": one.title,
        "small": one.get_state_display(),
        "when": moment(one.starts),
        "url": reverse("admin:meetings_meeting_change", args=[one.pk]),
    }
