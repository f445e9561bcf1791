"""Following over HTTP: the resident reads in whose hands it is, and nothing meant for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from needs.models import Need
from needs.services.handling import accept_need, add_note, call_resident, reply_to_resident
from needs.states import State
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db

TRACK = reverse("needs:track")


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def _progress(need: Need) -> str:
    response = Client().get(reverse("needs:progress", args=[need.link_token]))
    assert response.status_code == 200
    return response.content.decode()


def test_number_and_code_lead_to_the_page_of_the_need(need: Need) -> None:
    response = Client().post(TRACK, {"number": need.number, "code": need.shown_code})
    assert response["Location"] == reverse("needs:progress", args=[need.link_token])


def test_a_wrong_code_and_an_unknown_number_show_the_same_page(need: Need) -> None:
    pages = set()
    for number in (need.number, "XQ-CX-20990101-0001", "made-up"):
        response = Client().post(TRACK, {"number": number, "code": "CCCCC-CCCCC"})
        assert response.status_code == 422
        text = response.content.decode().replace(number, "")
        pages.add("\n".join(line for line in text.splitlines() if "csrf" not in line))
    assert len(pages) == 1
    assert "编号或查询码不对" in pages.pop()


def test_what_was_typed_stays(need: Need) -> None:
    page = Client().post(TRACK, {"number": need.number, "code": "ABCDE-FGHJK"}).content.decode()
    assert f'value="{need.number}"' in page


def test_twenty_tries_are_enough_for_one_address(need: Need) -> None:
    client = Client()
    statuses = [client.post(TRACK, {"number": need.number, "code": "CCCCCCCCCC"}).status_code for _time in range(21)]
    assert statuses == [422] * 20 + [429]
    other = Client(REMOTE_ADDR="198.51.100.7").post(TRACK, {"number": need.number, "code": need.tracking_code})
    assert other.status_code == 302


def test_the_story_is_told_in_plain_words(cast: Cast, need: Need) -> None:
    page = _progress(need)
    assert "正在安排谁来办" in page and "等社区受理" in page and "正在办" not in page
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    day = timezone.localdate() + timedelta(days=7)
    page = _progress(need)
    assert f"{day.month}月{day.day}日前答复" in page and "正在办" in page
    assert cast.chengxiang.worker.name in page
    reply_to_resident(pk=need.pk, by=cast.chengxiang.worker, words="灯换好了")
    page = _progress(need)
    assert "灯换好了" in page and "已经答复您，" in page and "还在办" in page
    assert "答复过，还在办" in page and "您来评价" in page


def test_a_broken_promise_is_said(cast: Cast, need: Need) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    Need.objects.filter(pk=need.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    assert "已经超期" in _progress(need)


def test_notes_calls_and_staff_matters_never_reach_the_resident(cast: Cast, need: Need) -> None:
    accept_need(pk=need.pk, by=cast.chengxiang.worker, note="爱投诉的老熟人", nature="complaint")
    add_note(pk=need.pk, by=cast.chengxiang.worker, words="物业推给我们")
    call_resident(pk=need.pk, by=cast.chengxiang.secretary, reason="看看是谁")
    page = _progress(need)
    for inner in ("老熟人", "物业推", "看看是谁", need.contact_phone, "拨打"):
        assert inner not in page


def test_the_resident_adds_and_withdraws(need: Need) -> None:
    client = Client()
    added = client.post(reverse("needs:supplement", args=[need.link_token]), {"words": "周末也要"})
    assert added.status_code == 302
    assert "周末也要" in _progress(need)
    gone = client.post(reverse("needs:withdraw", args=[need.link_token]), {"reason": "修好了"})
    assert gone.status_code == 302
    assert Need.objects.get(pk=need.pk).state == State.WITHDRAWN
    assert "您已经撤回" in _progress(need)


@pytest.mark.parametrize("words", ["", "字" * 10_000])
def test_a_refused_addition_keeps_its_words(need: Need, words: str) -> None:
    response = Client().post(reverse("needs:supplement", args=[need.link_token]), {"words": words})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_after_the_end_both_are_409_with_what_to_do(need: Need) -> None:
    client = Client()
    client.post(reverse("needs:withdraw", args=[need.link_token]))
    for name, sent in (("withdraw", {"reason": "x"}), ("supplement", {"words": "还有一句"})):
        response = client.post(reverse(f"needs:{name}", args=[need.link_token]), sent)
        assert response.status_code == 409
        assert "重新反映" in response.content.decode()


@pytest.mark.parametrize("name", ["progress", "slip"])
@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "..", "字"])
def test_a_made_up_link_is_404(need: Need, name: str, token: str) -> None:
    assert Client().get(f"/n/{token}/" + ("slip/" if name == "slip" else "")).status_code == 404


def test_links_are_kept_from_search_engines_and_from_other_sites(need: Need) -> None:
    assert "Disallow: /n/" in Client().get("/robots.txt").content.decode()
    response = Client().get(reverse("needs:progress", args=[need.link_token]))
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_one_needs_photos_are_not_shown_under_anothers_link(cast: Cast, need: Need) -> None:
    from files.models import Attachment
    from files.services import hold_photo
    from tests.files.pictures import photo, upload

    hold_photo(upload(photo()), hold_key="k")
    other = say_need(cast.chengxiang.home, hold_key="k")
    shot: Any = Attachment.objects.get()
    assert Client().get(reverse("needs:photo", args=[other.link_token, shot.pk])).status_code == 200
    assert Client().get(reverse("needs:photo", args=[need.link_token, shot.pk])).status_code == 404


def test_the_slip_carries_number_code_and_nothing_personal(need: Need) -> None:
    page = Client().get(reverse("needs:slip", args=[need.link_token])).content.decode()
    assert need.number in page and need.shown_code in page and "data:image/svg+xml" in page
    for secret in (need.contact_phone, need.contact_name, need.words):
        assert secret not in page
