"""Free words about a person stand on the row, encrypted, until the account ends: no line of history has them."""

from __future__ import annotations

from django.db import connection
from django.urls import reverse

from people.services.residents import erase_account
from tests.cast import Cast, browser_of
from tests.volunteers.test_attending import duty, helper
from tests.volunteers.things import begun, joined
from volunteers.contributions_activities import my_data
from volunteers.models import SignUp
from volunteers.services import noting
from volunteers.states import Appeal

SAID = "我母亲那天住院了"


def _appealed(cast: Cast) -> SignUp:
    here = cast.chengxiang
    post = duty(here)
    row = joined(post, helper(here))
    slot = begun(post, hours_ago=4, lasted=3)
    noting.note_missing(slot=slot.pk, by=here.worker, signups=[row.pk])
    return noting.appeal(pk=row.pk, by=row.person, version=None, words=SAID)


def _raw(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t")  # noqa: S608 (names of our tables)
        return str(cursor.fetchone()[0])


def test_what_one_says_against_missing_is_kept_unreadable_and_handed_out(cast: Cast) -> None:
    row = SignUp.objects.get(pk=_appealed(cast).pk)
    assert row.appeal_words == SAID and my_data(row.person)["signups"][0]["appeal"] == SAID
    assert SAID not in _raw("volunteers_signup") + _raw("volunteers_signupevent")


def test_it_goes_with_the_account_and_that_it_was_said_stays(cast: Cast) -> None:
    row = _appealed(cast)
    erase_account(user=row.person)
    row = SignUp.objects.get(pk=row.pk)
    assert (row.appeal, row.appeal_words) == (Appeal.ASKED, "")
    assert row.events.filter(verb="appeal").exists()


def test_whoever_was_seen_after_all_has_said_nothing(cast: Cast) -> None:
    row = _appealed(cast)
    noting.note_present(slot=row.post.slot_id, by=cast.chengxiang.secretary, signups=[row.pk], paper=True)
    row.refresh_from_db()
    assert (row.appeal, row.appeal_words) == (Appeal.NONE, "")


def test_an_answer_is_given_on_the_page_of_that_day(cast: Cast) -> None:
    here, row = cast.chengxiang, _appealed(cast)
    elsewhere = begun(duty(here), hours_ago=30, lasted=3)
    browser = browser_of(here.secretary)
    assert browser.post(reverse("volunteers:answer", args=[elsewhere.pk, row.pk]), {"excuse": "1"}).status_code == 404
    assert SignUp.objects.get(pk=row.pk).appeal == Appeal.ASKED
    assert browser.post(reverse("volunteers:answer", args=[row.post.slot_id, row.pk])).status_code == 302
    assert SignUp.objects.get(pk=row.pk).appeal == Appeal.UPHELD
