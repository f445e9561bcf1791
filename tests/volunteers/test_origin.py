"""From what many need to the course made of it, and back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.errors import NotFound
from alliance.lib.onward import onward
from tests.cast import Cast, browser_of, fresh, say_need
from tests.volunteers.things import SAID, drafted, published
from volunteers.models import Activity
from volunteers.states import ActivityKind

FORM = {**SAID, "together": 4, "closes_hours": 0, "coefficient": "ordinary"}


def test_a_need_leads_to_the_form_and_to_the_course_made_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    page, add = reverse("admin:needs_need_change", args=[need.pk]), reverse("admin:volunteers_activity_add")
    worker = browser_of(here.worker)
    assert f"{add}?origin={need.number}" in worker.get(page).content.decode()
    first = worker.get(add, {"origin": need.number}).context["form"].initial
    assert (first["origin"], first["area"], first["kind"]) == (need.number, need.area_id, ActivityKind.COURSE)
    typed = {**FORM, **first, "title": "手机课", "client_key": str(uuid4())}
    answer = worker.post(add, typed)
    row = Activity.objects.get()
    assert (row.origin, row.origin_label, row.kind) == (f"need:{need.pk}", need.number, ActivityKind.COURSE)
    url = reverse("admin:volunteers_activity_change", args=[row.pk])
    assert answer["Location"] == url and url in worker.get(page).content.decode()
    assert page in worker.get(url).content.decode(), "and back"


def test_everybody_reads_that_residents_asked_and_nothing_of_what_they_said(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    row, _post = published(cast.chengxiang, origin=f"need:{need.pk}")
    page = Client().get(reverse("volunteers:activity", args=[row.pk])).content.decode()
    assert "居民提的需要" in page
    assert need.number not in page and need.title not in page


def test_an_origin_that_one_may_not_see_is_none(cast: Cast) -> None:
    need = say_need(cast.xiasha.home)
    with pytest.raises(NotFound):
        drafted(cast.chengxiang, origin=f"need:{need.pk}")
    typed = {**FORM, "area": cast.chengxiang.home.pk, "origin": need.number, "client_key": str(uuid4())}
    refused = browser_of(cast.chengxiang.worker).post(reverse("admin:volunteers_activity_add"), typed)
    assert refused.status_code == 422 and "没有这个编号" in refused.content.decode()
    assert not Activity.objects.exists()


def test_another_street_sees_nothing_of_it_and_who_drafts_none_is_offered_no_form(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    row, key = drafted(here, origin=f"need:{need.pk}"), f"need:{need.pk}"
    assert row.title in [one.title for one in onward(fresh(here.clerk), key, need.number).made]
    assert row.title not in [one.title for one in onward(fresh(cast.xiasha.worker), key, need.number).made]
    assert not onward(fresh(here.leader), key, need.number).ways


def test_a_wish_of_one_person_is_not_made_into_an_activity(cast: Cast) -> None:
    ways = onward(fresh(cast.chengxiang.worker), "wish:1", "XY-CX-20261123-0001").ways
    assert reverse("admin:volunteers_activity_add") not in "".join(way.url for way in ways)
