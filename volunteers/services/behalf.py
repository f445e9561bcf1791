"""代居民报名: for whoever rings or comes to the counter. What the person would do, said by the office at their word.

Locks: as ``signing`` (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, Text
from alliance.lib.text import clean
from people.models import User
from people.services.consents import current_notice, record_consent
from people.services.residents import NOTICE, prepare_account
from volunteers.models import Activity, Post, SignUp
from volunteers.permissions.activities import hands
from volunteers.services.party import FULL_NAME, Party
from volunteers.services.signing import accept, cancel, join
from volunteers.states import LIVE, ActivityState, Hand

SIGNUP, CHANNEL, SIGNED = "signup", "spoken", "paper"
"""The consent's source is ``signup:12``; it was told and agreed to in words, for children on a paper as well."""


def keeps(row: Activity, user: User) -> bool:
    """Whether ``user`` enters others: the office alone, whoever organises it."""
    return Hand.KEEPER in hands(user, row)


def open_posts(row: Activity) -> list[Post]:
    """What one may still sign up for, or wait for, the nearest first."""
    if row.state != ActivityState.PUBLISHED:
        return []
    rows = Post.objects.filter(slot__activity=row, is_open=True, slot__called_off_at=None)
    rows = rows.filter(slot__starts__gt=timezone.now()).select_related("slot").order_by("slot__starts", "pk")
    found = list(rows)
    for post in found:
        post.slot.activity = row
    return [post for post in found if post.slot.closes_at > timezone.now()]


def may_enrol(row: Activity, user: User) -> bool:
    """Whether the form stands on the activity's page."""
    return row.state == ActivityState.PUBLISHED and keeps(row, user) and bool(open_posts(row))


@transaction.atomic
def sign_up_for(
    *,
    post: int,
    by: User,
    phone: str,
    name: str,
    told: bool,
    client_key: UUID,
    companions: int = 0,
    ages: Sequence[int] = (),
    child_alone: bool = False,
    guardian_ok: bool = False,
) -> SignUp:
    """Enter whoever has ``phone``, with so many grown-ups beside, or put them in the line; a second tap finds the
    first.

    With children (``ages``) it is their guardian whose name and phone these are; ``child_alone``: who stays at home.
    ``guardian_ok``: they signed a paper, which is a consent of theirs beside the spoken one.

    Their account is found, or made with the name they said; that they were told and agreed is a consent of theirs, and
    whoever takes it back is signed up no more. The message goes to their phone. Raises ``NotFound``, ``NotAllowed``
    (nobody who keeps the place), ``Invalid`` (no mobile number, no name, not told) and as ``signing.sign_up``.
    """
    row = Post.objects.select_related("slot__activity").filter(pk=post).first()
    if row is None or not Activity.objects.visible_to(by).filter(pk=row.slot.activity_id).exists():
        raise NotFound
    activity = row.slot.activity
    if not keeps(activity, by):
        raise NotAllowed
    called = clean(name)
    _check(called, told)
    person = prepare_account(phone=phone, by=by, name=called)
    if person.pk == by.pk:
        raise Invalid({"phone": [_("这是您自己的手机号，请在公开页面报名。")]})
    wanted = Party(myself=not child_alone, companions=companions, ages=ages, guardian_ok=guardian_ok, real_name=called)
    made = join(post=post, by=by, person=person, client_key=client_key, wanted=wanted)
    if made.just_made:
        _record(made, (CHANNEL, SIGNED) if ages else (CHANNEL,))
    return made


def _record(made: SignUp, channels: Sequence[str]) -> None:
    notice, source, place = current_notice(NOTICE), f"{SIGNUP}:{made.pk}", made.post.slot.activity.area_id
    for channel in channels:
        key = f"u:{made.person_id}"
        record_consent(notice=notice, subject_key=key, source=source, channel=channel, area_code=place)


def _check(name: str, told: bool) -> None:
    errors: dict[str, list[Text]] = {}
    if not FULL_NAME[0] <= len(name) <= FULL_NAME[1]:
        errors["name"] = [_("请写姓名，2到30个字。")]
    if not told:
        errors["told"] = [_("请先把怎么用姓名和手机号告诉本人，同意了再打勾。")]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def answer_for(*, slot: int, pk: int, by: User, accepts: bool) -> SignUp:
    """确认参加 or 取消报名 at the word of somebody whom the office entered. Raises as ``accept`` and ``cancel``;
    ``NotFound`` (of another day)."""
    if not SignUp.objects.visible_to(by).filter(pk=pk, post__slot=slot).exists():
        raise NotFound
    return accept(pk=pk, by=by) if accepts else cancel(pk=pk, by=by)


def cancel_with_consent(*, source: str, by: User) -> None:
    """Whoever takes back what they had agreed to is signed up no more; what has begun stays as it was."""
    key = source.partition(":")[2]
    rows = SignUp.objects.filter(pk=key if key.isdecimal() else 0, state__in=LIVE)
    row = rows.filter(post__slot__starts__gt=timezone.now(), person=by).first()
    if row is not None:
        cancel(pk=row.pk, by=by)
