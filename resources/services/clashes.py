"""What a space is taken by, said to whoever wants it: a booking of their own, the time kept between two, or others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from resources import messages
from resources.models import Booking, Hold, Resource
from resources.services.refusals import length_in_words

Mine = Callable[[Booking], bool]


def clash(row: Resource, holds: Sequence[Hold], span: tuple[datetime, datetime], mine: Mine) -> Text | None:
    """Why ``row`` cannot be had for ``span`` beside ``holds`` (their bookings loaded); None: simply taken by others.

    A booking of one's own comes first, ``mine`` says which those are; then the time kept before and after.
    """
    starts, ends = span
    there = [hold for hold in holds if hold.booking.starts < ends and hold.booking.ends > starts]
    own = next((hold.booking for hold in there if mine(hold.booking)), None)
    if own is not None:
        return _("您已经约了“%(name)s”，%(when)s。") % {"name": own.resource.name, "when": messages.when(own)}
    return _between(row, holds, span, mine) if holds and not there else None


def _between(row: Resource, holds: Sequence[Hold], span: tuple[datetime, datetime], mine: Mine) -> Text | None:
    """Only the time before and after is in the way: from or until when it can be had."""
    edge = timedelta(minutes=row.buffer_minutes)
    later = [hold.during.upper + edge for hold in holds if hold.booking.ends <= span[0]]
    sooner = [hold.during.lower - edge for hold in holds if hold.booking.starts >= span[1]]
    kept = max(edge, *(hold.booking.starts - hold.during.lower for hold in holds))
    said = {"length": length_in_words(kept // timedelta(minutes=1))}
    first, last = max(later, default=span[0]), min(sooner, default=span[1])
    if any(timezone.localdate(moment) != timezone.localdate(span[0]) for moment in (first, last)):
        return None
    said |= {"first": f"{timezone.localtime(first):%H:%M}", "last": f"{timezone.localtime(last):%H:%M}"}
    if later and sooner:
        return _("两次之间前后各要留%(length)s：最早%(first)s开始，最晚%(last)s结束。") % said
    if any(mine(hold.booking) for hold in holds):
        own = next(hold.booking for hold in holds if mine(hold.booking))
        said["when"] = messages.when(own)
        if later:
            return _("您自己约了%(when)s，前后各要留%(length)s：最早%(first)s开始。") % said
        return _("您自己约了%(when)s，前后各要留%(length)s：最晚%(last)s结束。") % said
    if later:
        return _("两次之间前后各要留%(length)s：最早%(first)s开始。") % said
    return _("两次之间前后各要留%(length)s：最晚%(last)s结束。") % said


def nobody(_booking: Booking) -> bool:
    """Nobody asks: no booking is their own."""
    return False
