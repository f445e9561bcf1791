"""The page behind a card's link: one question, one answer, nothing about anybody, nobody signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deadlines.worktime import LOCAL
from notifications.models import CardLink
from notifications.services import make_card, revoke_cards
from tests.notifications.asking import KIND, NO, YES, Owner
from tests.notifications.conftest import PHONE

pytestmark = pytest.mark.django_db
SUBJECT = "XQ-CX-20261121-0007"


@pytest.fixture(autouse=True)
def owner() -> Iterator[type[Owner]]:
    Owner.reset()
    yield Owner
    Owner.reset()


def _make() -> tuple[CardLink, str]:
    return make_card(
        kind=KIND.name, subject=SUBJECT, recipient=PHONE, label="城厢中医院 党办", params={"line": "周六上午"}
    )


def _path(token: str) -> str:
    return f"/c/{token}/"


def test_the_page_says_for_whom_it_is_and_takes_one_answer(client: Client) -> None:
    _card, token = _make()
    page = client.get(_path(token))
    text = page.content.decode()
    assert "给城厢中医院 党办" in text and "周六上午" in text
    assert PHONE not in text
    assert page["Cache-Control"].startswith("max-age=0") and "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Referrer-Policy"] == "same-origin", "no other site learns the address"
    assert client.post(_path(token), {"answer": YES, "note": "找王五"}).status_code == 302
    text = client.get(_path(token)).content.decode()
    assert "已经回复：已读" in text
    assert "王五" not in text, "the link may have been forwarded"
    assert 'name="answer"' not in text
    assert "sessionid" not in client.cookies, "nobody is signed in by a link"


def test_looking_changes_nothing_whoever_looks(client: Client) -> None:
    _card, token = _make()
    before = CardLink.objects.values().get()
    for method in (client.get, client.head):
        for address in (_path(token), f"{_path(token)}?answer=yes"):
            assert method(address).status_code == 200
    assert CardLink.objects.values().get() == before
    assert client.put(_path(token)).status_code == 405


def test_a_second_different_answer_is_told_which_one_counts(client: Client) -> None:
    _card, token = _make()
    client.post(_path(token), {"answer": YES})
    assert client.post(_path(token), {"answer": YES}).status_code == 302, "a second tap"
    page = client.post(_path(token), {"answer": NO})
    assert page.status_code == 409
    assert "以这一次为准" in page.content.decode()


def test_a_refused_answer_keeps_what_was_typed(client: Client, owner: type[Owner]) -> None:
    _card, token = _make()
    page = client.post(_path(token), {"note": "我写的话"})
    assert page.status_code == 422
    assert "请选一项" in page.content.decode() and "我写的话" in page.content.decode()
    owner.refuses = "刚刚有人接了"
    page = client.post(_path(token), {"answer": YES, "note": "我写的话"})
    assert page.status_code == 409
    assert "刚刚有人接了" in page.content.decode() and "我写的话" in page.content.decode()


def test_a_card_says_until_when_it_may_be_answered(client: Client, owner: type[Owner]) -> None:
    card, token = _make()
    CardLink.objects.filter(pk=card.pk).update(expires_at=datetime(2030, 12, 7, 10, 30, tzinfo=LOCAL))
    assert "12月7日 10:30以前都可以回复" in client.get(_path(token)).content.decode()
    client.post(_path(token), {"answer": YES})
    assert "以前都可以回复" not in client.get(_path(token)).content.decode()


def test_expired_and_closed_cards_say_what_to_do(client: Client, owner: type[Owner]) -> None:
    _card, token = _make()
    owner.closed = "已经有人来帮了，谢谢您。"
    assert "谢谢您" in client.get(_path(token)).content.decode()
    owner.closed = ""
    CardLink.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    text = client.get(_path(token)).content.decode()
    assert "这个链接过期了" in text and 'name="answer"' not in text
    assert client.post(_path(token), {"answer": YES}).status_code == 409


def test_unknown_and_revoked_cards_show_the_same_page(client: Client) -> None:
    _card, token = _make()
    revoke_cards(kind=KIND.name, subject=SUBJECT)
    pages = [client.get(_path(gone)) for gone in (token, "never-made")]
    pages += [client.post(_path(gone), {"answer": YES}) for gone in (token, "never-made")]
    assert {page.status_code for page in pages} == {404}
    assert all("这个链接不能用了" in page.content.decode() for page in pages)
    assert all("noindex" in page["X-Robots-Tag"] for page in pages)


def test_an_answer_from_another_site_is_refused() -> None:
    card, token = _make()
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(_path(token), {"answer": YES}).status_code == 403
    card.refresh_from_db()
    assert card.answered_at is None
