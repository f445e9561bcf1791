"""A unit that was asked says that it will help and when it comes: the holder reads it, the resident reads nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotFound, RuleBroken
from needs.models import Need, NeedEvent
from needs.services.assigning import assign_need
from needs.services.finishing import finish_need
from needs.services.units import unit_hand_back, unit_report, unit_will_help
from needs.states import Audience, Verb
from notifications.models import Message
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import asked, hidden, text
from tests.needs.ways import WHY, keys, now, told, traces

pytestmark = pytest.mark.django_db
SAID = "金丝雀师傅带梯子来"


def _day() -> str:
    return f"{(timezone.localdate() + timedelta(days=2)):%-m月%-d日}"


def _says(cast: Cast, need: Need, words: str = SAID, days: int | None = 2) -> NeedEvent:
    here = cast.chengxiang
    on = None if days is None else timezone.localdate() + timedelta(days=days)
    return unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words=words, comes_on=on)


def test_the_holder_hears_it_and_reads_it_beside_the_unit(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    event = _says(cast, need)
    assert (event.verb, event.audience, event.words) == (Verb.WILL_HELP, Audience.STAFF, SAID)
    assert now(need).unit == unit_of(here), "it stays with the unit"
    assert told("NeedUnitComing") == keys(here.worker) and told("NeedUnitWilling") == set()
    page = text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    assert f"说好{_day()}来" in page and SAID in page and f"{_day()}来" in page
    assert f"说好{_day()}来" in text(browser_of(here.worker).get("/admin/needs/need/?tab=all"))


def test_the_resident_reads_nothing_of_it(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    before = Message.objects.filter(recipient_key__startswith="p:").count()
    _says(cast, need)
    page = text(browser_of(None).get(f"/n/{need.link_token}/"))
    assert "金丝雀" not in page and f"{_day()}来" not in page
    assert Message.objects.filter(recipient_key__startswith="p:").count() == before


def test_without_a_day_it_is_said_all_the_same_and_twice_is_once(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    first = _says(cast, need, days=None)
    assert told("NeedUnitWilling") == keys(here.worker)
    as_it_was = traces(need)
    assert _says(cast, need, days=None) == first
    assert traces(need) == as_it_was
    assert _says(cast, need, days=3) != first, "another day is news"
    assert now(need).unit_comes_on == timezone.localdate() + timedelta(days=3)


@pytest.mark.parametrize(
    ("words", "days", "field"),
    [("", 2, "words"), ("来" * 201, 2, "words"), (SAID, -1, "comes_on"), (SAID, 91, "comes_on")],
)
def test_no_words_too_many_or_a_day_that_cannot_be_are_refused(cast: Cast, words: str, days: int, field: str) -> None:
    need = asked(cast.chengxiang)
    as_it_was = traces(need)
    with pytest.raises(Invalid) as refused:
        _says(cast, need, words, days)
    assert set(refused.value.fields) == {field}
    assert traces(need) == as_it_was


def test_nobody_else_says_it(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    _other, neighbour = another_unit(here)
    for stranger in (here.worker, here.secretary, neighbour, cast.xiasha.liaison):
        with pytest.raises(NotFound):
            unit_will_help(pk=need.pk, by=fresh(stranger), unit_id=unit_of(here).pk, words=SAID)
    assign_need(pk=need.pk, by=fresh(here.worker), to_user_id=here.secretary.pk, why=WHY)
    with pytest.raises(RuleBroken):
        _says(cast, need)


def test_what_a_unit_said_goes_with_the_unit(cast: Cast) -> None:
    here = cast.chengxiang
    unit = unit_of(here)
    ends = {
        "report": lambda pk: unit_report(pk=pk, by=fresh(here.liaison), unit_id=unit.pk, words="换好了"),
        "hand_back": lambda pk: unit_hand_back(pk=pk, by=fresh(here.liaison), unit_id=unit.pk, why="没空"),
        "assign": lambda pk: assign_need(pk=pk, by=fresh(here.worker), to_user_id=here.worker.pk, why=WHY),
        "finish": lambda pk: finish_need(pk=pk, by=fresh(here.worker), words="换好了"),
    }
    for end in ends.values():
        need = asked(here)
        _says(cast, need)
        end(need.pk)
        after = now(need)
        assert (after.unit, after.unit_said, after.unit_comes_on) == (None, "", None)


def test_the_table_itself_keeps_no_words_of_a_unit_that_has_gone(cast: Cast) -> None:
    need = asked(cast.chengxiang)
    _says(cast, need)
    with pytest.raises(IntegrityError, match="need_unit_said_has_unit"), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(unit=None)


def test_after_the_unit_answered_the_strip_says_what_to_do_now(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    assert now(need).why_here == "他们有设备科"
    unit_report(pk=need.pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, words="校好了")
    assert now(need).why_here == f"{unit_of(here)}回复了，请答复居民"
    page = text(browser_of(here.worker).get(f"/admin/needs/need/{need.pk}/change/"))
    strip = page[page.index('class="strip"') : page.index('class="two"')]
    assert "他们有设备科" not in strip and "请答复居民" in strip


def test_the_page_of_the_desk_and_what_was_typed_stays(cast: Cast) -> None:
    here, need = cast.chengxiang, asked(cast.chengxiang)
    client, path = browser_of(here.liaison), f"/desk/needs/{need.pk}/"
    unit, day = hidden(text(client.get(path)), "unit"), timezone.localdate() + timedelta(days=2)
    for typed in ({"words": ""}, {"words": SAID, "comes_on": "下周"}, {"words": SAID, "comes_on": "2020-01-01"}):
        refused = client.post(f"{path}will-help/", {"unit": unit, **typed})
        assert refused.status_code == 422 and typed["words"] in text(refused)
    assert now(need).unit_said == ""
    sent = client.post(f"{path}will-help/", {"unit": unit, "words": SAID, "comes_on": day.isoformat()})
    assert sent["Location"] == path
    page = text(client.get(path))
    assert f"说好{_day()}来" in page and SAID in page
    assert f"说好{_day()}来" in text(client.get("/desk/"))
    assert browser_of(here.worker).post(f"{path}will-help/", {"unit": unit, "words": "不是我"}).status_code == 404


def test_a_page_says_its_sentence_once(cast: Cast) -> None:
    here = cast.chengxiang
    short, long = asked(here, words="想歇脚喝口热水"), asked(here, words="想歇脚喝口热水。" + "天太热了" * 20)
    client = browser_of(here.liaison)
    assert '<p class="said">' not in text(client.get(f"/desk/needs/{short.pk}/"))
    assert '<p class="said">' in text(client.get(f"/desk/needs/{long.pk}/"))
