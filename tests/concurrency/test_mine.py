"""An older need is put among one's own while the account is being deleted: nothing stays behind with nobody's name."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from needs.models import Need
from needs.services import mine
from people.models import Consent, User
from people.services.residents import erase_account
from tests.cast import Cast, at_once, resident, say_need

IP = "203.0.113.7"


def _older_need(cast: Cast) -> tuple[User, Need]:
    """A need said before its phone was the account's."""
    need = say_need(cast.chengxiang.home)
    user = resident(need.contact_phone)
    before = timezone.now() - timedelta(days=200)
    Need.objects.filter(pk=need.pk).update(created_at=before)
    Consent.objects.filter(source=need.number).update(given_at=before)
    return user, need


def _erase(user: User) -> None:
    def work() -> None:
        try:
            erase_account(user=user)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_nothing_is_added_to_an_account_that_was_deleted_meanwhile(
    cast: Cast, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, need = _older_need(cast)
    find = mine.find_by_code

    def found_and_deleted_meanwhile(**asked: Any) -> Need:
        found = find(**asked)
        _erase(User.objects.get(pk=user.pk))
        return found

    monkeypatch.setattr(mine, "find_by_code", found_and_deleted_meanwhile)
    if not locked:
        monkeypatch.setattr(mine, "User", SimpleNamespace(objects=SimpleNamespace(locked=lambda pk: user)))
    refused = False
    try:
        mine.add_said(user=user, number=need.number, code=need.tracking_code, ip=IP)
    except NotAllowed:
        refused = True
    need.refresh_from_db()
    # Without the lock a need is left in the hands of a closed account, which nobody will ever hide.
    assert (refused, need.resident_id is None) == (locked, locked)


def test_added_and_deleted_at_once_it_is_hidden_or_was_never_added(cast: Cast) -> None:
    for _round in range(6):
        user, need = _older_need(cast)
        acts = (
            lambda user=user, need=need: mine.add_said(
                user=User.objects.get(pk=user.pk), number=need.number, code=need.tracking_code, ip=IP
            ),
            lambda user=user: erase_account(user=User.objects.get(pk=user.pk)),
        )
        results = at_once(lambda number, acts=acts: acts[number](), 2)
        assert not isinstance(results[1], Exception), results
        need.refresh_from_db()
        added = not isinstance(results[0], Exception)
        assert added or isinstance(results[0], NotAllowed)
        assert (need.resident_id == user.pk, need.erase_on_end) == (added, added)
