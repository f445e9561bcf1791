"""What is due waits where its recipient is not to be disturbed, or wants it gathered, or not at all.

A few statements for everything that is due, however much that is: nothing is looked up per message. By the database's
clock, like everything about what is due. What somebody waits for just now and what is 紧急 (``at_once``) is left alone.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Now

from notifications.models import Message, Preference, QuietHours
from notifications.querysets import MessageQuerySet
from notifications.services.ending import DONE
from notifications.states import GATHERED, Channel, Pace, Reason, State

DAY = timedelta(days=1)


def usual_quiet_hours() -> tuple[time, time] | None:
    """From when until when nobody is disturbed who has not chosen otherwise; None: at no time."""
    starts, _dash, ends = settings.QUIET_HOURS.partition("-")
    return (time.fromisoformat(starts), time.fromisoformat(ends)) if starts and ends else None


def is_quiet_now() -> bool:
    """Whether it is night for whoever has no hours of their own, such as a group. By the database's clock."""
    usual = usual_quiet_hours()
    if usual is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT (STATEMENT_TIMESTAMP() AT TIME ZONE %s)::time", [settings.TIME_ZONE])
        (local,) = cursor.fetchone()
    return bool(local >= usual[0] or local < usual[1])


def hold_back(channel: Channel) -> None:
    """Sort what is due on ``channel`` by what its recipients want: it ends, is gathered, or waits for the morning."""
    due = Message.objects.due().filter(channel=channel, at_once=False)
    # What somebody had in hand may have gone out: that is for the delivery to say.
    untouched = _with_topic(due.filter(leased_until__isnull=True))
    with transaction.atomic():
        never = _free_of(untouched.filter(_chosen([Pace.NEVER])))
        never.update(state=State.MISSED, last_error=Reason.UNWANTED, **DONE)
        _free_of(untouched.filter(_chosen(GATHERED))).update(state=State.BUNDLED, last_error="", **DONE)
        _put_off(due)


def _put_off(due: MessageQuerySet) -> None:
    """What would disturb now waits until it no longer does."""
    left = ExpressionWrapper(F("quiet_until") - F("local"), DurationField())
    whole = Case(When(quiet_until__lte=F("local"), then=left + Value(DAY)), default=left, output_field=DurationField())
    disturbing = _free_of(_with_hours(due).filter(QUIET_NOW))
    _with_hours(disturbing).update(not_before=Now() + whole)


def _free_of(rows: MessageQuerySet) -> MessageQuerySet:
    """``rows``, locked in the order of their keys; those in another worker's hands are that one's to sort."""
    keys = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True).values("pk")
    return Message.objects.filter(pk__in=keys)


def deliverable(rows: MessageQuerySet) -> MessageQuerySet:
    """``rows`` without those to be held back: of what was queued since they were sorted, nothing slips through."""
    kept = Q(at_once=False) & (QUIET_NOW | (Q(leased_until__isnull=True) & _chosen([*GATHERED, Pace.NEVER])))
    # A case, since where no hours are known the comparison is neither true nor false.
    held = Case(When(kept, then=Value(True)), default=Value(False))
    return _with_topic(_with_hours(rows)).annotate(held=held).filter(held=False)


QUIET_NOW = Q(local__gte=F("quiet_from")) | Q(local__lt=F("quiet_until"))


def _with_topic(rows: MessageQuerySet) -> MessageQuerySet:
    topic = Func(F("rule"), Value("."), Value(1), function="split_part", output_field=TextField())
    return rows.annotate(topic=topic)


def _with_hours(rows: MessageQuerySet) -> MessageQuerySet:
    """``rows`` with the time of day (``local``) and their recipients' quiet hours (``quiet_from``, ``quiet_until``)."""
    own = QuietHours.objects.filter(recipient_key=OuterRef("recipient_key"))
    local = Cast(Func(Value(settings.TIME_ZONE), Now(), function="timezone"), TimeField())
    starts: Any = Subquery(own.values("starts"))
    ends: Any = Subquery(own.values("ends"))
    if usual := usual_quiet_hours():
        starts = Coalesce(starts, Value(usual[0], TimeField()))
        ends = Coalesce(ends, Value(usual[1], TimeField()))
    return rows.annotate(local=local, quiet_from=starts, quiet_until=ends)


def _chosen(paces: Any) -> Q:
    """The recipient chose one of ``paces`` for the topic, and has the notice: nothing is lost by not sending."""
    same = {name: OuterRef(name) for name in ("recipient_key", "channel", "topic")}
    notice = {name: OuterRef(name) for name in ("rule", "occurrence", "recipient_key")}
    return Q(Exists(Preference.objects.filter(**same, pace__in=paces))) & Q(
        Exists(Message.objects.filter(**notice, channel=Channel.INAPP))
    )
