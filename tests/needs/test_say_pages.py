"""我要反映 over HTTP: three steps that lose nothing, whatever is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from files.models import Attachment
from needs.models import Need
from needs.services.intake import PER_PHONE
from needs.states import Channel
from people.models import Area
from tests.cast import Cast
from tests.files.pictures import SVG, photo, upload, with_exif

pytestmark = pytest.mark.django_db

SAY, WHERE, CONTACT, DONE = (reverse(f"needs:{name}") for name in ("say", "say_where", "say_contact", "say_done"))
PLACE = {"community": "330109001048", "place": "湘湖路小区 6幢", "spot": "三楼"}
PERSON = {"name": "赵阿婆", "phone": "13800000617", "consent": "on", "notice_version": "1", "for_other": "self"}
WORDS = "井盖松了，车一过就响。"


@pytest.fixture
def visitor(cast: Cast) -> Client:
    return Client()


def _walk(visitor: Client, words: str = WORDS, **person: Any) -> Any:
    assert visitor.post(SAY, {"words": words})["Location"] == WHERE
    assert visitor.post(WHERE, PLACE)["Location"] == CONTACT
    return visitor.post(CONTACT, {**PERSON, **person})


def _page(response: Any) -> str:
    return response.content.decode()


def test_three_small_steps_and_a_receipt(visitor: Client) -> None:
    assert _walk(visitor)["Location"] == DONE
    need, page = Need.objects.get(), _page(visitor.get(DONE))
    for shown in (need.number, need.shown_code, need.link_token, "万寿桥社区"):
        assert shown in page
    assert "data:image/svg+xml" in page
    assert "13800000617" not in page


def test_consent_is_never_ticked_beforehand_and_no_category_is_asked(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS})
    visitor.post(WHERE, PLACE)
    page = _page(visitor.get(CONTACT))
    (box,) = re.findall(r"<input[^>]*name=\"consent\"[^>]*>", page)
    assert "checked" not in box
    for step in (SAY, WHERE, CONTACT):
        assert 'name="category"' not in _page(visitor.get(step))


def test_no_step_can_be_jumped(visitor: Client) -> None:
    assert visitor.get(WHERE)["Location"] == SAY
    assert visitor.get(CONTACT)["Location"] == SAY
    assert visitor.post(CONTACT, PERSON)["Location"] == SAY
    assert visitor.get(DONE)["Location"] == reverse("needs:track")
    assert not Need.objects.exists()


def test_coming_back_finds_every_word(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS})
    visitor.post(WHERE, PLACE)
    assert WORDS in _page(visitor.get(SAY))
    page = _page(visitor.get(WHERE))
    assert PLACE["place"] in page and PLACE["spot"] in page
    assert re.search(r"<option value=\"330109001048\" selected", page)


@pytest.mark.parametrize("words", ["", "   \n"])
def test_saying_nothing_is_refused(visitor: Client, words: str) -> None:
    response = visitor.post(SAY, {"words": words})
    assert response.status_code == 422
    assert "请写下是什么事" in _page(response)


def test_ten_thousand_characters_are_refused_and_all_still_there(visitor: Client) -> None:
    words = "字" * 10_000
    response = visitor.post(SAY, {"words": words})
    assert response.status_code == 422
    assert words in _page(response)
    assert "8000" in _page(response)
    assert words in _page(visitor.get(SAY))


@pytest.mark.parametrize("changed", [{"community": ""}, {"community": "999"}, {"place": ""}, {"place": "字" * 121}])
def test_a_refused_place_keeps_what_was_typed(visitor: Client, changed: dict[str, str]) -> None:
    visitor.post(SAY, {"words": WORDS})
    response = visitor.post(WHERE, {**PLACE, **changed})
    assert response.status_code == 422
    assert PLACE["spot"] in _page(response)
    assert visitor.post(WHERE, PLACE)["Location"] == CONTACT


@pytest.mark.parametrize(
    "changed",
    [{"phone": "138"}, {"phone": ""}, {"name": ""}, {"consent": ""}, {"notice_version": "9"}, {"notice_version": "x"}],
)
def test_a_refused_form_loses_nothing_typed_or_uploaded(visitor: Client, changed: dict[str, str]) -> None:
    visitor.post(SAY, {"words": WORDS, "photos": upload(photo())})
    visitor.post(WHERE, PLACE)
    person = {**PERSON, "for_other": "other", "helped_name": "王大爷", **changed}
    response = visitor.post(CONTACT, person)
    assert response.status_code == 422
    page = _page(response)
    for name in ("name", "phone", "helped_name"):
        assert f'value="{person[name]}"' in page
    assert not Need.objects.exists()
    assert Attachment.objects.exclude(hold_key="").count() == 1
    assert visitor.post(CONTACT, {**person, **PERSON, "for_other": "other"})["Location"] == DONE
    need = Need.objects.get()
    assert (need.words, need.place, need.helped_name) == (WORDS, PLACE["place"], "王大爷")
    assert Attachment.objects.get(owner_kind="need").owner_id == str(need.pk)


def test_full_width_digits_and_spaces_are_fine(visitor: Client) -> None:
    assert _walk(visitor, phone="１３８　００００ ０６１７")["Location"] == DONE
    assert Need.objects.get().contact_phone == "13800000617"


def test_a_second_tap_makes_no_second_need_and_ends_at_the_receipt(visitor: Client) -> None:
    _walk(visitor)
    again = visitor.post(CONTACT, PERSON)
    assert again["Location"] == DONE
    assert Need.objects.count() == 1


def test_two_taps_that_carry_the_same_draft_make_one_need(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS})
    visitor.post(WHERE, PLACE)
    session = visitor.session
    draft = dict(session)
    visitor.post(CONTACT, PERSON)
    session = visitor.session
    session.update(draft)
    session.save()
    assert visitor.post(CONTACT, PERSON)["Location"] == DONE
    assert Need.objects.count() == 1


def test_the_next_need_is_another_one(visitor: Client) -> None:
    _walk(visitor)
    assert WORDS not in _page(visitor.get(SAY))
    _walk(visitor, words="另一件事", phone="13800000618")
    assert Need.objects.count() == 2


def test_a_bad_photo_is_refused_by_name_and_the_good_one_and_the_words_stay(visitor: Client) -> None:
    sent = {"words": WORDS, "photos": [upload(photo(), "好.jpg"), upload(SVG, "坏.jpg")]}
    response = visitor.post(SAY, sent)
    assert response.status_code == 422
    page = _page(response)
    assert "坏" in page and WORDS in page
    held = Attachment.objects.get()
    path = reverse("needs:held_photo", args=[held.pk])
    assert path in page
    assert visitor.get(path).status_code == 200
    assert Client().get(path).status_code == 404
    assert visitor.post(SAY, {"words": WORDS})["Location"] == WHERE


def test_a_held_photo_can_be_removed_again_by_its_owner_only(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS, "photos": upload(photo())})
    held = Attachment.objects.get()
    Client().post(SAY, {"words": "x", "drop": str(held.pk)})
    assert Attachment.objects.exists()
    visitor.post(SAY, {"words": WORDS, "drop": str(held.pk)})
    assert not Attachment.objects.exists()
    for odd in ("x", "\x00", ""):
        assert visitor.post(SAY, {"words": WORDS, "drop": odd}).status_code == 302


def test_a_photo_arrives_without_the_place_it_was_taken(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS, "photos": upload(with_exif())})
    visitor.post(WHERE, PLACE)
    visitor.post(CONTACT, PERSON)
    need, shot = Need.objects.get(), Attachment.objects.get()
    served = b"".join(Client().get(reverse("needs:photo", args=[need.link_token, shot.pk])).streaming_content)
    assert b"PhoneMaker" not in served and b"Exif" not in served


def test_a_stairwells_code_fills_in_the_place(visitor: Client) -> None:
    visitor.get(SAY, {"c": "330109001028", "place": "拱秀路5幢2单元"})
    visitor.post(SAY, {"words": WORDS})
    page = _page(visitor.get(WHERE))
    assert "拱秀路5幢2单元" in page
    assert re.search(r"<option value=\"330109001028\" selected", page)
    visitor.post(WHERE, {"community": "330109001028", "place": "拱秀路5幢2单元"})
    visitor.post(CONTACT, PERSON)
    assert (Need.objects.get().area_id, Need.objects.get().channel) == ("330109001028", Channel.QR)


@pytest.mark.parametrize("code", ["\x00", "'", "330109", "字" * 999, "330114001999", "%"])
def test_a_made_up_code_fills_in_nothing(visitor: Client, code: str) -> None:
    assert visitor.get(SAY, {"c": code, "place": "x\x00"}).status_code == 200
    visitor.post(SAY, {"words": WORDS})
    assert "扫码填好的" not in _page(visitor.get(WHERE))


def test_only_open_communities_can_be_chosen(visitor: Client) -> None:
    Area.objects.filter(pk="330109001028").update(is_served=False)
    visitor.post(SAY, {"words": WORDS})
    page = _page(visitor.get(WHERE))
    assert "万寿桥社区" in page and "拱秀社区" not in page


def test_too_many_from_one_phone_keeps_the_form(visitor: Client) -> None:
    for _time in range(PER_PHONE[0]):
        assert _walk(Client())["Location"] == DONE
    response = _walk(visitor)
    assert response.status_code == 429
    assert 'value="13800000617"' in _page(response)


def test_the_trap_that_people_never_see_catches_a_robot(visitor: Client) -> None:
    response = _walk(visitor, website="https://spam.example")
    assert response.status_code == 422
    assert not Need.objects.exists()


def test_hostile_words_are_shown_as_words(visitor: Client) -> None:
    words = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
    _walk(visitor, words=words, name="<b>赵</b>")
    need = Need.objects.get()
    page = _page(visitor.get(reverse("needs:progress", args=[need.link_token])))
    assert "<script>alert" not in page and "<img src=x" not in page and "{{ 7*7 }}" in page


def test_a_draft_is_unreadable_in_the_database(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS})
    assert "井盖" not in str(dict(visitor.session))


@pytest.mark.parametrize("path", [SAY, WHERE, CONTACT, reverse("needs:track"), reverse("portal:display")])
def test_a_form_from_another_site_is_refused(cast: Cast, path: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(path, {"words": WORDS}).status_code == 403


def test_a_street_that_does_not_know_the_community_can_be_chosen(visitor: Client) -> None:
    visitor.post(SAY, {"words": WORDS})
    visitor.post(WHERE, {**PLACE, "community": "330109001"})
    assert visitor.post(CONTACT, PERSON)["Location"] == DONE
    assert Need.objects.get().area_id == "330109001"
