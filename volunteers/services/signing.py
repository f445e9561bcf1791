"""我要报名: seats, or a place in the line; confirmed, cancelled, let go.

Locks: the post, then the sign-up (docs/locking.md).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import moment
from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.privacy import encrypt
from alliance.lib.text import clean
from people.models import User
from volunteers.messages import activities as messages
from volunteers.models import Activity, Post, SignUp
from volunteers.permissions.activities import signup_abilities
from volunteers.services import seats
from volunteers.services.dues import drop_answer
from volunteers.services.party import Party, check_party, require_post_fit
from volunteers.services.telling import tell_person
from volunteers.states import BUSY, ActivityState, Appeal, SignUpState, SignUpVerb

ELSEWHERE = _("这位居民这个时间已经报了名。要换，请先取消那一个。")
TURNS = 5
"""How often a seat may come free just while somebody goes to the end of the line."""


def sign_up(*, post: int, by: User, client_key: UUID, party: Party | None = None) -> SignUp:
    """Seats for the whole ``party``, or, where there are not enough, a place in the line; a second tap with the same
    ``client_key`` finds the first.

    Raises ``NotFound``, ``Invalid`` by field (nobody, too many, a child without a guardian, too young), ``RuleBroken``
    (not open, too late, a paper or an insurance is missing), ``Conflict`` (one has something else at that time; the key
    was used for something else).
    """
    return join(post=post, by=by, person=by, client_key=client_key, wanted=party or Party())


def join(*, post: int, by: User, person: User, client_key: UUID, wanted: Party) -> SignUp:
    """``by`` enters ``person``, mostly themselves; who may enter another has been asked (``behalf``). Of another the
    name is kept until the day is over, whatever kind of activity it is.

    Raises as ``sign_up``.
    """
    first = _already(client_key, by, person, post)
    if first is not None:
        return first
    row = Post.objects.select_related("slot__activity").filter(pk=post).first()
    if row is None or not Activity.objects.visible_to(by).filter(pk=row.slot.activity_id).exists():
        raise NotFound
    require_open(row)
    check_party(row, wanted if by.pk == person.pk else replace(wanted, real_name=""), person)
    require_post_fit(row, person)
    for _turn in range(TURNS):
        made = _once(row, by, person, client_key, wanted)
        first = made or _already(client_key, by, person, post)
        if first is not None:
            return first
    raise Conflict


def _once(row: Post, by: User, person: User, key: UUID, wanted: Party) -> SignUp | None:
    """The sign-up, made now; None: the key has one by now, or a seat came free in between."""
    try:
        with transaction.atomic():
            made = _seat_or_wait(row, by, person, key, wanted)
    except IntegrityError as error:
        if constraint_of(error) == "coming_client_key_once" or SignUp.objects.filter(client_key=key).exists():
            return None
        if constraint_of(error) == "coming_one_place_at_a_time":
            raise Conflict(clash(person, row) if by.pk == person.pk else ELSEWHERE) from error
        raise
    if made is not None:
        made.just_made = True
    return made


def _already(key: UUID, by: User, person: User, post: int) -> SignUp | None:
    rows = SignUp.objects.filter(client_key=key).select_related("post__slot__activity", "person")
    row: SignUp | None = rows.first()
    if row is not None and (row.by_id, row.person_id, row.post_id) != (by.pk, person.pk, post):
        raise Conflict(_("这次报名已经提交过了。要再报，请重新打开页面。"))
    return row


def require_open(post: Post) -> None:
    """Raises ``RuleBroken`` with why one cannot sign up."""
    slot = post.slot
    if slot.called_off_at is not None or slot.activity.state == ActivityState.CALLED_OFF or not post.is_open:
        raise RuleBroken(_("这一场取消了，不能报名。"))
    if slot.activity.state != ActivityState.PUBLISHED:
        raise RuleBroken(_("这个活动现在不能报名。"))
    if slot.starts <= timezone.now():
        raise RuleBroken(_("活动已经开始了，不能再报名。"))
    if slot.closes_at <= timezone.now():
        raise RuleBroken(_("报名截止了。想去请打电话问：%(phone)s") % {"phone": slot.activity.phone})


def _seat_or_wait(post: Post, by: User, person: User, key: UUID, wanted: Party) -> SignUp | None:
    values = {
        "post": post.pk,
        "person": person.pk,
        "by": by.pk,
        "key": str(key),
        "seats": wanted.seats,
        "myself": wanted.myself,
        "companions": wanted.companions,
        "children": len(wanted.ages),
        "ages": list(wanted.ages),
        "guardian_ok": wanted.guardian_ok,
        "real_name": encrypt(clean(wanted.real_name)) if wanted.real_name else None,
    }
    pk = seats.take(values)
    if pk is None:
        if SignUp.objects.filter(client_key=key).exists():
            return None
        shut, left = seats.look_steadily(post.pk)
        require_open(Post.objects.select_related("slot__activity").get(pk=post.pk))
        if left >= wanted.seats or shut:
            return None  # somebody has left in between
        pk = _wait(post, by, person, key, wanted)
    made: SignUp = SignUp.objects.select_related("post__slot__activity", "person").get(pk=pk)
    own = by.pk == person.pk
    if made.state == SignUpState.CONFIRMED:
        tell_person(made, messages.SignedUp if own else messages.SignedUpForYou)
    else:
        tell_person(made, messages.OnTheList if own else messages.OnTheListForYou)
    return made


def _wait(post: Post, by: User, person: User, key: UUID, wanted: Party) -> int:
    slot = post.slot
    row = SignUp(post=post, person=person, by=by, client_key=key, street_code=slot.activity.street_code)
    row.during = (slot.starts, slot.ends)
    row.myself, row.companions, row.children = wanted.myself, wanted.companions, len(wanted.ages)
    row.ages, row.guardian_ok = list(wanted.ages), wanted.guardian_ok
    row.real_name = clean(wanted.real_name) or None
    row.state, row.queued_at = SignUpState.WAITING, timezone.now()
    row.save(force_insert=True)
    row.write_event(verb=SignUpVerb.QUEUE, actor=by, source="", target=row.state, note="")
    return row.pk


def clash(by: User, post: Post) -> Any:
    """What ``by`` has at that time, in a sentence."""
    during = (post.slot.starts, post.slot.ends)
    rows = SignUp.objects.filter(person=by, during__overlap=during, state__in=BUSY)
    other = rows.select_related("post__slot__activity").order_by("pk").first()
    if other is None:
        return Conflict.default
    slot = other.post.slot
    if slot.pk == post.slot_id:
        return _("这一场您已经报过了，在“我的活动”里看。")
    said = {"name": slot.activity.title, "when": moment(slot.starts)}
    return _("这个时间您已经报了“%(name)s”（%(when)s）。要换，请先取消那一个。") % said


def hold(pk: int, by: User, verb: str, version: int | None) -> SignUp:
    """The post, then its sign-up, locked and open to ``verb``. Raises ``NotFound``, ``Conflict``, ``RuleBroken``,
    ``NotAllowed``."""
    row = hold_rows(pk, by)
    row.require_version(version)
    require_step(row, by, verb)
    return row


def hold_rows(pk: int, by: User) -> SignUp:
    """The post, then its sign-up, locked, whatever they are open to. Raises ``NotFound``."""
    seen = SignUp.objects.visible_to(by).filter(pk=pk).values_list("post_id", flat=True).first()
    if seen is None:
        raise NotFound
    post = seats.held_post(seen)
    row: SignUp = SignUp.objects.select_related("person").locked(pk)
    row.post = post
    return row


def require_step(row: SignUp, by: User, verb: str) -> None:
    """Raises ``RuleBroken`` or ``NotAllowed`` unless the locked ``row`` is open to ``verb`` of ``by``."""
    if row.workflow.find(row.state, verb) is None:
        raise RuleBroken(_("这次报名现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    if verb not in signup_abilities(by, row):
        raise NotAllowed


@transaction.atomic
def cancel(*, pk: int, by: User, version: int | None = None) -> SignUp:
    """取消报名, until it begins: the seats go to the line at once. Raises as ``hold``; ``RuleBroken`` when it is too
    late."""
    row = hold(pk, by, SignUpVerb.CANCEL, version)
    if too_late(row):
        raise RuleBroken(_("活动已经开始了，不能取消。来不了请打电话给主办人。"))
    _end(row, SignUpVerb.CANCEL, by)
    return row


def too_late(row: SignUp) -> bool:
    """Whether it has begun, so that nobody cancels any more."""
    return bool(row.post.slot.starts <= timezone.now())


def _end(row: SignUp, verb: str, by: User | None) -> None:
    seated = row.state in (SignUpState.OFFERED, SignUpState.CONFIRMED)
    row.move_to(verb, actor=by, changes={"ended_at": timezone.now(), "answer_by": None, "real_name": None})
    drop_answer(row)
    if seated:
        seats.free(row.post, row.seats)


@transaction.atomic
def accept(*, pk: int, by: User, version: int | None = None) -> SignUp:
    """确认参加: the seat that was offered is one's own. Raises as ``hold``; ``RuleBroken`` when the time is over, or a
    paper or an insurance has ended since."""
    row = hold(pk, by, SignUpVerb.ACCEPT, version)
    if row.answer_by is None or row.answer_by <= timezone.now():
        raise RuleBroken(_("确认的时间过了，您排到最后了。有名额再告诉您。"))
    require_post_fit(row.post, row.person)
    row.move_to(SignUpVerb.ACCEPT, actor=by, changes={"answer_by": None})
    drop_answer(row)
    tell_person(row, messages.SignedUp)
    return row


def lapse(row: SignUp) -> None:
    """Nobody confirmed in time: the next one is asked, and whoever let it go stands last. Once it has begun they wait
    no longer. ``row`` and its post are locked."""
    if row.post.slot.starts <= timezone.now():
        close(row)
        return
    # The due is not dropped: it is the one that runs, and must not cancel itself.
    row.move_to(SignUpVerb.LAPSE, actor=None, changes={"queued_at": timezone.now(), "answer_by": None})
    seats.free(row.post, row.seats, but=row.pk)
    tell_person(row, messages.SeatLapsed)


def close(row: SignUp) -> None:
    """It begins and nobody left: ``row`` (locked) waits no longer."""
    _end(row, SignUpVerb.CLOSE, None)
    tell_person(row, messages.NotReached)


@transaction.atomic
def cancel_all_of(user: User) -> int:
    """Whoever goes leaves their seats to others, and neither names nor words. Returns how many were let go."""
    rows = SignUp.objects.live().filter(person=user).order_by("post_id", "pk").values_list("pk", "post_id")
    found = list(rows)
    for pk, post in found:
        held = seats.held_post(post)
        row: SignUp = SignUp.objects.select_related("person").locked(pk)
        row.post = held
        _end(row, SignUpVerb.CANCEL, user)
    said = Q(real_name__isnull=False) | ~Q(appeal=Appeal.NONE)
    kept = SignUp.objects.filter(said, person=user).order_by("pk")
    keys = list(kept.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    SignUp.objects.filter(pk__in=keys).update(real_name=None, appeal_words="")
    return len(found)
