"""Two taps at once, two windows at once, an account deleted meanwhile: one volunteer, one place, one certificate."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from alliance.lib.errors import NotAllowed, RuleBroken
from people.models import User
from people.services.residents import erase_account
from tests.cast import Cast, at_once
from tests.volunteers.givers import person, register_as, registered, team_in, worked
from volunteers.defaults import load_defaults
from volunteers.models import Certificate, TeamMember, Volunteer
from volunteers.services import registering
from volunteers.services.belonging import join_team
from volunteers.services.certificates import issue_certificate

THREADS = 8


def test_many_windows_register_one_volunteer(cast: Cast) -> None:
    load_defaults()
    who = person()
    found = at_once(lambda _number: register_as(who, cast.chengxiang), THREADS)
    assert sum(isinstance(one, Volunteer) for one in found) == 1
    assert sum(isinstance(one, RuleBroken) for one in found) == THREADS - 1
    assert Volunteer.objects.count() == 1


def test_many_taps_find_the_first_of_everything(cast: Cast) -> None:
    load_defaults()
    here, who, key, today = cast.chengxiang, person(), uuid4(), timezone.localdate()
    rows = at_once(lambda _number: register_as(who, here, key=key).pk, THREADS)
    assert len(set(rows)) == 1
    team = team_in(here)
    places = at_once(lambda _number: join_team(pk=team.pk, by=who).pk, THREADS)
    assert len(set(places)) == 1 and TeamMember.objects.count() == 1
    worked(who, here)
    papers = at_once(
        lambda _number: issue_certificate(by=who, client_key=key, starts_on=today, ends_on=today).pk, THREADS
    )
    assert len(set(papers)) == 1 and Certificate.objects.count() == 1


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_nobody_is_registered_for_an_account_that_was_deleted_meanwhile(
    cast: Cast, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast.chengxiang)
    who = person()
    _delete(who)
    if not locked:
        fake = SimpleNamespace(objects=SimpleNamespace(locked=lambda pk: who))
        monkeypatch.setattr(registering, "User", fake)
        register_as(who, cast.chengxiang)
        assert Volunteer.objects.get(user_id=who.pk).name, "without the guard a name is left behind"
        return
    with pytest.raises(NotAllowed):
        register_as(who, cast.chengxiang)
    assert not Volunteer.objects.filter(user_id=who.pk).exists()


def _delete(who: User) -> None:
    """In another connection, as another window does it."""

    def work() -> None:
        try:
            erase_account(user=User.objects.get(pk=who.pk))
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()
    found: Any = User.objects.get(pk=who.pk)
    assert not found.is_active
