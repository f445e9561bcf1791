"""Many messages at once are the same rows as one by one, in a few statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Message, MessageText
from notifications.services import queue, queue_many
from notifications.states import Part
from people.models import User
from tests.notifications.said import Arrived, Everywhere, RecordingSms

pytestmark = pytest.mark.django_db
COMPARED = ("rule", "occurrence", "recipient_key", "channel", "state", "title", "body", "own_text", "params", "address")


def _rows() -> list[tuple[Any, ...]]:
    return sorted(Message.objects.values_list(*COMPARED), key=str)


def test_many_at_once_are_the_rows_of_one_by_one(reader: User, neighbour: User, recording: type[RecordingSms]) -> None:
    MessageText.objects.create(rule=Arrived.rule, part=Part.TITLE, text="有一件事：%(number)s", changed_by=reader)
    letters = [(Arrived(f"XQ-{n}"), str(n), [reader, neighbour]) for n in range(3)] + [(Everywhere(), "9", [reader])]
    for message, occurrence, users in letters:
        queue(message, occurrence=occurrence, users=users)
    one_by_one = _rows()
    Message.objects.all().delete()
    assert queue_many(letters) == len(one_by_one) == 8
    assert _rows() == one_by_one
    assert {row[7] for row in one_by_one} == {True, False}


def test_what_is_there_already_is_not_added_again(reader: User, neighbour: User) -> None:
    queue(Arrived(), occurrence="1", users=[reader])
    assert queue_many([(Arrived(), "1", [reader, neighbour]), (Arrived(), "1", [reader])]) == 1
    assert queue_many([]) == 0


def test_the_number_of_statements_does_not_grow(reader: User) -> None:
    counts = []
    for start, count in ((0, 2), (100, 60)):
        with CaptureQueriesContext(connection) as seen:
            queue_many([(Arrived(f"XQ-{n}"), str(n), [reader]) for n in range(start, start + count)])
        counts.append(len(seen))
    assert counts[0] == counts[1]
