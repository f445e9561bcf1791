"""What the log adds to the workbench: what an audit administrator should look at first."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.lib.pagination import capped_count, count_label
from alliance.lib.registry import contribute
from audit.models import AuditEntry
from audit.permissions import audit_abilities
from audit.states import Action
from people.models import User


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


contribute("workbench.tiles", log_tiles, order=30)
