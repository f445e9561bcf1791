"""What a resident who signed in by phone finds of their own needs, takes along, and leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import NotAllowed, NotFound
from files import services as files
from files.models import Attachment
from needs.models import Need
from needs.querysets import NeedQuerySet
from needs.services.following import NOT_FOUND, find_by_code
from needs.services.retention import QUIET, hide_contacts
from needs.states import Audience
from needs.wording import where
from people.models import User
from people.models.accounts import REST
from people.services.phone_sign_in import asleep_account
from people.states import SignIn

SHOWN = 50


def my_needs(user: User) -> list[Need]:
    """The newest fifty needs said with the phone of ``user``."""
    mine = Need.objects.said_by(user).select_related("area__parent", "holder")
    return list(mine.order_by("-created_at", "-id")[:SHOWN])


def spoken_from(user: User) -> set[str]:
    """Codes of the areas for which somebody has said a need: where they are at home, as far as we know."""
    return set(Need.objects.said_by(user).order_by().values_list("area_id", flat=True).distinct())


def open_needs(user: User) -> list[Need]:
    """Those still being handled: the reason why a phone has to stay for a while."""
    mine = Need.objects.said_by(user)
    settled = mine.settled(timezone.now() - QUIET).values("pk")
    return list(mine.exclude(pk__in=settled).order_by("-created_at", "-id"))


def wake(*, phone: str, number: str, code: str, ip: str) -> User:
    """The account of ``phone`` (digits, proven a moment ago) that is asleep, for whoever also knows number and code of
    one of its needs.

    A need that the number's next owner could have said proves nothing. Everything else is answered as by
    ``find_by_code``: ``NotFound``, ``Invalid``, ``TooMany``; ``NotAllowed`` if the account was switched off.
    """
    user = asleep_account(phone)
    need = find_by_code(number=number, code=code, ip=ip)
    if user is None or not Need.objects.said_by(user).filter(pk=need.pk, created_at__lt=user.last_used + REST).exists():
        raise NotFound(NOT_FOUND)
    return user


def add_said(*, user: User, number: str, code: str, ip: str) -> Need:
    """Put an older need said with the phone of ``user`` among theirs: number and code prove it once.

    Raises ``NotAllowed`` (an account with a password, or one that was closed meanwhile), and as ``find_by_code``:
    ``NotFound`` also for a need said with another phone, ``Invalid``, ``TooMany``.
    """
    if user.sign_in != SignIn.PHONE:
        raise NotAllowed
    found = find_by_code(number=number, code=code, ip=ip)
    with transaction.atomic():
        owner: User = User.objects.locked(user.pk)  # whoever deletes the account locks it first as well
        if not owner.is_active:
            raise NotAllowed
        need: Need = Need.objects.locked(found.pk)
        if not owner.phone_index or need.phone_index != owner.phone_index:
            raise NotFound(NOT_FOUND)
        need.resident = owner
        need.save(update_fields=["resident"])
    return need


def added(user: User) -> list[str]:
    """Numbers of the needs that ``user`` added: what was agreed for them is theirs as well."""
    return list(Need.objects.said_by(user).filter(resident=user).values_list("number", flat=True))


@transaction.atomic
def forget_all(user: User) -> None:
    """Hide who said the ended needs of ``user`` at once; mark the open ones to be hidden when they end."""
    _forget(Need.objects.said_by(user))


@transaction.atomic
def forget_one(number: str) -> None:
    """As ``forget_all``, for the need ``number``: its consent was taken back. Does nothing if there is none."""
    _forget(Need.objects.filter(number=number))


def _forget(needs: NeedQuerySet) -> None:
    locked = list(needs.select_for_update(of=("self",), no_key=True).order_by("pk"))
    # Asked under the lock: an answer or a word that came in meanwhile is seen.
    over = set(Need.objects.filter(pk__in=[need.pk for need in locked]).settled(timezone.now() - QUIET))
    for need in locked:
        if need in over:
            hide_contacts([need])
        elif not need.erase_on_end:
            need.erase_on_end = True
            need.save(update_fields=["erase_on_end"])


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Everything said and answered, to take along, newest first, as plain values."""
    mine = (
        Need.objects.said_by(user)
        .select_related("area")
        .prefetch_related("events", "answers")
        .order_by("-created_at", "-id")
    )
    needs = list(mine)
    photos = _photos(needs)
    return {"needs": [_row(need, [name for name, _photo in photos.get(need.pk, ())]) for need in needs]}


def my_photos(user: User) -> Iterator[tuple[str, bytes]]:
    """The photos of one's needs to take along: name in the parcel, as ``my_data`` names it, and the file."""
    for photos in _photos(list(Need.objects.said_by(user))).values():
        for name, photo in photos:
            with suppress(NotFound):
                yield name, files.content(photo)


def _photos(needs: list[Need]) -> dict[int, list[tuple[str, Attachment]]]:
    """By need: its photos under the names they have in the parcel."""
    found = files.attachments_of("need", [str(need.pk) for need in needs])
    return {
        need.pk: [
            (f"{_('照片')}/{need.number}-{place}.jpg", photo)
            for place, photo in enumerate(found.get(str(need.pk), ()), start=1)
        ]
        for need in needs
    }


def _row(need: Need, photos: list[str]) -> dict[str, Any]:
    return {
        "number": need.number,
        "at": need.created_at.isoformat(),
        "state": need.get_state_display(),
        "area": need.area.name,
        "place": where(need),
        "words": need.words,
        "name": need.contact_name,
        "phone": need.contact_phone,
        "helped_name": need.helped_name,
        "helped_phone": need.helped_phone,
        "answers": [
            {
                "at": answer.at.isoformat(),
                "outcome": answer.get_outcome_display(),
                "satisfaction": answer.get_satisfaction_display(),
                "words": answer.words,
            }
            for answer in sorted(need.answers.all(), key=lambda answer: answer.round)
        ],
        "history": [
            {"at": event.at.isoformat(), "what": event.get_verb_display(), "words": event.words}
            for event in need.events.all()
            if event.audience == Audience.RESIDENT
        ],
        "photos": photos,
    }
