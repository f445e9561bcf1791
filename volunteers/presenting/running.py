"""The day as whoever runs it reads it: names, parties, who is there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import moment
from people.models import User
from resources.presenting.times import between
from volunteers.models import SignUp, Slot
from volunteers.permissions.activities import hands, signup_abilities
from volunteers.presenting.activities import TONES, party_of
from volunteers.states import Appeal, Hand, SignUpState, SignUpVerb

MOST = 400

__all__ = ["between", "counts", "everybody", "groups"]


def everybody(slot: Slot, by: User) -> list[dict[str, Any]]:
    """Who comes, who waits, who came; those who cancelled are not named."""
    rows = SignUp.objects.visible_to(by).filter(post__slot=slot).exclude(state=SignUpState.CANCELLED)
    rows = rows.select_related("person", "post", "attendance").order_by("post_id", "made_at", "pk")
    found, mine = [], hands(by, slot.activity)
    for row in rows[:MOST]:
        row.post.slot = slot
        found.append(_line(row, by, mine))
    return found


def _line(row: SignUp, by: User, mine: frozenset[Hand]) -> dict[str, Any]:
    verbs = signup_abilities(by, row, mine)
    present = row.attendance if row.state == SignUpState.ATTENDED else None
    words = [part for part in (row.post.name, party_of(row)) if part]
    if row.by_id != row.person_id:
        words.append(_("社区代报"))
    if present is not None:
        words.append(f"{present.get_how_display()} {timezone.localtime(present.came_at):%H:%M}")
    return {
        "row": row,
        "name": row.real_name or row.person.name,
        "said": " · ".join(words),
        "tone": TONES[SignUpState(row.state)],
        "state": row.get_state_display(),
        "group": row.post_id,
        "post": row.post.name,
        "seated": row.state in (SignUpState.CONFIRMED, SignUpState.ATTENDED),
        "missing": row.state == SignUpState.NO_SHOW,
        "may_note": SignUpVerb.CHECK_IN in verbs,
        "unconfirmed": present is not None and present.confirmed_at is None,
        "may_take_back": SignUpVerb.TAKE_BACK in verbs and present is not None and present.confirmed_at is None,
        "confirmed": present is not None and present.confirmed_at is not None,
        "appealed": row.appeal == Appeal.ASKED,
        "entered": row.by_id != row.person_id,
        "may_accept": SignUpVerb.ACCEPT in verbs and row.person_id != by.pk,
        "may_cancel": SignUpVerb.CANCEL in verbs and row.person_id != by.pk and row.post.slot.starts > timezone.now(),
        "may_answer": SignUpVerb.EXCUSE in verbs,
        "words": _said(row) if row.appeal == Appeal.ASKED else "",
        "made": moment(row.made_at),
    }


def _said(row: SignUp) -> str:
    last = row.events.filter(verb=SignUpVerb.APPEAL).order_by("-pk").first()
    return last.words if last else ""


def groups(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By what there is to do."""
    return [
        {"name": there[0]["post"], "rows": there}
        for _key, found in groupby(rows, key=lambda one: one["group"])
        for there in (list(found),)
    ]


def counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """已报, 候补, 签到: people, not sign-ups, for the first two."""
    states = [(one["row"].state, one["row"].seats) for one in rows]
    return {
        "seated": sum(n for state, n in states if state in (SignUpState.CONFIRMED, SignUpState.ATTENDED)),
        "waiting": sum(n for state, n in states if state in (SignUpState.WAITING, SignUpState.OFFERED)),
        "there": sum(n for state, n in states if state == SignUpState.ATTENDED),
        "missing": sum(n for state, n in states if state == SignUpState.NO_SHOW),
    }
