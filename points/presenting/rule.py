"""A version of the rules as pages say it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import day_of, moment
from points.figures import said
from points.models import Rule


def title(row: Rule) -> str:
    """第3版."""
    return _("第%(n)d版") % {"n": row.version}


def span(row: Rule) -> str:
    """2026年1月1日起, 1月1日到12月31日: the days on which it was in force."""
    if row.ends_on is None:
        return _("%(day)s起") % {"day": day_of(row.starts_on)}
    days = {"first": day_of(row.starts_on), "last": day_of(row.ends_on - timedelta(days=1))}
    return _("%(first)s到%(last)s") % days


def named(row: Rule) -> str:
    """按第3版规则（1月1日起）: by which a sum was reckoned."""
    return _("按%(version)s规则（%(span)s）") % {"version": title(row), "span": span(row)}


def last_day(row: Rule) -> str:
    """The day before which it ends; nothing where it was withdrawn before it began."""
    return "—" if row.withdrawn_at else day_of(row.ends_on) or _("一直")


def state(row: Rule) -> tuple[str, str]:
    """Whether it is in force, was, or will be; and the tone in which that is said."""
    today = timezone.localdate()
    if row.withdrawn_at is not None:
        return _("撤回了"), "off"
    if row.starts_on > today:
        return _("还没开始"), "work"
    if row.ends_on is not None and row.ends_on <= today:
        return _("过去的"), "off"
    return _("现在用的"), "done"


def in_points(amount: int) -> str:
    """20分: tenths with their unit."""
    return _("%(n)s分") % {"n": said(amount)}


def _minutes(n: int) -> str:
    return _("%(n)d分钟") % {"n": n}


def _days(n: int) -> str:
    return ngettext("%(n)d天", "%(n)d天", n) % {"n": n}


def coefficients(row: Rule) -> str:
    """一般服务 100%, 夜间、高温 120%."""
    return " · ".join(f"{one['name']} {one['percent']}%" for one in row.coefficients)


def facts(row: Rule) -> list[tuple[str, str]]:
    """Everything of it."""
    return [
        (_("从哪天起"), day_of(row.starts_on)),
        (_("到哪天止"), _("%(day)s前") % {"day": day_of(row.ends_on)} if row.ends_on else last_day(row)),
        (_("一小时几分"), in_points(row.hour)),
        (_("满多少分钟算一次"), _minutes(row.step_minutes)),
        (_("一天最多算多少分钟"), _minutes(row.day_minutes)),
        (_("一天最多几分"), in_points(row.day_most)),
        (_("系数"), coefficients(row)),
        (_("组织者多百分之几"), f"{row.organiser_percent}%"),
        (_("个人圆梦几分"), in_points(row.wish)),
        (_("跑腿一件几分"), in_points(row.errand)),
        (_("到几年后的年底到期"), ngettext("%(n)d年", "%(n)d年", row.keep_years) % {"n": row.keep_years}),
        (_("到期提前几天提醒"), _days(row.notice_days)),
        (_("兑换后几天内领取"), _days(row.pick_up_days)),
        (_("谁定的"), row.by.name if row.by else _("系统自带")),
        *_withdrawn(row),
    ]


def _withdrawn(row: Rule) -> list[tuple[str, str]]:
    """By whom, when and why, where it was withdrawn before it began."""
    if row.withdrawn_at is None or row.withdrawn_by is None:
        return []
    return [
        (_("谁撤回的"), f"{row.withdrawn_by.name} · {moment(row.withdrawn_at)}"),
        (_("为什么撤回"), row.withdrawn_why),
    ]
