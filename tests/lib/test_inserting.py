"""What is new goes in, what is there stays, and the answer tells the two apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from alliance.lib.inserting import BATCH, insert_new
from deadlines.models import Due
from notifications.models import Message
from notifications.states import Channel, State


def _due(key: str, **changes: Any) -> Due:
    moment = timezone.now() + timedelta(days=1)
    return Due(**{"kind": "test.kind", "subject": "thing:1", "key": key, "due_at": moment, **changes})


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


@pytest.mark.django_db
def test_rows_stand_as_bulk_create_writes_them() -> None:
    now = timezone.now()
    rows = [
        _due("one", params={"offset": 0, "名": "字"}, label="XQ-1", created_at=now, leased_until=now),
        _due("two", created_at=now),
    ]
    made = insert_new(rows)
    stored = {row.pk: row for row in Due.objects.all()}
    assert [_values(stored[pk]) for (pk,) in made] == [_values(row) for row in rows]


@pytest.mark.django_db
def test_what_a_unique_key_has_already_is_left_as_it_is() -> None:
    insert_new([_due("one", label="first")])
    assert insert_new([_due("one", label="second"), _due("two"), _due("two")], returning=("key", "label")) == [
        ("two", "")
    ]
    assert Due.objects.get(key="one").label == "first"
    assert insert_new([]) == []


@pytest.mark.django_db
def test_more_than_a_batch() -> None:
    made = insert_new([_due(f"k{n}") for n in range(BATCH + 3)])
    assert len(made) == len({pk for (pk,) in made}) == Due.objects.count() == BATCH + 3


@pytest.mark.django_db
def test_what_is_encrypted_comes_back_as_text() -> None:
    now = timezone.now()
    sms: dict[str, Any] = {"channel": Channel.SMS, "state": State.WAITING, "address": "13812345678", "text": "您好"}
    row = Message(rule="r", occurrence="1", recipient_key="u:1", expires_at=now, **sms)
    assert insert_new([row], returning=("channel", "state")) == [("sms", "waiting")]
    stored = Message.objects.get()
    assert (stored.address, stored.text, stored.secrets, stored.key) == ("13812345678", "您好", None, row.key)
    raw = Message.objects.extra(select={"raw": "address"}).values_list("raw", flat=True).get()
    assert raw and "138" not in raw


@pytest.mark.django_db
def test_moments_may_be_the_databases() -> None:
    insert_new([_due("now", due_at=Now()), _due("later", due_at=Now() + timedelta(days=3)), _due("said")])
    stored = {row.key: row.due_at for row in Due.objects.all()}
    assert stored["later"] - stored["now"] == timedelta(days=3)
    assert [row.key for row in Due.objects.due()] == ["now"]
