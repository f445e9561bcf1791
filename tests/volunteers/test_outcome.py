"""What came of it, with a number: 19对意向."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.cast import Cast, browser_of
from tests.volunteers.things import begun, published
from volunteers.models import Activity
from volunteers.states import ActivityState


def test_everybody_reads_what_came_of_it_and_no_name_slips_in(cast: Cast) -> None:
    row, post = published(cast.chengxiang, kind="match", title="青年交友会")
    begun(post, hours_ago=4, lasted=3)
    worker, url = browser_of(cast.chengxiang.worker), reverse("admin:volunteers_activity_finish", args=[row.pk])
    typed = {"finish-version": row.version, "finish-outcome": "19对意向，问小王 13800000000"}
    assert worker.post(url, typed).status_code == 422
    assert Activity.objects.get(pk=row.pk).state == ActivityState.PUBLISHED
    assert worker.post(url, {**typed, "finish-outcome": "19对意向"}).status_code == 302
    page = Client().get(reverse("volunteers:activity", args=[row.pk])).content.decode()
    assert "19对意向" in page and "13800000000" not in page
