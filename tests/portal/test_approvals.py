"""待我审批: one inbox for wishes and requests for more time, counted in the menu, decided where they stand."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.approvals import POINT, approvals_count
from alliance.lib.registry import contributions
from deadlines.models import Stage
from needs.models import Extension, Need
from needs.services.extensions import ask_extension, latest
from needs.services.handling import accept_need
from needs.services.wish_policy import save_policy
from needs.states import ExtensionState
from needs.states.wish import APPROVE_WAIT
from people.models import User
from resources.services import Booker
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import another_unit
from tests.needs.wishing import verified
from tests.resources.things import at, book, in_days, resource_in

INBOX = "/admin/approvals/"


def _asked(cast: Cast) -> Extension:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=fresh(here.worker))
    need = Need.objects.get(pk=need.pk)
    return ask_extension(pk=need.pk, by=fresh(here.worker), until=latest(need), reason="等配件")


def test_nothing_waits_and_the_page_says_so(cast: Cast) -> None:
    page = browser_of(cast.chengxiang.secretary).get(INBOX).content.decode()
    assert "没有等您审批的" in page


def test_everything_that_waits_for_one_person_stands_in_one_list(cast: Cast) -> None:
    here = cast.chengxiang
    asked, wish = _asked(cast), verified(here)
    page = browser_of(here.secretary).get(INBOX).content.decode()
    assert "等配件" in page and f"{INBOX}extensions/{asked.pk}/" in page
    assert wish.item in page and f"/admin/needs/wish/{wish.pk}/change/" in page
    # Those who asked, colleagues, the street, the other street: nothing of it.
    for person in (here.worker, here.grid_lead, here.clerk, cast.xiasha.secretary):
        other = browser_of(person).get(INBOX)
        assert other.status_code == 200 and "没有等您审批的" in other.content.decode()
    for person in (here.system_admin, here.audit_admin):
        assert browser_of(person).get(INBOX).status_code == 403


def test_the_streets_setting_moves_wishes_to_another_inbox(cast: Cast) -> None:
    here = cast.chengxiang
    wish, there = verified(here), verified(cast.xiasha)
    save_policy(by=fresh(here.party_office), street_code=here.street.pk, approver="street")
    assert wish.item not in browser_of(here.secretary).get(INBOX).content.decode()
    page = browser_of(here.section_head).get(INBOX).content.decode()
    assert f"/wish/{wish.pk}/" in page and f"/wish/{there.pk}/" not in page
    assert f"/wish/{there.pk}/" in browser_of(cast.xiasha.secretary).get(INBOX).content.decode()


def test_the_menu_counts_what_waits(cast: Cast) -> None:
    here = cast.chengxiang
    verified(here)
    verified(here)
    nav = browser_of(here.secretary).get(INBOX).context["nav"]
    (item,) = [item for section in nav for item in section["items"] if item["url"] == INBOX]
    assert (item["count"](), item["current"]) == ("2", True)


def test_the_number_is_that_of_the_rows_whatever_waits(cast: Cast) -> None:
    """Each contribution counts for everybody what it would list; most of them together, by one statement."""
    here, some = cast.chengxiang, set[str]()
    _asked(cast)
    verified(here)
    room, (unit, liaison) = resource_in(here, asks_first=True), another_unit(here)
    resource_in(here, by=here.worker)
    book(liaison, room, at(in_days(2), 9), at(in_days(2), 11), booker=Booker(unit=unit.pk))
    for person in here.people().values():
        request = _request(person)
        with CaptureQueriesContext(connection) as queries:
            number = approvals_count(request)
        listed = {add.__name__: len(add(_request(person))) for add in contributions(POINT)}
        assert number == sum(listed.values()), (person.username, listed)
        assert len(queries) <= 5, "the person's roles; three whose rows are looked at one by one; all others"
        some |= {name for name, rows in listed.items() if rows}
    assert some >= {"extensions_to_decide", "wishes_to_approve", "resources_to_approve", "bookings_to_answer"}


def _request(person: User) -> HttpRequest:
    request = HttpRequest()
    request.user = fresh(person)
    return request


def test_an_extension_is_granted_right_there(cast: Cast) -> None:
    asked = _asked(cast)
    client = browser_of(cast.chengxiang.secretary)
    version = Need.objects.get(pk=asked.need_id).version
    sent = {"version": version, "granted": "yes", "words": "抓紧办"}
    assert client.post(f"{INBOX}extensions/{asked.pk}/", sent).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.words) == (ExtensionState.GRANTED, "抓紧办")
    late = client.post(f"{INBOX}extensions/{asked.pk}/", {**sent, "words": "再说一遍", "version": version + 1})
    assert late.status_code == 409 and "再说一遍" in late.content.decode()


def test_a_decision_without_an_answer_keeps_the_words(cast: Cast) -> None:
    asked = _asked(cast)
    refused = browser_of(cast.chengxiang.secretary).post(f"{INBOX}extensions/{asked.pk}/", {"words": "先问问"})
    page = refused.content.decode()
    assert refused.status_code == 422 and "先问问" in page and "同意延期" in page
    asked.refresh_from_db()
    assert asked.state == ExtensionState.WAITING
    assert (
        browser_of(cast.xiasha.secretary).post(f"{INBOX}extensions/{asked.pk}/", {"granted": "no"}).status_code == 404
    )


def test_a_wish_that_waits_long_is_marked(cast: Cast) -> None:
    wish = verified(cast.chengxiang)
    page = browser_of(cast.chengxiang.secretary).get(INBOX)
    assert [row["overdue"] for row in page.context["rows"]] == [False]
    stage = Stage.objects.filter(label=wish.number, kind=APPROVE_WAIT)
    assert stage.update(due_at=timezone.now() - timedelta(minutes=1)) == 1
    page = browser_of(cast.chengxiang.secretary).get(INBOX)
    assert [row["overdue"] for row in page.context["rows"]] == [True]
