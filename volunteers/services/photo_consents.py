"""Whether one may be seen on pictures of a day: said when signing up or later, taken back at any time.

Locks: the sign-up, then its consent (docs/locking.md).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from people.models import User
from people.services.consents import current_notice, record_consent, withdraw_consents
from volunteers.models import PhotoConsent, SignUp, Volunteer
from volunteers.states import SignUpState

NOTICE, SOURCE, CHANNEL = "photos", "photos", "web"
"""The notice, and of the consent the source: ``photos:12``, the sign-up's key."""


@transaction.atomic
def agree_to_photos(*, pk: int, by: User, guardian: bool = False) -> PhotoConsent:
    """照片里可以有我; for whoever comes along as well. ``guardian``: for the children too, whose guardian ``by`` is.

    Again changes nothing but for whom. Raises ``NotFound``; ``NotAllowed`` for somebody else's; ``RuleBroken`` for what
    was cancelled; ``Invalid`` on ``guardian`` for the account of a child, whose guardian has to say so.
    """
    row = _own(pk, by)
    if row.state == SignUpState.CANCELLED:
        raise RuleBroken(_("这次报名取消了，不用选。"))
    if not guardian and is_child(row):
        raise Invalid({"guardian": [_("不满14岁，要监护人同意。")]})
    found, made = PhotoConsent.objects.get_or_create(signup=row, defaults={"guardian": guardian})
    held: PhotoConsent = PhotoConsent.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
    if not made and held.withdrawn_at is None and held.guardian == guardian:
        return held
    if not made:
        held.guardian, held.given_at, held.withdrawn_at = guardian, timezone.now(), None
        held.save(update_fields=["guardian", "given_at", "withdrawn_at"])
        withdraw_consents(source=_source(row.pk))
    place = row.post.slot.activity.area_id
    notice, key = current_notice(NOTICE), f"u:{by.pk}"
    record_consent(notice=notice, subject_key=key, source=_source(row.pk), channel=CHANNEL, area_code=place)
    return held


def agreed_when_signing_up(made: SignUp, by: User, *, guardian: bool) -> None:
    """What was ticked beside 我要报名, which stands whatever becomes of it; a child's own yes is none."""
    if made.just_made and (guardian or not is_child(made)):
        agree_to_photos(pk=made.pk, by=by, guardian=guardian)


@transaction.atomic
def refuse_photos(*, pk: int, by: User) -> None:
    """不同意了: every picture they are on is hidden at once; twice changes nothing. Raises as ``agree_to_photos``."""
    row = _own(pk, by)
    withdraw_consents(source=_source(row.pk))
    _end(PhotoConsent.objects.filter(signup=row))


def ended_with_consent(*, source: str) -> None:
    """The consent ``source`` was taken back where all of them stand."""
    key = source.partition(":")[2]
    _end(PhotoConsent.objects.filter(signup__pk=key if key.isdecimal() else 0))


def end_all_of(user: User) -> None:
    """Whoever goes agrees to nothing any more."""
    _end(PhotoConsent.objects.filter(signup__person=user))


def is_child(row: SignUp) -> bool:
    """Whether the person is below fourteen, as a volunteer whom a guardian registered."""
    return Volunteer.objects.filter(user=row.person_id, born__isnull=False).exists()


def _own(pk: int, by: User) -> SignUp:
    row: SignUp = SignUp.objects.visible_to(by).select_related("post__slot__activity").locked(pk)
    if row.person_id != by.pk:
        raise NotAllowed(_("只有本人能选。"))
    return row


def _source(pk: int) -> str:
    return f"{SOURCE}:{pk}"


def _end(rows: Any) -> None:
    rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
