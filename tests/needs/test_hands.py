"""Whoever has left hears of nothing any more: those who could take it do, and in the end their superiors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from tests.cast import fresh, say_need

if TYPE_CHECKING:
    from needs.models import Need
    from people.models import User
    from tests.cast import Cast


@pytest.fixture
def need(cast: Cast) -> Need:
    """In the hands of the community's worker."""
    from needs.services.handling import accept_need

    return accept_need(pk=say_need(cast.chengxiang.home).pk, by=fresh(cast.chengxiang.worker))


def loses_the_role(person: User) -> None:
    from people.models import RoleGrant

    yesterday = timezone.localdate() - timedelta(days=1)
    RoleGrant.objects.filter(user=person).update(starts_on=yesterday, ends_on=timezone.localdate())


def is_switched_off(person: User) -> None:
    from people.models import User

    User.objects.filter(pk=person.pk).update(is_active=False)


def told_by_urging(need: Need) -> set[str]:
    from needs.services.following import urge
    from notifications.models import Message

    urge(token=need.link_token)
    return set(Message.objects.filter(rule="needs.NeedUrged").values_list("recipient_key", flat=True))


def told_by_chasing() -> set[str]:
    """Who gets the reminders meant for whoever has it in hand."""
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    past = timezone.now() - timedelta(minutes=1)
    Due.objects.undone().filter(kind="deadlines.chase", params__offset=-1).update(due_at=past)
    sweep_all()
    rows = Message.objects.filter(rule="needs.ReplySoon", channel="inapp")
    return set(rows.values_list("recipient_key", flat=True))


def test_while_the_holder_is_there_only_they_are_told(cast: Cast, need: Need) -> None:
    assert told_by_urging(need) == {f"u:{cast.chengxiang.worker.pk}"} == told_by_chasing()


@pytest.mark.parametrize("goes", [loses_the_role, is_switched_off])
def test_after_that_those_who_could_take_it(cast: Cast, need: Need, goes: Callable[[User], None]) -> None:
    here = cast.chengxiang
    goes(here.worker)
    assert told_by_urging(need) == {f"u:{here.secretary.pk}"} == told_by_chasing()


def test_a_role_elsewhere_is_not_enough(cast: Cast, need: Need) -> None:
    from people.models import RoleGrant

    here = cast.chengxiang
    RoleGrant.objects.filter(user=here.worker).update(area=here.next_door)
    assert told_by_urging(need) == {f"u:{here.secretary.pk}"} == told_by_chasing()


def test_where_the_place_has_nobody_the_superiors(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    for person in (here.worker, here.secretary, here.clerk, here.party_office):
        loses_the_role(person)
    assert told_by_urging(need) == {f"u:{here.section_head.pk}"} == told_by_chasing()


def test_nobody_is_claimed_to_have_been_told(cast: Cast, need: Need) -> None:
    from needs.services.following import may_urge, urge

    here = cast.chengxiang
    for person in (here.worker, here.secretary, here.clerk, here.party_office, here.section_head):
        loses_the_role(person)
    with pytest.raises(RuleBroken, match="请直接打电话"):
        urge(token=need.link_token)
    need.refresh_from_db()
    assert may_urge(need) and not need.events.filter(verb="urge").exists()


def test_a_batch_of_reminders_asks_for_a_person_s_roles_once(cast: Cast, need: Need) -> None:
    from deadlines.models import Due
    from deadlines.services.chasing import foresee
    from needs.services.handling import accept_need

    for _ in range(5):
        accept_need(pk=say_need(cast.chengxiang.home).pk, by=fresh(cast.chengxiang.worker))
    dues = list(Due.objects.undone().filter(kind="deadlines.chase", params__offset=-1))
    with CaptureQueriesContext(connection) as asked:
        assert len(foresee(dues)) == 6
    assert sum("people_rolegrant" in query["sql"] for query in asked) == 1
