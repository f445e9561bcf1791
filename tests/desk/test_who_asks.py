"""A unit reads which office asks it, why, and whom to call: the community, or the street."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from alliance.lib.public_text import Warned
from members.services import suspend_unit
from needs.models import Need, NeedEvent
from needs.services.assigning import assign_need
from needs.services.triage import escalate_need
from needs.states import Verb
from notifications.models import Message
from people.models import Area
from tests.cast import Cast, Street, api_of, browser_of, fresh, say_need
from tests.claims.things import alliance_of, unit_of
from tests.desk.asking import hidden, text

pytestmark = pytest.mark.django_db
COMMUNITY_PHONE, STREET_PHONE = "0571-82880048", "0571-82880001"
WHY = "菜场门口的车位，贵单位有巡查队"


@pytest.fixture(autouse=True)
def phones(cast: Cast) -> None:
    here = cast.chengxiang
    Area.objects.filter(pk=here.home.pk).update(phone=COMMUNITY_PHONE)
    Area.objects.filter(pk=here.street.pk).update(phone=STREET_PHONE)


def asked_by(here: Street, who: str, **changes: Any) -> Need:
    """The unit is asked by the community, or by the street to which it was sent up."""
    alliance_of(here)
    need = say_need(here.home)
    by = here.worker
    if who == "street":
        escalate_need(pk=need.pk, by=fresh(here.worker), why="社区劝过两次")
        by = here.clerk
    given = {"why": WHY, **changes}
    assign_need(pk=need.pk, by=fresh(by), to_unit_id=unit_of(here).pk, **given)
    return Need.objects.get(pk=need.pk)


@pytest.mark.parametrize("who", ["community", "street"])
def test_every_page_names_the_office_that_asked_and_its_phone(cast: Cast, who: str) -> None:
    here = cast.chengxiang
    need = asked_by(here, who)
    office, other = (here.home, here.street) if who == "community" else (here.street, here.home)
    phone = COMMUNITY_PHONE if who == "community" else STREET_PHONE
    client, path = browser_of(here.liaison), f"/desk/needs/{need.pk}/"
    for page in (text(client.get("/desk/")), text(client.get(path))):
        assert f"{office.name}商请" in page and phone in page and WHY in page
        assert f"{other.name}商请" not in page
    page = text(client.get(path))
    for said in ("居民由{}来联系和答复", "怎么回复{}", "可以帮，告诉{}", "{}另想办法", "回复{}"):
        assert said.format(office.name) in page, said
        assert said.format(other.name) not in page
    (row,) = api_of(here.liaison).get("/api/v1/needs/asked/").json()["results"]
    assert (row["asker"], row["asker_phone"], row["why"]) == (office.name, phone, WHY)


@pytest.mark.parametrize("who", ["community", "street"])
def test_the_answers_go_to_the_office_that_asked(cast: Cast, who: str) -> None:
    here = cast.chengxiang
    office = here.home if who == "community" else here.street
    need = asked_by(here, who)
    client, path = browser_of(here.liaison), f"/desk/needs/{need.pk}/"
    unit = hidden(text(client.get(path)), "unit")
    willing = text(client.post(f"{path}will-help/", {"unit": unit, "words": "周二去看"}, follow=True))
    assert f"已经告诉{office.name}" in willing
    done = text(client.post(f"{path}report/", {"unit": unit, "words": "看过了"}, follow=True))
    assert f"谢谢贵单位，已经告诉{office.name}" in done
    late = text(client.post(f"{path}hand-back/", {"unit": unit, "why": "刚才说错了"}))
    assert f"请打电话告诉{office.name}" in late and "刚才说错了" in late


@pytest.mark.parametrize("who", ["community", "street"])
def test_the_notice_and_the_text_message_say_whom_to_call(cast: Cast, who: str, settings: LazySettings) -> None:
    settings.SITE_URL = "https://tongxin.example"
    settings.SMS_CHANNEL = "console"
    here = cast.chengxiang
    need = asked_by(here, who)
    office, phone = (here.home, COMMUNITY_PHONE) if who == "community" else (here.street, STREET_PHONE)
    notice = Message.objects.get(rule="needs.UnitAsked", channel="inapp")
    assert notice.params["contact"] == f"{office.name} {phone}" and notice.params["desk"] == office.name
    page = text(browser_of(here.liaison).get("/my/"))
    assert f"联系：{office.name} {phone}" in page
    assert need.number in page


def test_why_a_unit_is_asked_is_warned_about_like_other_words_for_outsiders(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    unit = unit_of(here)
    need = say_need(here.home, name="金丝雀")
    for words in ("金丝雀家里的血压计", "打13812345678找她", "身份证11010519491231002x"):
        with pytest.raises(Warned) as warned:
            assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=unit.pk, why=words)
    assert not NeedEvent.objects.filter(need=need, verb=Verb.ASSIGN).exists()
    # A colleague may read all of that.
    assign_need(pk=need.pk, by=fresh(here.worker), to_user_id=here.secretary.pk, why="金丝雀家，13812345678")
    assert Need.objects.get(pk=need.pk).unit_why == ""
    assign_need(pk=need.pk, by=fresh(here.worker), to_unit_id=unit.pk, why=words, seen_warnings=warned.value.mark)
    page = text(browser_of(here.liaison).get(f"/desk/needs/{need.pk}/"))
    assert "身份证…" in page and "11010519491231002" not in page, "numbers are veiled all the same"


def test_the_form_says_who_reads_it_and_takes_the_tick(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    need = say_need(here.home, name="金丝雀")
    client, path = browser_of(here.worker), f"/admin/needs/need/{need.pk}/"
    assert "单位也看得到，不写姓名电话" in text(client.get(f"{path}change/"))
    sent = {"assign-version": need.version, "assign-to": f"unit:{unit_of(here).pk}", "assign-why": "金丝雀家的血压计"}
    refused = client.post(f"{path}assign/", sent)
    page = text(refused)
    assert refused.status_code == 422 and "金丝雀家的血压计" in page and "外面的人会看到" in page
    mark = page.split('name="assign-seen_warnings"')[1].split('value="')[1].split('"')[0]
    assert client.post(f"{path}assign/", {**sent, "assign-seen_warnings": mark}).status_code == 302
    assert Need.objects.get(pk=need.pk).unit_why == "金丝雀家的血压计"


def test_the_api_takes_the_tick(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    need = say_need(here.home, name="金丝雀")
    worker, path = api_of(here.worker), f"/api/v1/needs/{need.pk}/assign/"
    sent = {"version": need.version, "to_unit_id": unit_of(here).pk, "why": "金丝雀家的血压计"}
    refused = worker.post(path, sent, format="json")
    assert refused.status_code == 400 and refused.json()["code"] == "warned"
    (mark,) = refused.json()["fields"]["seen_words"]
    assert worker.post(path, {**sent, "seen_warnings": mark}, format="json").status_code == 200


def test_what_was_said_to_colleagues_before_no_unit_reads(cast: Cast) -> None:
    """As the tables stand after an upgrade: a unit is helping, and why was written for colleagues alone."""
    here = cast.chengxiang
    need = asked_by(here, "community")
    Need.objects.filter(pk=need.pk).update(unit_why="", why_here="金丝雀的事，劝过两次")
    client = browser_of(here.liaison)
    for path in ("/desk/", f"/desk/needs/{need.pk}/"):
        assert "金丝雀" not in text(client.get(path))


def test_what_the_unit_was_told_goes_with_the_unit(cast: Cast) -> None:
    here = cast.chengxiang
    need = asked_by(here, "community")
    assert need.unit_why == WHY
    escalate_need(pk=need.pk, by=fresh(here.worker), why="单位没有回音")
    assert Need.objects.get(pk=need.pk).unit_why == ""
    suspended = asked_by(here, "community")
    suspend_unit(pk=unit_of(here).pk, by=fresh(here.party_office), why="在搬家")
    assert WHY in text(browser_of(here.liaison).get(f"/desk/needs/{suspended.pk}/"))
