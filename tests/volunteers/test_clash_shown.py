"""What one has at that time already stands beside the day, before one taps."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.cast import Cast, browser_of
from tests.volunteers.things import comer, day, joined, published
from volunteers.models import Activity
from volunteers.services.slots import Place


def test_the_page_says_with_what_a_day_clashes_and_chooses_another_first(cast: Cast) -> None:
    here, sun = cast.chengxiang, comer()
    _first, taken = published(here, starts=48, title="手机摄影课")
    other, clashing = published(here, starts=49, title="清厢之旅")
    free = day(Activity.objects.get(pk=other.pk), here.worker, starts=72, posts=[Place(capacity=5)]).posts.get()
    url = reverse("volunteers:activity", args=[other.pk])
    assert "您已经报了" not in browser_of(sun).get(url).content.decode(), "the control"
    joined(taken, sun)
    page = browser_of(sun).get(url)
    assert page.content.decode().count("这个时间您已经报了“手机摄影课”") == 1
    assert page.context["first_post"] == free.pk != clashing.pk
    assert "您已经报了" not in Client().get(url).content.decode(), "nobody else reads it"


def test_the_day_one_has_is_no_clash_with_itself(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    sun = comer()
    joined(post, sun)
    page = browser_of(sun).get(reverse("volunteers:activity", args=[row.pk])).content.decode()
    assert "这个时间您已经报了" not in page
