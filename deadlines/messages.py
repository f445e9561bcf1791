"""What deadlines themselves say: the leaders' daily digest. Reminders are worded by the apps that own the stages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from notifications.states import Channel

CHASE_LABEL = _("到期提醒")
PASSED_LABEL = _("记下超期")
DIGEST_LABEL = _("领导每日一报")
RECOUNT_LABEL = _("按新的日历重算期限")


class DailyDigest(MessageClass):
    """To the leaders of a street, once on a working day on which something is late or due."""

    label = DIGEST_LABEL
    channels = (Channel.INAPP, Channel.EMAIL)
    at_once = True  # is a digest itself
    title = _("%(street)s今日：超期%(late)s件，今天到期%(today)s件")
    body = _("超期最久的：%(worst)s")
    email_body = _("%(street)s今日超期%(late)s件，今天到期%(today)s件。超期最久的：%(worst)s")
    sample = {"street": _("城厢街道"), "late": "3", "today": "5", "worst": "XQ-CX-20261121-0007"}
    must = frozenset({"late", "today"})


def digest(*, street: str, code: str, late: int, today: int, worst: str, url: str) -> DailyDigest:
    params = {"street": street, "late": late, "today": today, "worst": worst or "—"}
    return DailyDigest(params=params, area_code=code, subject_label=street, url=url)
