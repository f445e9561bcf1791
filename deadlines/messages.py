"""What deadlines themselves say: the leaders' daily digest. Reminders are worded by the apps that own the stages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from notifications.lines import Line
from notifications.messages import MessageClass
from notifications.states import Channel

HOME = "/inbox/"
CHASE_LABEL = _("到期提醒")
PASSED_LABEL = _("记下超期")
DIGEST_LABEL = _("领导每日一报")
WEEKLY_LABEL = _("每周小结")
GATHER_LABEL = _("汇总短信和邮件")
RECOUNT_LABEL = _("按新的日历重算期限")


class DailyDigest(MessageClass):
    """To the leaders of a street, once on a working day on which something is late or due."""

    label = DIGEST_LABEL
    channels = (Channel.INAPP, Channel.EMAIL)
    at_once = True  # is a digest itself
    title = _("%(street)s今日：超期%(late)s件，今天到期%(today)s件")
    body = _("超期最久的：%(worst)s。%(more)s")
    email_body = _("%(street)s今日超期%(late)s件，今天到期%(today)s件。超期最久的：%(worst)s。%(more)s")
    sample = {
        "street": _("城厢街道"),
        "late": "3",
        "today": "5",
        "worst": "XQ-CX-20261121-0007",
        "more": _("昨天以来新收诉求4件；等您定的1件"),
    }
    must = frozenset({"late", "today"})


class WeeklyDigest(MessageClass):
    """To units and staff, once a week, each what is theirs; nothing where there is nothing."""

    label = WEEKLY_LABEL
    channels = (Channel.INAPP, Channel.EMAIL)
    at_once = True
    title = _("%(street)s本周小结")
    body = _("%(lines)s")
    sample = {"street": _("城厢街道"), "lines": _("一周来新收诉求4件；还在办的7件")}
    must = frozenset({"lines"})

    def __init__(self, *, street: str, code: str, lines: Sequence[Line]) -> None:
        params = {"street": street, "lines": [dict(one) for one in lines]}
        super().__init__(params=params, area_code=code, subject_label=street, url=HOME)


def digest(*, street: str, code: str, late: int, today: int, worst: str, more: Sequence[Line], url: str) -> DailyDigest:
    params = {
        "street": street,
        "late": late,
        "today": today,
        "worst": worst or "—",
        "more": [dict(one) for one in more],
    }
    return DailyDigest(params=params, area_code=code, subject_label=street, url=url)
