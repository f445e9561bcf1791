"""The workbench over HTTP: accept, answer, note, call; stale forms; and twins who never see each other's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from files.models import Attachment
from files.services import hold_photo
from needs.models import Need
from needs.services.handling import accept_need
from needs.states import State, Verb
from tests.cast import Cast, browser_of, say_need
from tests.files.pictures import photo, upload

pytestmark = pytest.mark.django_db

LIST = reverse("admin:needs_need_changelist")


@pytest.fixture
def need(cast: Cast) -> Need:
    hold_photo(upload(photo()), hold_key="k")
    return say_need(cast.chengxiang.home, words="井盖松了，车一过就响", phone="13912345678", hold_key="k")


def _to(verb: str, need: Need) -> str:
    return reverse(f"admin:needs_need_{verb}", args=[need.pk])


def _page(response: Any) -> str:
    return response.content.decode()


def test_accepting_promises_the_day_chosen(cast: Cast, need: Need) -> None:
    client = browser_of(cast.chengxiang.worker)
    day = timezone.localdate() + timedelta(days=3)
    form = {"version": "1", "reply_by": str(day), "nature": "help", "urgent": "on", "note": "先看现场"}
    assert client.post(_to("accept", need), form)["Location"] == _to("change", need)
    now = Need.objects.get(pk=need.pk)
    assert (now.state, now.reply_by, now.urgent, now.holder) == (State.IN_PROGRESS, day, True, cast.chengxiang.worker)


@pytest.mark.parametrize(
    "wrong", [{"reply_by": "2020-01-01"}, {"reply_by": "明天"}, {"nature": "x"}, {"category": "x"}]
)
def test_a_refused_acceptance_keeps_what_was_typed(cast: Cast, need: Need, wrong: dict[str, str]) -> None:
    client = browser_of(cast.chengxiang.worker)
    response = client.post(_to("accept", need), {"version": "1", "note": "先看现场", **wrong})
    assert response.status_code == 422
    assert "先看现场" in _page(response)
    assert Need.objects.get(pk=need.pk).state == State.PENDING


def test_a_stale_form_is_409_says_what_to_do_and_keeps_every_word(cast: Cast, need: Need) -> None:
    mine, other = browser_of(cast.chengxiang.worker), browser_of(cast.chengxiang.secretary)
    other.post(_to("accept", need), {"version": "1"})
    for verb, sent, typed in (
        ("accept", {"version": "1", "note": "我来办这件"}, "我来办这件"),
        ("reply", {"reply-version": "1", "reply-words": "灯已经换好了"}, "灯已经换好了"),
        ("note", {"note-version": "1", "note-words": "物业说下周"}, "物业说下周"),
    ):
        response = mine.post(_to(verb, need), sent)
        assert response.status_code == 409, verb
        assert typed in _page(response), verb
        assert "已是最新的，请看一眼再决定" in _page(response), verb
    events = Need.objects.get(pk=need.pk).events
    assert set(events.values_list("verb", flat=True)) == {Verb.SUBMIT, Verb.ACCEPT}


def test_sending_again_after_the_warning_goes_through(cast: Cast, need: Need) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    client = browser_of(cast.chengxiang.worker)
    page = _page(client.post(_to("reply", need), {"reply-version": "1", "reply-words": "换好了"}))
    assert 'name="reply-version" value="2"' in page
    again = client.post(_to("reply", need), {"reply-version": "2", "reply-words": "换好了"})
    assert again.status_code == 302


@pytest.mark.parametrize("verb", ["accept", "reply", "note"])
@pytest.mark.parametrize("version", ["", "abc", "-1"])
def test_a_form_without_its_version_changes_nothing(cast: Cast, need: Need, verb: str, version: str) -> None:
    client = browser_of(cast.chengxiang.worker)
    prefix = "" if verb == "accept" else f"{verb}-"
    response = client.post(_to(verb, need), {f"{prefix}version": version, f"{prefix}words": "好的"})
    assert response.status_code in (409, 422)
    assert Need.objects.get(pk=need.pk).version == 1


@pytest.mark.parametrize("words", ["", "字" * 2001])
def test_a_refused_answer_keeps_its_words(cast: Cast, need: Need, words: str) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    response = browser_of(cast.chengxiang.worker).post(_to("reply", need), {"reply-version": "2", "reply-words": words})
    assert response.status_code == 422
    assert words in _page(response)


def test_the_phone_is_masked_until_somebody_calls(cast: Cast, need: Need) -> None:
    client = browser_of(cast.chengxiang.worker)
    for path in (LIST, _to("change", need), reverse("admin:index")):
        page = _page(client.get(path)).replace(" ", "")
        assert "13912345678" not in page
    assert "139****5678" in _page(client.get(_to("change", need)))
    called = client.post(_to("dial", need), headers={"hx-request": "true"})
    assert "13912345678" in _page(called)
    assert "13912345678" not in _page(client.get(_to("change", need)))


def test_another_handler_without_a_reason_sees_no_phone(cast: Cast, need: Need) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    client = browser_of(cast.chengxiang.secretary)
    refused = _page(client.post(_to("dial", need), {"reason": ""}, headers={"hx-request": "true"}))
    assert "13912345678" not in refused.replace(" ", "") and "原因" in refused
    shown = _page(client.post(_to("dial", need), {"reason": "经办人请假"}, headers={"hx-request": "true"}))
    assert "13912345678" in shown.replace(" ", "")


@pytest.mark.parametrize("name", ["leader", "grid_part"])
def test_an_onlooker_finds_no_button(cast: Cast, need: Need, name: str) -> None:
    client = browser_of(getattr(cast.chengxiang, name))
    page = _page(client.get(_to("change", need)))
    for verb in ("accept", "reply", "note", "dial"):
        assert f'action="{_to(verb, need)}"' not in page
        assert f'hx-post="{_to(verb, need)}"' not in page


EVERYBODY = ("worker", "secretary", "grid_full", "clerk", "party_office", "leader", "system_admin", "audit_admin")


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_address_of_a_need_is_404_for_the_other_street(cast: Cast, need: Need, name: str) -> None:
    client = browser_of(getattr(cast.xiasha, name))
    shot = Attachment.objects.get()
    before = Need.objects.filter(pk=need.pk).values().get()
    for verb in ("accept", "reply", "note", "dial", "slip"):
        sent = {"version": "1", f"{verb}-version": "1", f"{verb}-words": "x", "reason": "x"}
        assert client.post(_to(verb, need), sent).status_code == 404, verb
    own = say_need(cast.xiasha.home)
    for path in (
        _to("change", need),
        reverse("admin:needs_need_photo", args=[need.pk, shot.pk]),
        reverse("admin:needs_need_photo", args=[own.pk, shot.pk]),
    ):
        assert client.get(path).status_code == 404
    assert Need.objects.filter(pk=need.pk).values().get() == before


@pytest.mark.parametrize("name", ["worker", "clerk", "leader"])
def test_no_list_search_filter_or_tile_tells_of_the_other_street(cast: Cast, need: Need, name: str) -> None:
    client = browser_of(getattr(cast.xiasha, name))
    for query in (
        {},
        {"tab": "all"},
        {"q": need.number},
        {"q": "井盖"},
        {"community": cast.chengxiang.home.pk},
        {"tab": "all", "hand": "me"},
    ):
        page = _page(client.get(LIST, query))
        assert need.title not in page
        assert _to("change", need) not in page
    for path in (reverse("admin:index"), reverse("admin:workbench_queue"), reverse("admin:inbox")):
        page = _page(client.get(path))
        assert need.number not in page and need.title not in page
    assert cast.chengxiang.worker.name not in _page(client.get(LIST))


def test_a_neighbouring_community_does_not_see_it_either_and_the_street_does(cast: Cast, need: Need) -> None:
    assert browser_of(cast.chengxiang.neighbour).get(_to("change", need)).status_code == 404
    assert need.title in _page(browser_of(cast.chengxiang.clerk).get(LIST))


def test_other_needs_beside_this_one_are_of_ones_own_area(cast: Cast, need: Need) -> None:
    say_need(cast.xiasha.home, words="井盖松了，车一过就响，下沙的", place="湘湖路小区 6幢2单元")
    page = _page(browser_of(cast.chengxiang.worker).get(_to("change", need)))
    assert "下沙的" not in page


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "翻页"}])
def test_a_made_up_cursor_is_400(cast: Cast, query: dict[str, str]) -> None:
    assert browser_of(cast.chengxiang.worker).get(LIST, query).status_code == 400


@pytest.mark.parametrize(
    "query", [{"q": "'"}, {"q": "字" * 500}, {"tab": "x"}, {"community": "x"}, {"category": "x"}, {"hand": "x"}]
)
def test_any_filter_is_an_answer(cast: Cast, need: Need, query: dict[str, str]) -> None:
    assert browser_of(cast.chengxiang.worker).get(LIST, query).status_code == 200


def test_administrators_choose_only_from_their_own_street(cast: Cast) -> None:
    client = browser_of(cast.chengxiang.system_admin)
    asked = {"app_label": "people", "model_name": "rolegrant", "field_name": "user", "term": ""}
    found = {row["text"] for row in client.get(reverse("admin:autocomplete"), asked).json()["results"]}
    assert cast.chengxiang.worker.name in found
    assert cast.xiasha.worker.name not in found
    theirs = reverse("admin:people_user_change", args=[cast.xiasha.worker.pk])
    assert client.get(theirs).status_code == 404
    assert client.post(theirs, {"name": "改了"}).status_code == 404
