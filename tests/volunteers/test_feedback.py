"""How it was: said once by whoever was there, changed for thirty days, read by nobody but as whole fives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from people.services.residents import erase_account
from tests.cast import Cast, Street, api_of, browser_of
from tests.volunteers.things import begun, comer, joined, published
from volunteers.contributions_activities import my_data
from volunteers.models import Feedback, SignUp, Slot
from volunteers.services import noting
from volunteers.services.feedback import day_figures, say_feedback

SAID = "讲解很好，车有点挤"


def _were_there(here: Street, people: int) -> list[SignUp]:
    """So many who came to one day, which was over an hour ago."""
    _row, post = published(here, capacity=people + 1)
    rows = [joined(post, comer()) for _n in range(people)]
    slot = begun(post, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=here.worker, signups=[row.pk for row in rows], paper=True)
    return list(SignUp.objects.filter(post=post).select_related("person", "post__slot").order_by("pk"))


def _say(row: SignUp, **said: Any) -> Feedback:
    return say_feedback(**{"pk": row.pk, "by": row.person, "mood": "good", **said})


def test_it_is_said_once_and_said_again_it_takes_the_place(cast: Cast) -> None:
    (row,) = _were_there(cast.chengxiang, 1)
    events = row.events.count()
    _say(row, words=SAID)
    _say(row, mood="bad", words=" 车太挤 ")
    found = Feedback.objects.get()
    assert (found.mood, found.words) == ("bad", "车太挤") and found.changed_at > found.said_at
    assert row.events.count() == events, "the history that staff read says nothing of it"
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(signup=row, mood="good")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.update(mood="best")


def test_only_whoever_was_there_says_it_after_the_day_and_for_thirty_days(cast: Cast) -> None:
    here = cast.chengxiang
    (row,) = _were_there(here, 1)
    with pytest.raises(NotAllowed):
        _say(row, by=here.worker)
    with pytest.raises(NotFound):
        _say(row, by=comer())
    for wrong in ({"mood": ""}, {"mood": "best"}, {"words": "挤" * 301}):
        with pytest.raises(Invalid):
            _say(row, **wrong)
    _row, post = published(here, starts=96)
    came_not = joined(post, row.person)
    begun(post, hours_ago=30)
    with pytest.raises(RuleBroken):
        _say(came_not)
    for ends in (timedelta(hours=1), -timedelta(days=30, minutes=1)):
        moved = timezone.now() + ends
        Slot.objects.filter(pk=row.post.slot_id).update(starts=moved - timedelta(hours=3), ends=moved)
        with pytest.raises(RuleBroken):
            _say(row)
    assert not Feedback.objects.exists()
    Slot.objects.filter(pk=row.post.slot_id).update(ends=moved + timedelta(minutes=2))
    assert _say(row).mood == "good", "the control: it is still the thirtieth day"


def test_whoever_runs_it_reads_fives_and_words_without_names(cast: Cast) -> None:
    here = cast.chengxiang
    rows, worker = _were_there(here, 6), browser_of(here.worker)
    slot = rows[0].post.slot
    url = reverse("volunteers:today", args=[slot.pk])
    for row in rows[:4]:
        _say(row, words=SAID)
    assert day_figures(slot).n == 0 and day_figures(slot).words == ()
    page = worker.get(url).content.decode()
    assert "大家怎么说" not in page and SAID not in page
    _say(rows[4], mood="bad", words="没有座位")
    page = worker.get(url).content.decode()
    assert "5人说了：满意4人，一般0人，不满意1人。" in page and SAID in page and "没有座位" in page
    _say(rows[5], mood="fair", words="第六个人的话")
    found = day_figures(slot)
    assert (found.n, found.good, found.fair, found.bad) == (5, 4, 0, 1), "one more would say what one person said"
    assert "第六个人的话" not in worker.get(url).content.decode()
    # Nobody reads that one person said it: not beside the name, and not in the sign-ups of others.
    assert browser_of(rows[0].person).get(url).status_code == 403


def test_words_are_unreadable_in_the_table_handed_out_and_go_with_the_account(cast: Cast) -> None:
    (row,) = _were_there(cast.chengxiang, 1)
    _say(row, words=SAID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM volunteers_feedback")
        assert SAID not in cursor.fetchone()[0]
    (mine,) = my_data(row.person)["feedback"]
    assert (mine["outcome"], mine["words"]) == ("满意", SAID)
    erase_account(user=row.person)
    found = Feedback.objects.get()
    assert (found.mood, found.words) == ("good", "")


def test_the_page_leads_there_keeps_what_was_refused_and_shows_what_was_said(cast: Cast) -> None:
    (row,) = _were_there(cast.chengxiang, 1)
    client, url = browser_of(row.person), reverse("volunteers:signup", args=[row.pk])
    say = reverse("volunteers:feedback", args=[row.pk])
    leads = f'href="{url}#feedback"'
    activity = reverse("volunteers:activity", args=[row.post.slot.activity_id])
    for address in (reverse("volunteers:my_activities"), activity):
        assert leads in client.get(address).content.decode()
    refused = client.post(say, {"words": SAID})
    assert refused.status_code == 422 and SAID in refused.content.decode() and "请点一个" in refused.content.decode()
    assert client.post(say, {"mood": "fair", "words": SAID})["Location"] == url
    page = client.get(url).content.decode()
    assert SAID in page and 'value="fair"' in page and "checked" in page
    assert browser_of(comer()).post(say, {"mood": "bad"}).status_code == 404
    Slot.objects.filter(pk=row.post.slot_id).update(
        starts=timezone.now() - timedelta(days=31, hours=3), ends=timezone.now() - timedelta(days=31)
    )
    assert client.post(say, {"mood": "bad"}).status_code == 409
    assert 'id="feedback"' not in client.get(url).content.decode()
    assert leads not in client.get(reverse("volunteers:my_activities")).content.decode()
    assert Feedback.objects.get().mood == "fair"


def test_over_the_api_it_is_ones_own(cast: Cast) -> None:
    (row,) = _were_there(cast.chengxiang, 1)
    url = f"/api/v1/activity-signups/{row.pk}/feedback/"
    assert api_of(comer()).post(url, {"mood": "good"}, format="json").status_code == 404
    assert api_of(cast.chengxiang.worker).post(url, {"mood": "good"}, format="json").status_code == 404
    assert api_of(row.person).post(url, {}, format="json").status_code == 400
    said = api_of(row.person).post(url, {"mood": "bad", "words": SAID}, format="json").json()
    assert (said["mood"], said["words"]) == ("bad", SAID)
    assert Feedback.objects.get().mood == "bad"
