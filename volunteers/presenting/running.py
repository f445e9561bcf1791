"""The day as whoever runs it reads it: names, parties, who is there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
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
COMING = (SignUpState.CONFIRMED, SignUpState.ATTENDED)

__all__ = ["MOST", "below", "between", "counts", "everybody", "groups", "seated"]


def everybody(slot: Slot, by: User, page: int = 1) -> tuple[list[dict[str, Any]], bool]:
    """Who comes, who waits, who came, ``MOST`` on a page, and whether there are more; those who cancelled are not
    named."""
    start = (page - 1) * MOST
    found = _lines(slot, by)[start : start + MOST + 1]
    mine = hands(by, slot.activity)
    return [_line(row, slot, by, mine) for row in found[:MOST]], len(found) > MOST


def seated(slot: Slot, by: User) -> list[dict[str, Any]]:
    """All who have a seat, for the sheet of paper."""
    mine, rows = hands(by, slot.activity), _lines(slot, by).filter(state__in=COMING)
    return [_line(row, slot, by, mine) for row in rows]


def _lines(slot: Slot, by: User) -> QuerySet[SignUp]:
    rows = SignUp.objects.visible_to(by).filter(post__slot=slot).exclude(state=SignUpState.CANCELLED)
    return rows.select_related("person", "post", "attendance").order_by("post_id", "made_at", "pk")


def _line(row: SignUp, slot: Slot, by: User, mine: frozenset[Hand]) -> dict[str, Any]:
    row.post.slot = slot
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
        "missing": row.state == SignUpState.NO_SHOW,
        "may_note": SignUpVerb.CHECK_IN in verbs,
        "may_take_back": SignUpVerb.TAKE_BACK in verbs and present is not None and present.confirmed_at is None,
        "confirmed": present is not None and present.confirmed_at is not None,
        "appealed": row.appeal == Appeal.ASKED,
        "entered": row.by_id != row.person_id,
        "may_accept": SignUpVerb.ACCEPT in verbs and row.person_id != by.pk,
        "may_cancel": SignUpVerb.CANCEL in verbs and row.person_id != by.pk and row.post.slot.starts > timezone.now(),
        "may_answer": SignUpVerb.EXCUSE in verbs,
        "words": row.appeal_words if row.appeal == Appeal.ASKED else "",
        "made": moment(row.made_at),
    }


def below(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of ``rows`` whom the roll does not name already, or of whom more is to be done than to note them."""
    more = ("may_take_back", "may_accept", "may_cancel", "appealed")
    return [one for one in rows if not one["may_note"] or any(one[name] for name in more)]


def groups(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By what there is to do."""
    return [
        {"name": there[0]["post"], "rows": there}
        for _key, found in groupby(rows, key=lambda one: one["group"])
        for there in (list(found),)
    ]


def counts(slot: Slot) -> dict[str, int]:
    """已报, 候补, 签到 of all pages: people, not sign-ups, for the first two; ``unconfirmed``: hours to be."""
    there = Q(state=SignUpState.ATTENDED)
    found = SignUp.objects.filter(post__slot=slot).aggregate(
        seated=Sum("seats", filter=Q(state__in=COMING), default=0),
        waiting=Sum("seats", filter=Q(state__in=[SignUpState.WAITING, SignUpState.OFFERED]), default=0),
        there=Count("pk", filter=there),
        unconfirmed=Count("pk", filter=there & Q(attendance__isnull=False, attendance__confirmed_at=None)),
    )
    return dict(found)
