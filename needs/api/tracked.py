"""One need as its resident follows it over the API, with number and code."""

from __future__ import annotations

from typing import Any

from needs import wording
from needs.models import Need
from needs.presenting import tracked as presenting
from needs.presenting.tracked import timeline
from needs.presenting.way import way_of
from needs.states import Audience


def tracked(need: Need) -> dict[str, Any]:
    """``need`` in the shape of ``TrackAnswer``.

    What the resident answered stands on the page alone; who has what 部分解决 left over is said here as well.
    """
    way = way_of(need)
    events = list(need.events.filter(audience=Audience.RESIDENT).order_by("-at", "-id"))
    return {
        "number": need.number,
        "state": need.state,
        "headline": presenting.received(need, events) or wording.headline(need, way.headline if way else ""),
        "hand": wording.hand(need),
        "now": presenting.hand(need, way, presenting.own_answer(need)),
        "reply_by": need.reply_by,
        "done_by": need.done_by,
        "overdue": need.is_overdue,
        "timeline": timeline(need, events),
    }
