"""What was kept back for a digest goes out as one message per person and channel, all of them in a few statements."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Now

from notifications.messages import MessageClass
from notifications.messages_gathered import GatheredMail, GatheredText
from notifications.models import Message, Preference
from notifications.services.outbox import Letter, queue_many
from notifications.states import Channel, Pace, State
from people.models import User

SHOWN = 20
AT_ONCE = 5_000
"""So many kept messages are put together in one transaction; what is left waits for the next digest."""


@transaction.atomic
def send_gathered(pace: str, *, occurrence: str) -> int:
    """Queue the digests of those who want theirs at ``pace``; returns how many. Again for the same occurrence: nothing.

    Somebody who meanwhile wants theirs at another pace, or at once, gets what was kept with the next digest there is.
    """
    kept: dict[tuple[int, str], list[Message]] = defaultdict(list)
    rows = list(_kept(pace))
    for row in rows:
        kept[int(row.recipient_key.removeprefix("u:")), row.channel].append(row)
    people = User.objects.filter(is_active=True).in_bulk({person for person, _channel in kept})
    letters: list[Letter] = [
        (_message(channel, found), occurrence, [people[person]])
        for (person, channel), found in kept.items()
        if person in people
    ]
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=Now())
    return queue_many(letters)


def _kept(pace: str) -> list[Message]:
    """What waits to be gathered at ``pace``, newest first, locked, with the notice's ``said``."""
    topic = Func("rule", Value("."), Value(1), function="split_part", output_field=TextField())
    same = {name: OuterRef(name) for name in ("recipient_key", "channel", "topic")}
    wanted = Preference.objects.filter(**same)
    notice = Message.objects.filter(
        **{name: OuterRef(name) for name in ("rule", "occurrence", "recipient_key")}, channel=Channel.INAPP
    )
    rows = Message.objects.filter(state=State.BUNDLED, sent_at__isnull=True).annotate(topic=topic)
    # Whoever wants nothing gathered any more still has this to come: with the day's.
    weekly = Exists(wanted.filter(pace=Pace.WEEKLY))
    rows = rows.filter(weekly if pace == Pace.WEEKLY else ~weekly).annotate(said=Subquery(notice.values("title")[:1]))
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return list(locked.order_by("-created_at", "-id")[:AT_ONCE])


def _message(channel: str, rows: list[Message]) -> MessageClass:
    if channel == Channel.SMS:
        link = f"{settings.SITE_URL.rstrip('/')}/inbox/" if settings.SITE_URL else ""
        return GatheredText(len(rows), link)
    titles = [row.said for row in rows if row.said]  # type: ignore[attr-defined]  # annotated
    more = ["…"] if len(titles) > SHOWN else []
    return GatheredMail(len(rows), "\n".join([*titles[:SHOWN], *more]))
