"""A need is taken in hand: who answers for it from now on, and until when the resident will hear."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from alliance.lib.errors import Invalid
from deadlines.services.calendar import hold_calendar
from needs import messages
from needs.models import Category, Need, NeedEvent
from needs.services import limits
from needs.services.hands import account_of
from needs.services.news import no_news
from needs.states import Nature
from notifications.services import queue
from people.models import User

MAX_PROMISE_DAYS = 60


def acceptance(
    need: Need,
    *,
    holder: User,
    reply_by: date | None = None,
    nature: str = "",
    category_id: int | None = None,
    urgent: bool = False,
) -> dict[str, Any]:
    """What changes when the locked ``need`` is taken into the hands of ``holder``, with whichever step.

    A day the resident has been told stays: it is moved by an extension, not by handing on. Raises ``Invalid`` (a day in
    the past, more than 60 days off, or another than the one promised; an unknown nature or category).
    """
    hold_calendar()
    if nature and nature not in Nature.values:
        raise Invalid({"nature": [_("请从列出的性质里选。")]})
    category = Category.objects.in_use().filter(pk=category_id).first() if category_id else None
    if category_id and category is None:
        raise Invalid({"category": [_("这个类别已停用，请另选一个。")]})
    now = timezone.now()
    return {
        "holder": holder,
        "held_since": now,
        "nature": nature or need.nature,
        "category": category or need.category,
        "urgent": urgent or need.urgent,
        **_promise(need, reply_by, now),
    }


def _promise(need: Need, reply_by: date | None, now: Any) -> dict[str, Any]:
    if need.reply_by is None:
        return {"accepted_at": now, "reply_by": _checked_day(reply_by)}
    if reply_by not in (None, need.reply_by):
        said = kept_day(need.reply_by)
        raise Invalid({"reply_by": [_("已经答应居民%(day)s前答复，转手不能改；要改请申请延期。") % {"day": said}]})
    return {}


def _checked_day(reply_by: date | None) -> date:
    today, usual = timezone.localdate(), limits.default_reply_by()
    promised = reply_by or usual
    if promised < today:
        raise Invalid({"reply_by": [_("答复日期不能早于今天。")]})
    if promised > max(usual, today + timedelta(days=MAX_PROMISE_DAYS)):
        raise Invalid({"reply_by": [_("答复日期最晚是今天起60天。")]})
    return promised


def named_end(need: Need, done_by: date | None) -> dict[str, Any]:
    """What changes when the resident is told by when it should be done: once, with the first reply.

    Raises ``Invalid`` (a day in the past, more than 60 days off, or another than the one named before).
    """
    if need.done_by is not None:
        if done_by not in (None, need.done_by):
            said = kept_day(need.done_by)
            raise Invalid({"done_by": [_("已经跟居民说%(day)s前办好；要改请申请延期。") % {"day": said}]})
        return {}
    hold_calendar()
    today, usual = timezone.localdate(), limits.default_done_by(need)
    named = done_by or usual
    if named < today:
        raise Invalid({"done_by": [_("预计办好的日子不能早于今天。")]})
    if named > max(usual, today + timedelta(days=MAX_PROMISE_DAYS)):
        raise Invalid({"done_by": [_("预计办好的日子最晚是今天起60天。")]})
    return {"done_by": named}


def taken_in_hand(need: Need, event: NeedEvent) -> None:
    """After the step ``event`` that took it: the clocks, and the news to the resident."""
    no_news(need, before=event)
    if need.first_reply_at is None:
        limits.await_reply(need)
    else:  # the promise was kept before it came here
        limits.responded(need)
    queue(
        messages.accepted(need),
        occurrence=f"{need.number}:{event.pk}",
        users=account_of(need),
        phones=[need.contact_phone],
    )
