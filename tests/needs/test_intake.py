"""A need arrives: what is stored, who hears of it, and every bad input by name."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, TooMany
from needs.models import Need
from needs.services.following import withdraw
from needs.services.intake import CODE_ALPHABET, PER_ADDRESS, PER_PHONE, submit_need, submit_publicly
from needs.states import Channel, Origin, State, Verb
from notifications.models import Message
from people.models import Area, Consent, PrivacyNotice
from tests.cast import WORDS, Cast, draft, say_need

pytestmark = pytest.mark.django_db

IP = "203.0.113.9"


def _refused(**changes: Any) -> dict[str, list[str]]:
    area = Area.objects.get(pk="330109001048")
    with pytest.raises(Invalid) as refused:
        submit_need(draft(area, **changes))
    assert not Need.objects.exists() and not Consent.objects.exists() and not Message.objects.exists()
    return {name: [str(text) for text in texts] for name, texts in refused.value.fields.items()}


def test_it_is_stored_as_it_was_said(cast: Cast) -> None:
    need = say_need(
        cast.chengxiang.home,
        words=" 灯坏了。\r\n看不见台阶\x00 ",
        name="赵阿婆",
        phone="１３８ ００００ ０６１７",
        spot="三楼",
        helped_name="王大爷",
        helped_phone="+86 138-0000-0618",
    )
    assert (need.words, need.title) == ("灯坏了。\n看不见台阶", "灯坏了")
    assert (need.contact_name, need.contact_phone) == ("赵阿婆", "13800000617")
    assert (need.helped_name, need.helped_phone, need.spot) == ("王大爷", "13800000618", "三楼")
    assert (need.state, need.version, need.origin, need.channel) == (State.PENDING, 1, Origin.RESIDENT, Channel.WEB)
    assert (need.street_code, need.area_id) == ("330109001", "330109001048")
    assert need.holder is None and need.reply_by is None


def test_the_number_names_the_street_and_the_day_and_counts_from_one(cast: Cast) -> None:
    today = f"{timezone.localdate():%Y%m%d}"
    assert [say_need(cast.chengxiang.home).number for _time in range(2)] == [
        f"XQ-CX-{today}-0001",
        f"XQ-CX-{today}-0002",
    ]
    assert say_need(cast.xiasha.home).number == f"XQ-XS-{today}-0001"
    assert say_need(cast.chengxiang.street).number == f"XQ-CX-{today}-0003"


def test_code_and_link_cannot_be_guessed_from_one_another(cast: Cast) -> None:
    needs = [say_need(cast.chengxiang.home) for _time in range(20)]
    codes, tokens = {need.tracking_code for need in needs}, {need.link_token for need in needs}
    assert len(codes) == len(tokens) == 20
    assert all(len(code) == 10 and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert all(len(token) >= 22 for token in tokens)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", needs[0].shown_code)
    assert not set("01OIL") & set(CODE_ALPHABET)


def test_consent_names_the_version_that_was_shown(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    consent = Consent.objects.get()
    assert (consent.source, consent.notice.version, consent.channel) == (need.number, 1, "web")
    assert need.contact_phone not in consent.subject_key


def test_the_first_event_is_what_the_resident_did(cast: Cast) -> None:
    (event,) = say_need(cast.chengxiang.home, channel=Channel.QR).events.all()
    assert (event.verb, event.source, event.target, event.actor) == (Verb.SUBMIT, "", State.PENDING, None)
    assert event.params["channel"] == Channel.QR


def test_the_community_hears_of_it_and_the_other_street_does_not(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    here = cast.chengxiang
    heard = set(Message.objects.filter(channel="inapp").values_list("recipient_key", flat=True))
    assert heard == {f"u:{here.worker.pk}", f"u:{here.secretary.pk}"}
    assert need.contact_phone not in str(list(Message.objects.values("params", "title", "body", "subject_label")))


def test_whoever_does_not_know_the_community_reaches_the_street(cast: Cast) -> None:
    say_need(cast.chengxiang.street)
    here = cast.chengxiang
    heard = set(Message.objects.filter(channel="inapp").values_list("recipient_key", flat=True))
    assert heard == {f"u:{here.clerk.pk}", f"u:{here.party_office.pk}"}


@pytest.mark.parametrize("words", ["", "   ", "\n\t\u3000", "\u200b\ufeff", "\x00"])
def test_nothing_said_is_refused(cast: Cast, words: str) -> None:
    assert _refused(words=words) == {"words": ["请写下是什么事，一句话也行。"]}


def test_ten_thousand_characters_are_refused_with_how_many_too_many(cast: Cast) -> None:
    (text,) = _refused(words="字" * 10_000)["words"]
    assert "2000" in text and "8000" in text


def test_two_thousand_characters_are_taken(cast: Cast) -> None:
    assert len(say_need(cast.chengxiang.home, words="字" * 2000).words) == 2000


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1380000061", "还少1位"),
        ("138", "还少8位"),
        ("138000006177", "多了1位"),
        ("", "11位"),
        ("abc", "11位"),
        ("12345678901", "11位"),
        ("82731234", "区号"),
    ],
)
def test_a_wrong_phone_is_refused_with_what_is_wrong(cast: Cast, typed: str, says: str) -> None:
    (text,) = _refused(phone=typed)["phone"]
    assert says in text


def test_the_other_persons_phone_is_checked_only_if_given(cast: Cast) -> None:
    assert "helped_phone" in _refused(helped_phone="123")
    assert say_need(cast.chengxiang.home, helped_phone="  ").helped_phone == ""


def test_everything_wrong_is_said_at_once(cast: Cast) -> None:
    wrong = _refused(words="", place="", name=" ", phone="1", consented=False, area_code="000")
    assert set(wrong) == {"words", "place", "name", "phone", "consent", "community"}


@pytest.mark.parametrize(("field", "limit"), [("place", 120), ("name", 30)])
def test_an_overlong_line_is_refused_and_the_longest_allowed_is_taken(cast: Cast, field: str, limit: int) -> None:
    assert set(_refused(**{field: "字" * (limit + 1)})) == {field}
    assert say_need(cast.chengxiang.home, **{field: "字" * limit})


def test_without_consent_nothing_is_stored(cast: Cast) -> None:
    assert "consent" in _refused(consented=False)


@pytest.mark.parametrize("version", [0, 2, 99, -1])
def test_a_notice_that_was_never_published_cannot_be_agreed_to(cast: Cast, version: int) -> None:
    assert "consent" in _refused(notice_version=version)


def test_agreeing_to_an_older_notice_is_no_agreement(cast: Cast) -> None:
    PrivacyNotice.objects.create(key="need", version=2, title="新", summary=[], sections=[])
    assert set(_refused(notice_version=1)) == {"consent"}
    need = say_need(cast.chengxiang.home, notice_version=2)
    assert Consent.objects.get(source=need.number).notice.version == 2


@pytest.mark.parametrize("code", ["", "330109001999", "33010900104'", "%", "\x00", "330109"])
def test_an_area_that_takes_no_needs_is_refused(cast: Cast, code: str) -> None:
    Area.objects.filter(pk="330109").update(is_served=False)
    assert set(_refused(area_code=code)) == {"community"}


def test_a_closed_community_takes_no_needs(cast: Cast) -> None:
    Area.objects.filter(pk=cast.chengxiang.home.pk).update(is_served=False)
    assert set(_refused()) == {"community"}


@pytest.mark.parametrize("code", ["3301", "330109"])
def test_a_district_is_no_place_to_send_a_need_to(cast: Cast, code: str) -> None:
    assert set(_refused(area_code=code)) == {"community"}


def test_a_second_tap_finds_the_first_need(cast: Cast) -> None:
    one = draft(cast.chengxiang.home)
    first, second = submit_need(one), submit_need(one)
    assert first.pk == second.pk
    assert Need.objects.count() == Consent.objects.count() == 1


def test_the_same_key_with_other_words_is_a_conflict_that_says_what_to_do(cast: Cast) -> None:
    key = uuid4()
    submit_need(draft(cast.chengxiang.home, client_key=key))
    with pytest.raises(Conflict, match="重新填写"):
        submit_need(draft(cast.chengxiang.home, client_key=key, words="别的事"))
    assert Need.objects.get().words == WORDS


def test_a_second_tap_costs_no_try(cast: Cast) -> None:
    one = draft(cast.chengxiang.home)
    for _time in range(PER_PHONE[0] + 3):
        submit_publicly(one, ip=IP)
    assert Need.objects.count() == 1


def test_a_typing_error_costs_no_try(cast: Cast) -> None:
    for _time in range(PER_PHONE[0] + 3):
        with pytest.raises(Invalid):
            submit_publicly(draft(cast.chengxiang.home, phone="13800000617", words=""), ip=IP)
    submit_publicly(draft(cast.chengxiang.home, phone="13800000617"), ip=IP)


def test_one_phone_is_limited_wherever_it_is_typed(cast: Cast) -> None:
    for place in range(PER_PHONE[0]):
        submit_publicly(draft(cast.chengxiang.home, phone="13800000617"), ip=f"198.51.100.{place}")
    with pytest.raises(TooMany, match="打电话"):
        submit_publicly(draft(cast.chengxiang.home, phone="138 0000 0617"), ip="198.51.100.99")
    submit_publicly(draft(cast.chengxiang.home, phone="13800000618"), ip="198.51.100.99")


def test_one_address_is_limited_whichever_phone_it_types(cast: Cast) -> None:
    for _time in range(PER_ADDRESS[0]):
        submit_publicly(draft(cast.chengxiang.home), ip=IP)
    with pytest.raises(TooMany):
        submit_publicly(draft(cast.chengxiang.home), ip=IP)
    submit_publicly(draft(cast.chengxiang.home), ip="203.0.113.10")


def test_whatever_comes_after_the_need_fails_the_need_is_not_half_there(cast: Cast) -> None:
    """The consent's version is checked inside the transaction: no number may be used up by a refusal."""
    with pytest.raises(Invalid):
        submit_need(draft(cast.chengxiang.home, notice_version=7))
    assert say_need(cast.chengxiang.home).number.endswith("-0001")


def test_withdrawing_ends_the_consent(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    withdraw(token=need.link_token)
    assert Consent.objects.get().withdrawn_at is not None
