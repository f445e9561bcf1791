"""The resident follows with number and code or with the link, adds, withdraws."""

from __future__ import annotations

import pytest

from alliance.lib.errors import Invalid, NotFound, RuleBroken, TooMany
from needs.models import Need
from needs.services import following
from needs.services.following import GUESSES, SUPPLEMENTS, find_by_code, find_by_link, supplement, withdraw
from needs.services.handling import accept_need
from needs.states import State, Verb
from notifications.models import Message
from people.models import RateBucket
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db

IP = "203.0.113.9"
WRONG = "CCCCC-CCCCC"


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def _addresses() -> str:
    """A new address for every try, so that only the number's own limit can bite."""
    _addresses.last += 1  # type: ignore[attr-defined]
    return f"2001:db8::{_addresses.last:x}"  # type: ignore[attr-defined]


_addresses.last = 0  # type: ignore[attr-defined]


def _wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@pytest.mark.parametrize(
    "typed",
    [
        lambda number, code: (number, code),
        lambda number, code: (number.lower(), code.lower()),
        lambda number, code: (f"  {number} ", f"{code[:5]} - {code[5:]}"),
        lambda number, code: (number.replace("-", ""), f"{code[:5]}—{code[5:]}"),
        lambda number, code: (_wide(number), _wide(code)),
        lambda number, code: (number.replace("-", " "), "\u200b" + code),
    ],
)
def test_number_and_code_may_be_typed_in_many_ways(need: Need, typed: object) -> None:
    number, code = typed(need.number, need.tracking_code)  # type: ignore[operator]
    assert find_by_code(number=number, code=code, ip=IP) == need


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(cast: Cast, need: Need) -> None:
    other = say_need(cast.xiasha.home)
    answers = set()
    for number, code in (
        (need.number, WRONG),
        (need.number, "ABCDE-FGHJK"),
        (need.number, other.tracking_code),
        ("XQ-CX-20990101-0001", need.tracking_code),
        ("' OR 1=1 --", need.tracking_code),
        ("字" * 60, need.tracking_code),
    ):
        with pytest.raises(NotFound) as refused:
            find_by_code(number=number, code=code, ip=_addresses())
        answers.add((refused.value.status, refused.value.code, str(refused.value.message)))
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("number", "code", "fields"),
    [
        ("", "", {"number", "code"}),
        ("", WRONG, {"number"}),
        ("XQ-CX-20990101-0001", "", {"code"}),
        ("XQ-CX-20990101-0001", "SHORT", {"code"}),
        ("XQ-CX-20990101-0001", "字" * 60, {"code"}),
    ],
)
def test_what_is_missing_is_said_alike_for_known_and_unknown_numbers(
    need: Need, number: str, code: str, fields: set[str]
) -> None:
    for asked in {number, number and need.number}:
        with pytest.raises(Invalid) as refused:
            find_by_code(number=asked, code=code, ip=IP)
        assert set(refused.value.fields) == fields


def test_one_address_may_fail_twenty_times(need: Need) -> None:
    for _time in range(20):
        with pytest.raises(NotFound):
            find_by_code(number=need.number, code=WRONG, ip=IP)
    with pytest.raises(TooMany):
        find_by_code(number=need.number, code=need.tracking_code, ip=IP)
    assert find_by_code(number=need.number, code=need.tracking_code, ip="198.51.100.1") == need


def test_five_hundred_wrong_codes_close_a_number_with_the_same_answer(need: Need) -> None:
    with pytest.raises(NotFound) as wrong:
        find_by_code(number=need.number, code=WRONG, ip=_addresses())
    RateBucket.objects.filter(key__startswith="track-number:").update(count=GUESSES[0] - 1)
    assert find_by_code(number=need.number, code=need.tracking_code, ip=_addresses()) == need
    with pytest.raises(NotFound):
        find_by_code(number=need.number, code=WRONG, ip=_addresses())
    with pytest.raises(NotFound) as closed:
        find_by_code(number=need.number, code=need.tracking_code, ip=_addresses())
    assert str(closed.value.message) == str(wrong.value.message)
    assert find_by_link(need.link_token) == need


def test_guessing_really_is_counted_up_to_five_hundred(need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "GUESSES", (25, GUESSES[1]))
    for _time in range(25):
        with pytest.raises(NotFound):
            find_by_code(number=need.number, code=WRONG, ip=_addresses())
    with pytest.raises(NotFound):
        find_by_code(number=need.number, code=need.tracking_code, ip=_addresses())
    assert GUESSES[0] == 500


def test_another_number_is_not_closed_with_it(cast: Cast, need: Need) -> None:
    other = say_need(cast.chengxiang.home)
    with pytest.raises(NotFound):
        find_by_code(number=need.number, code=WRONG, ip=_addresses())
    RateBucket.objects.filter(key__startswith="track-number:").update(count=GUESSES[0])
    assert find_by_code(number=other.number, code=other.tracking_code, ip=_addresses()) == other


@pytest.mark.parametrize("token", ["", "x", "\x00", "A" * 22, "字" * 30, "../../etc", "A" * 5000])
def test_a_made_up_link_is_not_found(need: Need, token: str) -> None:
    for verb in (
        lambda: find_by_link(token),
        lambda: supplement(token=token, words="补充"),
        lambda: withdraw(token=token),
    ):
        with pytest.raises(NotFound):
            verb()


def test_adding_keeps_the_state_and_tells_whoever_has_it(cast: Cast, need: Need) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    Message.objects.all().delete()
    event = supplement(token=need.link_token, words="周一到周五都要")
    assert (event.verb, event.words, event.actor) == (Verb.SUPPLEMENT, "周一到周五都要", None)
    assert Need.objects.get(pk=need.pk).state == State.IN_PROGRESS
    assert set(Message.objects.values_list("recipient_key", flat=True)) == {f"u:{cast.chengxiang.worker.pk}"}


def test_what_was_said_first_is_never_changed_by_adding(need: Need) -> None:
    words = need.words
    supplement(token=need.link_token, words="另外还有一件")
    assert Need.objects.get(pk=need.pk).words == words


@pytest.mark.parametrize("words", ["", "  ", "字" * 2001, "字" * 10_000])
def test_an_empty_or_endless_addition_is_refused(need: Need, words: str) -> None:
    with pytest.raises(Invalid):
        supplement(token=need.link_token, words=words)
    assert not need.events.filter(verb=Verb.SUPPLEMENT).exists()


def test_adding_is_limited_per_need(need: Need) -> None:
    for turn in range(SUPPLEMENTS[0]):
        supplement(token=need.link_token, words=f"第{turn}次")
    with pytest.raises(TooMany):
        supplement(token=need.link_token, words="再来")


def test_withdrawing_ends_it_once_and_keeps_the_reason(cast: Cast, need: Need) -> None:
    withdraw(token=need.link_token, reason=" 女儿回来了 ")
    now = Need.objects.get(pk=need.pk)
    assert (now.state, now.ended_at is not None) == (State.WITHDRAWN, True)
    assert now.events.get(verb=Verb.WITHDRAW).words == "女儿回来了"
    for verb in (lambda: withdraw(token=need.link_token), lambda: supplement(token=need.link_token, words="又来")):
        with pytest.raises(RuleBroken, match="重新反映"):
            verb()


def test_an_endless_reason_is_cut(need: Need) -> None:
    withdraw(token=need.link_token, reason="字" * 5000)
    assert len(need.events.get(verb=Verb.WITHDRAW).words) == 200
