"""What points add: seeds, what falls due, figures, one's own pages, what waits for a yes, the end of an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from members.services.journal import Journal
from people.models import User
from points import approvals
from points.defaults import load_defaults
from points.figures import said
from points.metrics import metrics
from points.models import Account, Correction, Redemption, Reward
from points.presenting import statement
from points.services import ending, picking_up, verifying
from points.services.leaving import close_accounts_of


def my_section(request: HttpRequest) -> dict[str, Any] | None:
    """我的积分, for whoever has any."""
    if not isinstance(request.user, User):
        return None
    lines = []
    for account in Account.objects.of(request.user).select_related("street").order_by("pk"):
        ends = statement.ending(account)
        small = _("其中%(n)s分%(day)s到期") % {"n": said(ends[0]), "day": day_of(ends[1])} if ends else ""
        words = _("%(n)s分可用") % {"n": said(account.balance)}
        lines.append({"text": words, "small": small, "when": account.street.name, "url": reverse("points:mine")})
    shelf = {"url": reverse("points:shelf"), "url_label": _("能换什么")}
    return {"title": _("我的积分"), "lines": lines, "order": 32, **shelf} if lines else None


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every posting, every exchange and every question, as plain values."""
    rows = []
    for account in Account.objects.of(user).select_related("street").order_by("pk"):
        for one in statement.lines(list(statement.lines_of(account)), user):
            rows.append(
                {
                    "number": account.number,
                    "area": account.street.name,
                    "at": one["row"].at.isoformat(),
                    "kind": one["kind"],
                    "title": one["what"],
                    "points": one["sum"],
                    "note": " · ".join(part for part in (one["number"], one["small"], one["by_rule"]) if part),
                }
            )
    exchanges = [
        {
            "number": row.number,
            "at": row.asked_at.isoformat(),
            "title": row.label,
            "points": said(row.price),
            "state": row.get_state_display(),
            "ended": row.ended_at.isoformat() if row.ended_at else "",
        }
        for row in Redemption.objects.filter(account__in=Account.objects.of(user)).order_by("pk")
    ]
    asked = Correction.objects.filter(account__in=Account.objects.of(user)).order_by("pk")
    questions = [{"at": row.asked_at.isoformat(), "words": row.words, "answer": row.answer} for row in asked]
    return {
        name: found for name, found in (("points", rows), ("exchanges", exchanges), ("corrections", questions)) if found
    }


def my_stays(user: User) -> list[str]:
    """Points go with the account; the ledger keeps figures without a name."""
    if not Account.objects.of(user).exists():
        return []
    return [_("积分会清零，等着领的兑换会取消，都不能恢复。账本里只留下数字，看不出是谁。")]


def merge_rewards(journal: Journal) -> None:
    """What the gone unit writes off."""
    journal.move(gettext_lazy("兑换品"), journal.hold(Reward.objects.filter(unit=journal.gone)))


for _kind in (*ending.KINDS, *verifying.KINDS, *picking_up.KINDS):
    register_kind(_kind)
contribute("defaults", load_defaults, order=16)
contribute("metrics", metrics)
contribute("my.sections", my_section, order=32)
contribute("my.data", my_data, order=32)
contribute("my.stays", my_stays, order=32)
contribute("my.erase", close_accounts_of, order=32)
contribute("unit.merge", merge_rewards, order=27)
contribute("workbench.approvals", approvals.corrections, order=45)
