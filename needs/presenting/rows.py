"""Rows of the queue and the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deadlines.worktime import Calendar
from needs.models import Extension, Need
from needs.permissions import abilities
from needs.presenting import errands, more_time
from needs.presenting.around import Around, around
from needs.presenting.due import due
from needs.presenting.hand import hand
from needs.states import Channel, Office, State, Verb
from people.models import User
from people.states import Level

STATE_TONES = {
    State.PENDING: "",
    State.IN_PROGRESS: "work",
    State.TO_ANSWER: "ask",
    State.CLOSED: "done",
    State.NOT_ACCEPTED: "off",
    State.WITHDRAWN: "off",
}


def flags(need: Need, extension: Extension | None = None, *, late: bool = True) -> list[dict[str, str]]:
    """Short warnings beside the sentence; ``extension``: the request for more time, if there is one.

    ``late``: whether to say 已超期; a row says by how much, in red, and needs no word for it.
    """
    doing, sent_up = need.is_open, need.office != Office.COMMUNITY and need.area.level != Level.STREET
    more, tone = more_time.flag(extension)
    urged = need.urged_at and need.urged_at > (need.first_reply_at or need.created_at)
    found = [
        (need.urgent, _("紧急"), "late"),
        (doing and need.rounds > 1, _("重办"), "late"),
        (at_leader(need), _("等回访"), "warn"),
        (late and need.is_overdue and not need.waiting_since, _("已超期"), "late"),
        (doing and urged, _("居民催办"), "warn"),
        (need.waiting_since, _("等居民补充"), "warn"),
        (doing and more, more, tone),
        (doing and sent_up and need.rounds == 1, _("社区上报"), ""),
        (need.channel == Channel.STAFF, _("代填"), ""),
        (need.asker_id, _("单位提出"), "info"),
        (need.listed, _("公开在清单"), ""),
    ]
    return [{"label": label, "tone": tone} for there, label, tone in found if there]


def at_leader(need: Need) -> bool:
    """Whether the 分管领导 is to call."""
    return need.state == State.PENDING and need.office == Office.LEADER


def state(need: Need) -> dict[str, str]:
    """State as tone and word; at the leader's nobody accepts any more: it is in hand, and a call is awaited."""
    if at_leader(need):
        return {"label": str(State.IN_PROGRESS.label), "tone": STATE_TONES[State.IN_PROGRESS]}
    return {"label": need.get_state_display(), "tone": STATE_TONES[State(need.state)]}


def rows(
    needs: Iterable[Need], viewer: User, cal: Calendar | None = None, *, with_errands: bool = True
) -> list[dict[str, Any]]:
    """Rows of the queue and the list: the sentence, in whose hands and since when, until when, what one may do."""
    found = list(needs)
    beside, out = around(found, cal), errands.running_of(found) if with_errands else {}
    return [_row(need, viewer, beside, out.get(need.pk)) for need in found]


def _row(need: Need, viewer: User, beside: Around, errand: dict[str, Any] | None) -> dict[str, Any]:
    may = abilities(viewer, need)
    return {
        "pk": need.pk,
        "url": reverse("admin:needs_need_change", args=[need.pk]),
        "title": need.title,
        "number": need.number,
        "community": need.area.name,
        "asker": str(need.asker) if need.asker else "",
        "category": need.category.label if need.category else "",
        "flags": flags(need, beside.extension(need), late=False),
        "hand": errands.behind(hand(need, viewer), errand),
        "due": _due(need, beside),
        "until": beside.until(need),
        "state": state(need),
        "can": {"accept": Verb.ACCEPT in may, "dial": Verb.DIAL in may, "escalate": Verb.ESCALATE in may},
    }


def _due(need: Need, beside: Around) -> dict[str, Any]:
    """The time that counts now; beside it who decides about more of it, or that it was late before."""
    found = due(need, beside)
    return {**found, "asked": more_time.waits_for(need, beside) or found.get("asked", "")}
