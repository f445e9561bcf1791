"""A card is answered once, by whoever holds its link, and tells nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken, TooMany
from alliance.lib.privacy import blind_index
from audit.models import AuditEntry
from audit.states import Action
from notifications.cards import CardKind, CardPage, register_card
from notifications.models import CardLink
from notifications.services import answer_card, card_url, make_card, purge_cards, revoke_cards, show_card
from notifications.services import cards as service
from people.models import User
from tests.cast import at_once
from tests.notifications.asking import KIND, NO, YES, Owner
from tests.notifications.conftest import PHONE

IP = "203.0.113.9"
THREADS = 8


@pytest.fixture(autouse=True)
def owner() -> Iterator[type[Owner]]:
    Owner.reset()
    yield Owner
    Owner.reset()


def _make(subject: str = "XQ-CX-20261121-0007", recipient: User | str = PHONE, **more: Any) -> tuple[CardLink, str]:
    given: dict[str, Any] = {"label": "城厢中医院 党办", "area_code": "330109001", "params": {"line": "周六上午"}}
    return make_card(kind=KIND.name, subject=subject, recipient=recipient, **{**given, **more})


def _answer(token: str, value: str = YES, **more: Any) -> tuple[service.Shown, bool]:
    return answer_card(token=token, value=value, ip=IP, **more)


def _path(token: str) -> str:
    return f"/c/{token}/"


@pytest.mark.django_db
def test_neither_the_token_nor_whom_it_is_for_can_be_read_in_the_table() -> None:
    card, token = _make()
    _answer(token, note="下午也行，找王五")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM notifications_cardlink c")
        stored = cursor.fetchone()[0]
    for secret in (token, PHONE, "城厢中医院", "王五"):
        assert secret not in stored
    assert card.token_index == blind_index("card", token)
    assert len(token) >= 32
    assert card_url(token) == f"https://tongxin.example/c/{token}/"


@pytest.mark.django_db
def test_the_first_answer_counts_and_the_second_sees_it(owner: type[Owner]) -> None:
    card, token = _make()
    shown, counts = _answer(token, YES, note=" 下午也行 ")
    assert (counts, shown.card.answer, shown.card.note) == (True, YES, "下午也行")
    shown, counts = _answer(token, NO)
    assert (counts, shown.card.answer) == (False, YES)
    assert owner.heard(card.subject) == 1
    (entry,) = AuditEntry.objects.filter(action=Action.CARD_ANSWERED)
    assert (entry.subject, entry.actor, entry.area_code) == (card.subject, None, "330109001")
    assert entry.params == {"kind": KIND.name, "answer": YES}


@pytest.mark.django_db
def test_what_the_owner_refuses_was_not_answered(owner: type[Owner]) -> None:
    card, token = _make()
    owner.refuses = "刚刚有人接了"
    with pytest.raises(RuleBroken, match="刚刚有人接了"):
        _answer(token)
    card.refresh_from_db()
    assert card.answered_at is None
    assert owner.heard(card.subject) == 0, "what the owner wrote went with it"
    owner.refuses = ""
    assert _answer(token)[1]


@pytest.mark.django_db
def test_expired_closed_and_wrong_answers_are_refused_in_words(owner: type[Owner]) -> None:
    card, token = _make()
    with pytest.raises(Invalid) as wrong:
        _answer(token, "maybe", note="字" * 301)
    assert set(wrong.value.fields) == {"answer", "note"}
    owner.closed = "已经有人来帮了，谢谢您。"
    with pytest.raises(RuleBroken, match="谢谢您"):
        _answer(token)
    owner.closed = ""
    CardLink.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert show_card(token=token, ip=IP).expired
    with pytest.raises(RuleBroken, match="过期"):
        _answer(token)
    assert owner.heard(card.subject) == 0


@pytest.mark.django_db
def test_unknown_and_revoked_links_are_answered_alike() -> None:
    _card, token = _make()
    assert revoke_cards(kind=KIND.name, subject="XQ-CX-20261121-0007") == 1
    for gone in (token, "never-made", token[:-1]):
        for call in (lambda gone=gone: show_card(token=gone, ip=IP), lambda gone=gone: _answer(gone)):
            with pytest.raises(NotFound):
                call()
    assert revoke_cards(kind=KIND.name, subject="XQ-CX-20261121-0007") == 0


@pytest.mark.django_db
def test_a_newer_link_takes_the_place_of_the_older_one(reader: User) -> None:
    _old, first = _make()
    _new, second = _make()
    _other, third = _make(recipient=reader)
    with pytest.raises(NotFound):
        show_card(token=first, ip=IP)
    assert _answer(second)[1]
    assert _answer(third)[1], "another recipient is asked apart"


@pytest.mark.django_db
def test_after_an_answer_a_new_question_leaves_the_old_answer_alone() -> None:
    _card, first = _make()
    _answer(first)
    _make()
    assert show_card(token=first, ip=IP).card.answer == YES


@pytest.mark.django_db
def test_guessing_is_stopped_and_a_right_link_may_be_opened_as_often_as_one_likes() -> None:
    _card, token = _make()
    for _time in range(service.MISSES + 5):
        show_card(token=token, ip=IP)
    for guess in range(service.MISSES):
        with pytest.raises(NotFound):
            show_card(token=f"guess{guess}", ip=IP)
    with pytest.raises(TooMany):
        show_card(token="one more", ip=IP)
    with pytest.raises(TooMany):
        _answer(token)
    assert show_card(token=token, ip="203.0.113.10").card.pk


@pytest.mark.django_db
def test_kinds_are_declared_once_and_rightly() -> None:
    def page(card: CardLink) -> CardPage:
        return CardPage("…")

    register_card(KIND)
    for wrong in ({"name": KIND.name}, {"name": "tests.none", "options": ()}, {"options": (("x" * 41, "…"),)}):
        given: dict[str, Any] = {"name": "tests.wrong", "label": "…", "options": (("a", "…"),), **wrong}
        with pytest.raises(TypeError):
            register_card(CardKind(page=page, answer=Owner.answer, **given))
    with pytest.raises(NotFound):
        make_card(kind="tests.unheard", subject="1", recipient=PHONE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"token_index": "short"},
        {"recipient_key": PHONE},
        {"answer": YES},
        {"answered_at": timezone.now()},
        {"answered_at": timezone.now(), "answer": YES, "revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=365)},
    ],
)
def test_the_table_refuses_what_cannot_be(change: dict[str, Any]) -> None:
    _make()
    with pytest.raises(IntegrityError), transaction.atomic():
        CardLink.objects.update(**change)


@pytest.mark.django_db
def test_cards_that_ended_long_ago_are_deleted_and_others_stay() -> None:
    _make("old")
    _make("new")
    long_ago = timezone.now() - service.KEPT - timedelta(days=1)
    CardLink.objects.filter(subject="old").update(created_at=long_ago - timedelta(days=1), expires_at=long_ago)
    assert purge_cards() == 1
    assert CardLink.objects.get().subject == "new"


# Eight at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_eight_answers_at_once_one_counts_and_the_others_see_it(owner: type[Owner]) -> None:
    card, token = _make()
    results = at_once(lambda number: _answer(token, YES if number % 2 else NO), THREADS)
    assert sum(counts for _shown, counts in results) == 1
    (kept,) = {shown.card.answer for shown, _counts in results}
    assert CardLink.objects.get().answer == kept
    assert owner.heard(card.subject) == 1
    assert AuditEntry.objects.filter(action=Action.CARD_ANSWERED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_several_answers_count(owner: type[Owner], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same service, reading the row without locking it."""
    monkeypatch.setattr(type(CardLink.objects.all()), "locked", lambda rows, pk: rows.get(pk=pk))
    heard = 0
    for turn in range(20):
        card, token = _make(f"turn {turn}")
        at_once(lambda _number, token=token: _answer(token), THREADS)
        heard = max(heard, owner.heard(card.subject))
        if heard > 1:
            break
    assert heard > 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_cards_made_at_once_one_is_open() -> None:
    results = at_once(lambda _number: _make(), THREADS)
    assert CardLink.objects.open().count() == 1
    assert all(isinstance(result, tuple | Conflict) for result in results)
