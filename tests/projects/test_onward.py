"""From the page of a need to the project or the 民生实事 made of it, and back."""

from __future__ import annotations

from django.urls import reverse

from alliance.lib.onward import onward
from tests.cast import Cast, browser_of, fresh, say_need
from tests.projects.running import project_in
from tests.projects.test_deeds import proposed


def test_a_need_leads_to_the_forms_and_to_what_was_made_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    page = reverse("admin:needs_need_change", args=[need.pk])
    before = browser_of(here.worker).get(page).content.decode()
    assert f"{reverse('admin:projects_project_add')}?origin={need.number}" in before
    assert f"{reverse('admin:projects_deed_add')}?origin={need.number}" in before
    made = project_in(here, origin=f"need:{need.pk}")
    item = proposed(here, origin=f"need:{need.pk}")
    after = browser_of(here.clerk).get(page).content.decode()
    assert reverse("admin:projects_project_change", args=[made.pk]) in after
    assert reverse("admin:projects_deed_change", args=[item.pk]) in after


def test_the_form_knows_where_it_comes_from(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    form = browser_of(cast.chengxiang.clerk).get(reverse("admin:projects_project_add"), {"origin": need.number})
    assert form.context["form"].initial["origin"] == need.number


def test_another_street_sees_nothing_of_it(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    made, key = project_in(cast.chengxiang, origin=f"need:{need.pk}"), f"need:{need.pk}"
    assert [one.title for one in onward(fresh(cast.chengxiang.clerk), key, need.number).made] == [made.name]
    assert not onward(fresh(cast.xiasha.worker), key, need.number).made


def test_whoever_may_not_begin_one_is_offered_no_form(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    assert onward(fresh(cast.chengxiang.worker), f"need:{need.pk}", need.number).ways
    assert not onward(fresh(cast.chengxiang.leader), f"need:{need.pk}", need.number).ways
