"""One person's messages are found by their key, however many others there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from tests.cast import resident

OTHERS = 30_000
INDEX = "message_of_recipient"


@pytest.fixture
def crowd(as_owner: Any) -> Any:
    """Thirty thousand messages to others; the cursor may change the schema."""
    as_owner.execute(
        "INSERT INTO notifications_message (rule, occurrence, recipient_key, channel, key, area_code, subject_label,"
        " url, params, title, body, state, attempts, last_error, provider_id, not_before, expires_at, created_at,"
        " sent_at) SELECT 'needs.NeedReplied', 'x' || n, 'p:' || rpad(md5(n::text), 43, 'a'),"
        " CASE WHEN n %% 2 = 0 THEN 'sms' ELSE 'inapp' END, gen_random_uuid(), '330109001048', 'XQ', '', '{}', '', '',"
        " 'sent', 1, '', '', now(), now(), now() - n * interval '1 minute', now() FROM generate_series(1, %s) n",
        [OTHERS],
    )
    as_owner.execute("ANALYZE notifications_message")
    return as_owner


def asked() -> dict[str, QuerySet[Any]]:
    from notifications.models import Message
    from notifications.services.own_data import sent_to

    me = resident("13811110000")
    mine = Message.objects.filter(sent_to(me))
    return {
        "own data": mine.order_by("-created_at", "-id")[:1000],
        "erasing": mine,
        "inbox": Message.objects.inbox_of(me).order_by("-created_at", "-id")[:20],
    }


def test_every_question_about_one_person_goes_by_the_key(crowd: Any) -> None:
    for name, rows in asked().items():
        assert INDEX in rows.explain(), name


def test_without_the_index_all_rows_are_read(crowd: Any) -> None:
    """The control."""
    crowd.execute(f"DROP INDEX {INDEX}")
    assert "Seq Scan" in asked()["erasing"].explain()
