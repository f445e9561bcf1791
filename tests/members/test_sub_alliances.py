"""A sub-alliance set up by mistake is taken back as long as nothing hangs on it; a second one is asked about."""

from __future__ import annotations

import pytest
from django.test import Client

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from members.models import Alliance
from members.services import create_alliance, join_alliance, take_back_alliance
from members.services.bodies import create_body
from members.services.figures import add_figure
from tests.cast import browser_of
from tests.members.conftest import Twins
from tests.members.test_bodies import kind

pytestmark = pytest.mark.django_db
ADD = "/admin/members/alliance/add/"


def _sub(twins: Twins, name: str = "设错的子联盟") -> Alliance:
    return create_alliance(area=twins.here.community, name=name, parent=twins.here.alliance, by=twins.here.clerk)


def test_what_was_set_up_by_mistake_is_taken_back_and_written_down(twins: Twins) -> None:
    sub = _sub(twins)
    page = f"/admin/members/alliance/{sub.pk}/change/"
    clerk = browser_of(twins.here.clerk)
    assert "take-back" in clerk.get(page).content.decode()
    sent = clerk.post(f"/admin/members/alliance/{sub.pk}/take-back/", follow=True)
    assert "撤销了，“设错的子联盟”不再列出。" in sent.content.decode()
    assert not Alliance.objects.filter(pk=sub.pk).exists()
    assert AuditEntry.objects.filter(subject=f"alliance:{sub.pk}", params__change="taken_back").exists()
    assert "设错的子联盟" not in Client().get(f"/alliances/{twins.here.alliance.pk}/").content.decode()


@pytest.mark.parametrize("what", ["unit", "body", "figure"])
def test_where_something_hangs_on_it_it_stays(twins: Twins, what: str) -> None:
    sub, clerk = _sub(twins), twins.here.clerk
    if what == "unit":
        join_alliance(alliance=sub, unit=twins.here.unit, by=clerk)
    elif what == "body":
        create_body(kind=kind("owners"), name="业委会", area=twins.here.community, alliance=sub, by=clerk)
    else:
        add_figure(alliance=sub.pk, by=clerk, label="单位", value="3家", as_of="", source="演示", position=1)
    browser = browser_of(clerk)
    assert "take-back" not in browser.get(f"/admin/members/alliance/{sub.pk}/change/").content.decode()
    assert "不能撤销" in browser.post(f"/admin/members/alliance/{sub.pk}/take-back/", follow=True).content.decode()
    assert Alliance.objects.filter(pk=sub.pk).exists()


def test_only_who_sets_it_up_takes_it_back_and_never_a_streets_own(twins: Twins) -> None:
    sub = _sub(twins)
    with pytest.raises(NotAllowed):
        take_back_alliance(pk=sub.pk, by=twins.here.worker)
    with pytest.raises((NotFound, NotAllowed)):
        take_back_alliance(pk=sub.pk, by=twins.there.clerk)
    with pytest.raises(RuleBroken):
        take_back_alliance(pk=twins.here.alliance.pk, by=twins.here.administrator)


def test_a_second_one_of_the_same_community_is_asked_about(twins: Twins) -> None:
    _sub(twins, "邻里联盟")
    typed = {
        "area": twins.here.community.pk,
        "parent": twins.here.alliance.pk,
        "name": "好邻联盟",
        "office_name": "秘书处",
    }
    clerk = browser_of(twins.here.clerk)
    assert 'name="second"' not in clerk.get(ADD).content.decode()
    asked = clerk.post(ADD, typed)
    assert "已经有“邻里联盟”" in asked.content.decode() and 'name="second"' in asked.content.decode()
    assert not Alliance.objects.filter(name="好邻联盟").exists()
    assert clerk.post(ADD, {**typed, "second": "on"}).status_code == 302
    assert Alliance.objects.filter(name="好邻联盟").exists()


def test_control_the_first_one_is_not_asked_about(twins: Twins) -> None:
    typed = {
        "area": twins.here.community.pk,
        "parent": twins.here.alliance.pk,
        "name": "好邻联盟",
        "office_name": "秘书处",
    }
    assert browser_of(twins.here.clerk).post(ADD, typed).status_code == 302
