"""What a resident who signed in by phone finds of their own needs, takes along, and leaves behind."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from alliance.lib.errors import NotFound
from needs.models import Need
from needs.querysets import NeedQuerySet
from needs.services.following import NOT_FOUND, find_by_code
from needs.services.retention import hide_contacts
from needs.states import Audience
from people.models import User
from people.models.accounts import REST
from people.services.phone_sign_in import asleep_account

SHOWN = 50


def my_needs(user: User) -> list[Need]:
    """The newest fifty needs said with the phone of ``user``."""
    mine = Need.objects.said_by(user).select_related("area", "holder")
    return list(mine.order_by("-created_at", "-id")[:SHOWN])


def open_needs(user: User) -> list[Need]:
    """Those still being handled: the reason why a phone has to stay for a while."""
    return list(Need.objects.said_by(user).filter(ended_at__isnull=True).order_by("-created_at", "-id"))


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


@transaction.atomic
def forget_all(user: User) -> None:
    """Hide who said the ended needs of ``user`` at once; mark the open ones to be hidden when they end."""
    _forget(Need.objects.said_by(user))


@transaction.atomic
def forget_one(number: str) -> None:
    """As ``forget_all``, for the need ``number``: its consent was taken back. Does nothing if there is none."""
    _forget(Need.objects.filter(number=number))


def _forget(needs: NeedQuerySet) -> None:
    for need in needs.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if need.ended_at is not None:
            hide_contacts([need])
        elif not need.erase_on_end:
            need.erase_on_end = True
            need.save(update_fields=["erase_on_end"])


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Everything said and answered, to take along, newest first, as plain values."""
    mine = Need.objects.said_by(user).select_related("area").prefetch_related("events").order_by("-created_at", "-id")
    return {"needs": [_row(need) for need in mine]}


def _row(need: Need) -> dict[str, Any]:
    return {
        "number": need.number,
        "at": need.created_at.isoformat(),
        "state": need.get_state_display(),
        "area": need.area.name,
        "place": " ".join(part for part in (need.place, need.spot) if part),
        "words": need.words,
        "name": need.contact_name,
        "phone": need.contact_phone,
        "helped_name": need.helped_name,
        "helped_phone": need.helped_phone,
        "history": [
            {"at": event.at.isoformat(), "what": event.get_verb_display(), "words": event.words}
            for event in need.events.all()
            if event.audience == Audience.RESIDENT
        ],
    }
