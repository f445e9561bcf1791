"""Numbers without gaps, limits that hold, administrators apart: from eight threads at once, each beside a control."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction

from alliance.lib.errors import DomainError, Invalid, TooMany
from people.models import NumberSequence, RateBucket, RoleGrant
from people.services.accounts import grant_role
from people.services.limits import peek, take
from people.services.numbers import next_number
from people.states import ADMIN_ROLES, Role
from tests.cast import Cast, at_once

THREADS = 8
DAY = date(2026, 11, 21)


class Undone(Exception):
    """Ends a transaction without its work."""


def _number(cast: Cast, *, keep: bool) -> str:
    with transaction.atomic():
        number = next_number("XQ", cast.chengxiang.street, DAY)
        if not keep:
            raise Undone
    return number


def test_numbers_have_neither_gaps_nor_doubles_though_every_third_is_rolled_back(cast: Cast) -> None:
    def work(thread: int) -> list[str]:
        given = []
        for turn in range(12):
            try:
                given.append(_number(cast, keep=(thread + turn) % 3 != 0))
            except Undone:
                continue
        return given

    given = [number for numbers in at_once(work, THREADS) for number in numbers]
    assert len(given) > THREADS * 6
    assert sorted(given) == [f"XQ-CX-20261121-{place:04d}" for place in range(1, len(given) + 1)]


def test_control_a_naive_sequence_gives_a_number_twice(cast: Cast) -> None:
    NumberSequence.objects.create(scope="naive", value=0)

    def work(_thread: int) -> list[int]:
        given = []
        for _turn in range(12):
            value = NumberSequence.objects.get(pk="naive").value + 1
            NumberSequence.objects.filter(pk="naive").update(value=value)
            given.append(value)
        return given

    given = [number for numbers in at_once(work, THREADS) for number in numbers]
    assert len(set(given)) < len(given)


def test_a_number_is_given_only_inside_a_transaction(cast: Cast) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        next_number("XQ", cast.chengxiang.street, DAY)
    assert not NumberSequence.objects.exists()


def test_days_and_streets_count_apart_and_a_street_without_a_short_code_gets_none(cast: Cast) -> None:
    with transaction.atomic():
        assert next_number("XQ", cast.chengxiang.street, DAY) == "XQ-CX-20261121-0001"
        assert next_number("XQ", cast.xiasha.street, DAY) == "XQ-XS-20261121-0001"
        assert next_number("XQ", cast.chengxiang.street, date(2026, 11, 22)) == "XQ-CX-20261122-0001"
        assert next_number("XQ", cast.chengxiang.street, DAY) == "XQ-CX-20261121-0002"
        with pytest.raises(DomainError):
            next_number("XQ", cast.chengxiang.home, DAY)


def test_a_number_past_9999_grows_longer(cast: Cast) -> None:
    NumberSequence.objects.create(scope="XQ-CX-20261121", value=9999)
    with transaction.atomic():
        assert next_number("XQ", cast.chengxiang.street, DAY) == "XQ-CX-20261121-10000"


def test_exactly_as_many_pass_as_the_limit_says(cast: Cast) -> None:
    def work(_thread: int) -> int:
        passed = 0
        for _turn in range(10):
            try:
                take("say", "203.0.113.9", limit=25, seconds=86_400)
            except TooMany:
                continue
            passed += 1
        return passed

    assert sum(at_once(work, THREADS)) == 25
    assert peek("say", "203.0.113.9", seconds=86_400) == THREADS * 10


def test_control_a_limit_that_reads_then_writes_lets_more_pass(cast: Cast) -> None:
    RateBucket.objects.create(key="naive", count=0, expires_at="2099-01-01T00:00:00Z")

    def work(_thread: int) -> int:
        passed = 0
        for _turn in range(40):
            count = RateBucket.objects.get(pk="naive").count
            RateBucket.objects.filter(pk="naive").update(count=count + 1)
            passed += count < 25
        return passed

    assert sum(at_once(work, THREADS)) > 25


def test_of_two_administrators_roles_given_at_once_one_is_refused(cast: Cast) -> None:
    roles = sorted(ADMIN_ROLES)

    def work(thread: int) -> RoleGrant:
        return grant_role(user=cast.nobody, role=roles[thread % 3], area=cast.chengxiang.street, by=None)

    results = at_once(work, 6)
    won = [result for result in results if isinstance(result, RoleGrant)]
    assert len(won) == 1
    assert all(isinstance(result, Invalid) for result in results if result not in won)
    assert RoleGrant.objects.filter(user=cast.nobody).count() == 1


def test_even_without_the_service_the_database_lets_one_kind_through(cast: Cast) -> None:
    def work(thread: int) -> RoleGrant:
        role = (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)[thread % 2]
        return RoleGrant.objects.create(user=cast.nobody, role=role, area=cast.chengxiang.street)

    at_once(work, 2)
    assert RoleGrant.objects.filter(user=cast.nobody).values("role").distinct().count() == 1
    connection.close()
