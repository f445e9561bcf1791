"""名额: a hot write. Many want the last seat of a bus at the same moment; exactly one has it.

What is scarce is taken by **one statement**: it finds the post open, the activity published, the time not come and
enough seats left, takes them, writes the sign-up and its event. PostgreSQL queues those who come at once on the post's
row and asks the condition again for each. Whoever gets nothing waits in the line (``signing``), and is told why.

Seats that come free go to the line before anybody else learns of them, in the same transaction: so no seat is free
that anybody who waits would fit in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from alliance.lib.errors import NotFound, RuleBroken
from claims.services.people import by_daylight
from volunteers.messages import activities as messages
from volunteers.models import Post, SignUp, SignUpEvent
from volunteers.services.dues import plan_answer
from volunteers.services.party import require_post_fit
from volunteers.services.telling import tell_person
from volunteers.states import SignUpState, SignUpVerb

LAST_OFFER, ANSWER_WITHIN, LEAST_TIME = timedelta(hours=2), timedelta(hours=12), timedelta(minutes=30)
"""So long before it begins a seat that was offered is answered at the latest; how long it is kept at most; and with
less time than this to answer nobody is asked: the first who fits has it."""
_TAKE = """
WITH seat AS (
    UPDATE volunteers_post AS post SET taken = post.taken + %(seats)s
    FROM volunteers_slot AS slot JOIN volunteers_activity AS activity ON activity.id = slot.activity_id
    WHERE post.id = %(post)s AND slot.id = post.slot_id
      AND post.is_open AND post.taken + %(seats)s <= post.capacity
      AND activity.state = 'published' AND slot.called_off_at IS NULL
      AND slot.starts - activity.closes_hours * interval '1 hour' > statement_timestamp()
      AND NOT EXISTS (SELECT FROM volunteers_signup WHERE client_key = %(key)s)
    RETURNING post.id, slot.starts, slot.ends, activity.street_code
), made AS (
    INSERT INTO volunteers_signup
        (post_id, person_id, by_id, street_code, client_key, during, myself, companions, children, ages, guardian_ok,
         real_name, state, version, made_at, appeal)
    SELECT id, %(person)s, %(by)s, street_code, %(key)s, tstzrange(starts, ends, '[)'), %(myself)s, %(companions)s,
           %(children)s, %(ages)s, %(guardian_ok)s, %(real_name)s, 'confirmed', 1, statement_timestamp(), ''
    FROM seat RETURNING id, made_at, by_id
)
INSERT INTO volunteers_signupevent (signup_id, at, actor_id, verb, source, target)
SELECT id, made_at, by_id, 'sign_up', '', 'confirmed' FROM made RETURNING signup_id
"""


def take(values: dict[str, Any]) -> int | None:
    """Seats and sign-up in one statement; the key of the sign-up, or None if there were not enough seats.

    ``values``: the parameters of ``_TAKE``. Runs in the caller's transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def look_steadily(pk: int) -> tuple[bool, int]:
    """Whether the post is shut, and how many seats it has left; neither changes until the transaction ends.

    A lock that is shared: whoever goes to the end of the line waits for nobody else who does. Raises ``NotFound``: the
    day was taken from the plan.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT is_open, capacity - taken FROM volunteers_post WHERE id = %s FOR SHARE", [pk])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return row[0], row[1]


def held_post(pk: int) -> Post:
    """The post, locked: before any of its sign-ups."""
    rows = Post.objects.select_related("slot__activity").select_for_update(of=("self",), no_key=True)
    found: Post = rows.get(pk=pk)
    return found


def free(post: Post, seats: int, *, but: int | None = None) -> None:
    """Give ``seats`` of the **locked** ``post`` back, and at once to whoever waits for them, ``but`` not to the sign-up
    of that key, which has just let them go."""
    Post.objects.filter(pk=post.pk).update(taken=F("taken") - seats)
    post.refresh_from_db(fields=["taken", "capacity", "is_open"])
    offer(post, but=but)


def offer(post: Post, *, but: int | None = None) -> list[SignUp]:
    """Seats of the **locked** ``post`` that nobody has are kept for the first in the line who fit in.

    When there is no time left to ask and wait, they simply have them: else whoever comes by would be faster.
    """
    if not post.is_open or post.left <= 0 or post.slot.starts <= timezone.now():
        return []
    until = answer_until(post.slot.starts)
    given = []
    line = SignUp.objects.in_line().filter(post=post).exclude(pk=but or 0).select_related("person")
    if until is None:
        # Somebody who once did not answer is not sent where they may no longer want to go.
        silent = SignUpEvent.objects.filter(signup=OuterRef("pk"), verb=SignUpVerb.LAPSE)
        line = line.exclude(Exists(silent))
    for one in line.select_for_update(of=("self",), no_key=True):
        one.post = post
        if one.seats > post.left or not _still_fits(one):
            continue
        Post.objects.filter(pk=post.pk).update(taken=F("taken") + one.seats)
        post.taken += one.seats
        _give(one, until)
        given.append(one)
        if post.left <= 0:
            break
    return given


def _give(one: SignUp, until: datetime | None) -> None:
    """Kept for them ``until`` they answer; None: theirs."""
    starts = one.post.slot.starts
    if until is None:
        one.move_to(SignUpVerb.FILL, actor=None)
        tell_person(one, messages.SeatFilled, by_day=False)
        return
    one.move_to(SignUpVerb.OFFER, actor=None, changes={"answer_by": until})
    plan_answer(one, one.post.slot.activity)
    tell_person(one, messages.SeatOffered, by_day=_by_day(starts))


def _still_fits(one: SignUp) -> bool:
    """Whether what was on record when they signed up still is."""
    try:
        require_post_fit(one.post, one.person)
    except RuleBroken:
        return False
    return True


def _by_day(starts: datetime) -> bool:
    """Whether the word of a seat may wait for the morning."""
    return starts - timezone.now() > timedelta(days=1)


def answer_until(starts: datetime) -> datetime | None:
    """Until when a seat that is offered now is kept, counted from when they hear of it; None: it is too near."""
    last = starts - LAST_OFFER
    heard = by_daylight() if _by_day(starts) else timezone.now()
    until = min(heard + ANSWER_WITHIN, last)
    return until if until - heard >= LEAST_TIME else None


def place_in_line(signup: SignUp) -> int:
    """候补第几位: 1 is next. 0 for whoever does not wait."""
    if signup.state != SignUpState.WAITING:
        return 0
    earlier = Q(queued_at__lt=signup.queued_at) | Q(queued_at=signup.queued_at, pk__lt=signup.pk)
    return SignUp.objects.filter(earlier, post=signup.post_id, state=SignUpState.WAITING).count() + 1
