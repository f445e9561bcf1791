"""Statements planned once per connection: the same answers, kept over a rollback, made anew on a new connection."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.lib.prepared import Prepared

HALF = Prepared("test_half", "SELECT %(n)s / 2, %(word)s LIKE 'a%%', %(n)s", {"n": "integer", "word": "text"})


def known() -> int:
    """How many statements of this name the server has on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'test_half'")
        (number,) = cursor.fetchone()
    return int(number)


@pytest.mark.django_db
def test_values_are_values() -> None:
    assert HALF.row({"n": 9, "word": "ab"}) == (4, True, 9)
    assert HALF.row({"n": 2, "word": "'; DROP TABLE people_user; --"}) == (1, False, 2)


@pytest.mark.django_db(transaction=True)
def test_it_is_planned_once_and_one_statement_is_counted() -> None:
    connection.close()
    for _time in range(3):
        with CaptureQueriesContext(connection) as asked:
            HALF.row({"n": 1, "word": ""})
        assert len(asked) == 1
        assert known() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_taken_back_keeps_it_and_a_new_connection_makes_its_own() -> None:
    connection.close()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        HALF.row({"n": 1, "word": ""})
        raise ZeroDivisionError
    assert known() == 1
    assert HALF.row({"n": 4, "word": ""}) == (2, False, 4)
    connection.close()
    assert known() == 0
    assert HALF.row({"n": 4, "word": ""}) == (2, False, 4)
    assert known() == 1
