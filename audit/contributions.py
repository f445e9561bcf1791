"""What the log adds to the workbench: what an audit administrator should look at first."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from alliance.lib.pagination import capped_count, count_label
from alliance.lib.registry import contribute
from audit.models import AuditEntry
from audit.permissions import audit_abilities
from audit.presenting import name_all, subject_of
from audit.states import Action
from people.models import User

NEWEST = 8


def log_tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """Refused sign-ins and locks of today, phones looked at and roles given this week."""
    user = request.user
    if not isinstance(user, User) or "view" not in audit_abilities(user):
        return []
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    week = today - timedelta(days=today.weekday())
    wanted = (
        (_("今天登录失败"), Action.SIGN_IN_FAILED, today, "warn"),
        (_("今天登录锁定"), Action.LOCKOUT, today, "late"),
        (_("本周查看联系方式"), Action.REVEAL, week, ""),
        (_("本周授予角色"), Action.GRANT, week, ""),
    )
    return [_tile(user, *one) for one in wanted]


def _tile(user: User, label: str, action: Action, since: datetime, tone: str) -> dict[str, Any]:
    count = capped_count(AuditEntry.objects.visible_to(user).filter(action=action, at__gte=since))
    query = urlencode({"action__exact": action.value, "at__gte": since.isoformat(sep=" ")})
    url = f"{reverse('admin:audit_auditentry_changelist')}?{query}"
    return {"label": label, "value": count_label(count), "url": url, "tone": tone if count else ""}


def _who_and_what(entry: AuditEntry) -> str:
    """Whoever did it and to whom; at a sign-in both are one, said once."""
    who, what = entry.actor_label, subject_of(entry)
    return what if what.startswith(who) else _("、").join(part for part in (who, what) if part)


def newest_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The newest entries, for those who read the log."""
    user = request.user
    if not isinstance(user, User) or "view" not in audit_abilities(user):
        return None
    entries = name_all(AuditEntry.objects.visible_to(user).order_by("-id")[:NEWEST])
    lines = [
        {
            "text": entry.get_action_display(),
            "small": _who_and_what(entry),
            "when": moment(entry.at),
            "url": reverse("admin:audit_auditentry_change", args=[entry.pk]),
        }
        for entry in entries
    ]
    return {"title": _("最近的记录"), "url": reverse("admin:audit_auditentry_changelist"), "lines": lines}


contribute("workbench.tiles", log_tiles, order=30)
contribute("workbench.panels", newest_panel, order=30)
