"""A day of many: the roll in pages with the sums of all, the sheet whole; one's place in the line without the line."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, browser_of
from tests.volunteers.things import begun, comer, joined, published
from volunteers.models import Slot
from volunteers.presenting import running
from volunteers.services import noting, signing
from volunteers.services.seats import place_in_line

pytestmark = pytest.mark.django_db


def test_nobody_is_cut_off_the_roll(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST", 2)
    _row, post = published(cast.chengxiang, capacity=3)
    rows = [joined(post, comer(f"孙{sign}伯")) for sign in "一二三四五"]
    browser, page = browser_of(cast.chengxiang.worker), reverse("volunteers:today", args=[post.slot_id])
    seen = []
    for number in (1, 2, 3):
        text = browser.get(f"{page}?page={number}").content.decode()
        seen += [one.pk for one in rows if one.person.name in text]
        assert (f"?page={number + 1}" in text) is (number < 3)
    assert seen == [one.pk for one in rows]
    slot = Slot.objects.get(pk=post.slot_id)
    found = running.counts(slot)
    assert (found["seated"], found["waiting"], found["there"]) == (3, 2, 0)
    sheet = browser.get(reverse("volunteers:sheet", args=[slot.pk])).content.decode()
    assert [one.person.name in sheet for one in rows] == [True, True, True, False, False]
    assert browser.get(f"{page}?page=x").status_code == browser.get(f"{page}?page=99999").status_code == 200


def test_ones_place_is_counted_and_the_line_not_read(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    rows = [joined(post, comer()) for _n in range(5)]
    assert [place_in_line(one) for one in rows] == [0, 1, 2, 3, 4]
    with CaptureQueriesContext(connection) as asked:
        place_in_line(rows[-1])
    assert len(asked) == 1 and "COUNT" in asked[0]["sql"].upper()


def test_the_roll_and_the_list_below_name_nobody_twice(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=3)
    rows = [joined(post, comer(f"钱{sign}伯")) for sign in "一二三四"]
    slot = begun(post, hours_ago=1, lasted=3)
    browser, page = browser_of(cast.chengxiang.worker), reverse("volunteers:today", args=[slot.pk])
    noting.note_present(slot=slot.pk, by=cast.chengxiang.worker, signups=[rows[0].pk], paper=False)
    text = browser.get(page).content.decode()
    assert [text.count(f">{one.person.name}<") for one in rows] == [1, 1, 1, 1]
    for one in rows[1:]:
        signing.cancel_all_of(one.person)
    assert "还没有人报名" not in browser.get(page).content.decode()


def test_whoever_comes_to_a_full_one_reads_how_many_wait(cast: Cast) -> None:
    row, post = published(cast.chengxiang, capacity=1)
    page = reverse("volunteers:activity", args=[row.pk])
    assert "已满，可候补" not in browser_of(comer()).get(page).content.decode(), "the control: there is a seat"
    joined(post, comer())
    assert "已满，可候补，您排第1位。" in browser_of(comer()).get(page).content.decode()
    for _n in range(3):
        joined(post, comer())
    assert "已满，可候补，前面3位。" in browser_of(comer()).get(page).content.decode()
