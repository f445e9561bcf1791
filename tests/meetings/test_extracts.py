"""公开摘要: everybody reads words written for everybody, of meetings that were sent, until they are taken down."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import Warned
from meetings.models import Extract, Meeting
from meetings.services.extracts import hide_extract, show_extract
from meetings.services.minutes import send_minutes, write_minutes
from tests.cast import Cast, Street, api_of, browser_of
from tests.meetings.things import called, passed

pytestmark = pytest.mark.django_db
SECRET = "三幢李桂花家漏水，电话13800000123"
WORDS = "议定垃圾房移到东门，下月动工。"


def minuted(here: Street, **changes: Any) -> Meeting:
    row = passed(called(here, **changes))
    write_minutes(meeting=row.pk, by=here.worker, base=0, text=SECRET)
    return Meeting.objects.get(pk=row.pk)


def sent(here: Street, **changes: Any) -> Meeting:
    row = minuted(here, **changes)
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    return Meeting.objects.get(pk=row.pk)


def shown(here: Street, row: Meeting, words: str = WORDS, **more: Any) -> Extract:
    return show_extract(meeting=row.pk, by=here.worker, version=None, words=words, **more)


def read(path: str) -> Any:
    return Client().get(path)


def test_everybody_reads_the_extract_and_nothing_else(cast: Cast) -> None:
    here = cast.chengxiang
    row = sent(here)
    assert read(f"/meetings/{row.pk}/").status_code == 404 and row.title not in read("/meetings/").content.decode()
    shown(here, row)
    one, every = read(f"/meetings/{row.pk}/"), read("/meetings/")
    assert (one.status_code, every.status_code) == (200, 200)
    page = one.content.decode()
    assert WORDS in page and "李桂花" not in page and "13800000123" not in page
    assert row.title in every.content.decode() and here.worker.name not in page
    assert read(f"/meetings/?street={here.street.pk}").status_code == 200


def test_only_what_was_sent_and_only_by_whoever_keeps_it(cast: Cast) -> None:
    here = cast.chengxiang
    early, row = minuted(here), sent(here, title="第二次")
    with pytest.raises(RuleBroken):
        shown(here, early)
    for by, error in ((here.liaison, NotAllowed), (here.neighbour, NotAllowed), (cast.xiasha.worker, NotFound)):
        with pytest.raises(error):
            show_extract(meeting=row.pk, by=by, version=None, words=WORDS)
    with pytest.raises(Invalid):
        shown(here, row, " ")
    with pytest.raises(Conflict):
        show_extract(meeting=row.pk, by=here.worker, version=row.version + 1, words=WORDS)


def test_what_looks_personal_is_shown_only_after_a_second_look(cast: Cast) -> None:
    here = cast.chengxiang
    row = sent(here)
    with pytest.raises(Warned) as warned:
        shown(here, row, SECRET)
    assert not Extract.objects.exists()
    assert shown(here, row, SECRET, seen_warnings=warned.value.mark).words == SECRET


def test_taken_down_the_words_are_gone_and_it_may_be_shown_anew(cast: Cast) -> None:
    here = cast.chengxiang
    row = sent(here)
    shown(here, row)
    hide_extract(meeting=row.pk, by=here.worker, version=None)
    hide_extract(meeting=row.pk, by=here.worker, version=None)
    assert read(f"/meetings/{row.pk}/").status_code == 404
    assert Extract.objects.get().words == "" and WORDS not in str(list(row.events.values_list("words", "params")))
    assert row.events.filter(verb="hide").count() == 1, "a second tap takes nothing down"
    assert shown(here, row, "另一句").words == "另一句" and read(f"/meetings/{row.pk}/").status_code == 200


def test_the_database_lets_nothing_be_shown_without_words(cast: Cast) -> None:
    here = cast.chengxiang
    shown(here, sent(here))
    for wrong in ({"words": ""}, {"hidden_at": "2026-11-01T00:00Z"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Extract.objects.update(**wrong)


def test_the_page_of_staff_shows_and_takes_down(cast: Cast) -> None:
    here = cast.chengxiang
    row = sent(here)
    url, browser = f"/admin/meetings/extract/{row.pk}/", browser_of(here.worker)
    refused = browser.post(url, {"words": SECRET, "version": row.version})
    assert refused.status_code == 422 and SECRET in refused.content.decode() and not Extract.objects.exists()
    assert browser.post(url, {"words": WORDS, "version": row.version}).status_code == 302
    stale = browser.post(url, {"words": "别的", "version": row.version})
    assert stale.status_code == 409 and "别的" in stale.content.decode()
    assert "正在公开" in browser.get(url).content.decode()
    row.refresh_from_db()
    assert browser.post(url, {"hide": "1", "words": WORDS, "version": row.version}).status_code == 302
    assert not Extract.objects.shown().exists()
    assert browser_of(here.neighbour).get(url).status_code == 403
    assert browser_of(cast.xiasha.worker).get(url).status_code == 404


def test_the_api_shows_and_says_what_is_shown(cast: Cast) -> None:
    here = cast.chengxiang
    row = sent(here)
    url = f"/api/v1/meetings/{row.pk}/extract/"
    warned = api_of(here.worker).post(url, {"version": row.version, "words": SECRET}, format="json")
    assert warned.status_code == 400 and warned.json()["code"] == "warned"
    answer = api_of(here.worker).post(url, {"version": row.version, "words": WORDS}, format="json").json()
    assert answer["extract"] == WORDS and {"show", "hide"} <= set(answer["abilities"])
    gone = api_of(here.worker).post(f"{url}hide/", {"version": answer["version"]}, format="json")
    assert gone.json()["extract"] == ""
