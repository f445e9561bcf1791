"""Whoever gives a resource that was proposed for a need finds it on the desk: its number, whom to call, since when."""

from __future__ import annotations

import pytest

from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.services.proposing import propose_resource
from people.models import Area
from resources.models import Resource
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import another_unit
from tests.desk.asking import text
from tests.resources.things import at, book, given_by_unit, in_days, office_of

pytestmark = pytest.mark.django_db
WORDS = "老人腿脚不便，想请人上门理发"


def _proposed(cast: Cast) -> tuple[Need, Resource]:
    here = cast.chengxiang
    barber = given_by_unit(here, kind="haircut", name="上门理发", capacity=None)
    need = say_need(here.home, words=WORDS, name="金丝雀阿婆", phone="13812345678")
    accept_need(pk=need.pk, by=fresh(here.worker))
    propose_resource(pk=need.pk, by=fresh(here.worker), resource=barber.pk)
    return need, barber


def test_the_desk_and_the_page_of_the_resource_say_for_which_need_and_whom_to_call(cast: Cast) -> None:
    here, (need, barber) = cast.chengxiang, _proposed(cast)
    Area.objects.filter(pk=here.home.pk).update(phone="0571-88990011")
    client = browser_of(here.liaison)
    for path in ("/desk/", f"/desk/resources/{barber.pk}/"):
        page = text(client.get(path))
        row = page.split('id="proposed"')[1].split("</section>")[0]
        assert f"{here.home.name}想请您的“上门理发”帮个忙" in row and need.number in row
        assert "tel:" in row and "从哪天起" in row
        assert not any(secret in page for secret in ("金丝雀", "1234", "腿脚不便", need.tracking_code))
    _unit, neighbour = another_unit(here)
    assert need.number not in text(browser_of(neighbour).get("/desk/"))


def test_it_leaves_the_desk_once_it_is_booked_or_done(cast: Cast) -> None:
    here, (need, barber) = cast.chengxiang, _proposed(cast)
    client, other = browser_of(here.liaison), say_need(here.home, words=WORDS)
    accept_need(pk=other.pk, by=fresh(here.worker))
    propose_resource(pk=other.pk, by=fresh(here.worker), resource=barber.pk)
    about = {"subject": f"need:{need.pk}", "subject_label": need.number}
    book(here.worker, barber, at(in_days(2), 9), at(in_days(2), 10), booker=office_of(here), place="8幢2单元", **about)
    page = text(client.get("/desk/"))
    assert need.number not in page and other.number in page
    finish_need(pk=other.pk, by=fresh(here.worker), words="理好了")
    assert "想请您的资源帮忙" not in text(client.get("/desk/"))
