"""Ways round the rules that were once open, each closed for good."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.test import Client

from alliance.lib.errors import Conflict, NotAllowed, NotFound, TooMany
from alliance.lib.text import fold
from audit.models import AuditEntry
from needs.models import NeedEvent
from needs.services.following import FAILURES_PER_ADDRESS, find_by_code, normalise_code, supplement
from needs.services.handling import print_slip
from needs.services.intake import submit_need
from needs.states import Audience, Verb
from notifications.models import Message
from people.models import RateBucket
from tests.cast import Cast, draft, fresh, say_need

pytestmark = pytest.mark.django_db
IP = "203.0.113.77"


def test_a_long_run_of_combining_marks_costs_no_more_than_a_short_one() -> None:
    def seconds(text: str) -> float:
        began = time.perf_counter()
        fold(text)
        return time.perf_counter() - began

    hostile = "a" + "\u0301" * 200_000 + "\u0316" * 200_000
    # Without the cut the ratio is in the thousands: the work grows with the square.
    assert min(seconds(hostile) for _try in range(3)) < 50 * max(min(seconds("a" * 4000) for _try in range(3)), 1e-4)
    assert normalise_code("ab" + "\u0301" * 100_000) == "AB"


def test_the_same_key_with_another_phone_or_place_is_a_conflict(cast: Cast) -> None:
    first = draft(cast.chengxiang.home, client_key=uuid4(), phone="13800000001")
    submit_need(first)
    for change in ({"phone": "13800000002"}, {"place": "别处 1幢"}, {"spot": "地下室"}):
        again = draft(cast.chengxiang.home, client_key=first.client_key, **{"phone": "13800000001", **change})
        with pytest.raises(Conflict):
            submit_need(again)


def test_only_failures_count_against_an_address(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    limit = FAILURES_PER_ADDRESS[0]
    for _try in range(limit + 5):
        assert find_by_code(number=need.number, code=need.tracking_code, ip=IP) == need
    for _try in range(limit):
        with pytest.raises(NotFound):
            find_by_code(number=need.number, code="AAAAAAAAAA", ip=IP)
    with pytest.raises(TooMany):
        find_by_code(number=need.number, code=need.tracking_code, ip=IP)


def test_a_second_tap_on_supplement_finds_the_first(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    key = uuid4()
    first = supplement(token=need.link_token, words="还有一件", client_key=key)
    assert supplement(token=need.link_token, words="还有一件", client_key=key) == first
    assert NeedEvent.objects.filter(verb=Verb.SUPPLEMENT).count() == 1


def test_a_made_up_link_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(NotFound):
        supplement(token="made-up", words="喂", client_key=uuid4())
    assert not RateBucket.objects.filter(pk__startswith="supplement").exists()


def test_a_slip_printed_by_staff_leaves_a_trace_and_has_no_link(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    worker = Client()
    worker.force_login(cast.chengxiang.worker, backend="people.backends.PasswordBackend")
    assert worker.get(f"/admin/needs/need/{need.pk}/slip/")["Location"].endswith(f"/{need.pk}/change/")
    page = worker.post(f"/admin/needs/need/{need.pk}/slip/").content.decode()
    assert need.shown_code in page
    assert need.link_token not in page
    assert "data:image" not in page
    event = NeedEvent.objects.get(verb=Verb.SLIP)
    assert (event.actor, event.audience) == (cast.chengxiang.worker, Audience.STAFF)
    assert AuditEntry.objects.filter(subject=need.number, reason=Verb.SLIP).count() == 1
    with pytest.raises(NotFound):
        print_slip(pk=need.pk, by=fresh(cast.xiasha.worker))
    with pytest.raises(NotAllowed):
        print_slip(pk=need.pk, by=fresh(cast.chengxiang.leader))


def test_a_form_without_a_version_changes_nothing(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    worker = Client()
    worker.force_login(cast.chengxiang.worker, backend="people.backends.PasswordBackend")
    base = f"/admin/needs/need/{need.pk}"
    assert worker.post(f"{base}/accept/", {"nature": "help"}).status_code == 409
    refused = worker.post(f"{base}/note/", {"note-words": "记一笔", "note-version": "abc"})
    assert refused.status_code == 409
    assert "记一笔" in refused.content.decode()
    need.refresh_from_db()
    assert need.holder is None


def test_notices_to_staff_carry_no_word_of_the_resident(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, words="王小明家漏水")
    supplement(token=need.link_token, words="王小明说更大了")
    for row in Message.objects.filter(channel="inapp"):
        assert "王小明" not in f"{row.title}{row.body}{row.params}"


def test_a_link_fills_in_a_place_but_never_overwrites_what_was_typed(cast: Cast) -> None:
    visitor, home = Client(), cast.chengxiang.home
    visitor.get(f"/say/?c={home.pk}&place=一号楼")
    visitor.post("/say/", {"words": "灯坏了"})
    assert "一号楼" in visitor.get("/say/where/").content.decode()
    visitor.post("/say/where/", {"community": home.pk, "place": "二号楼", "spot": ""})
    visitor.get(f"/say/?c={home.pk}&place=三号楼")
    assert "二号楼" in visitor.get("/say/where/").content.decode()


def test_a_made_up_notice_version_is_asked_again_under_the_present_one(cast: Cast) -> None:
    visitor = Client()
    visitor.post("/say/", {"words": "灯坏了"})
    visitor.post("/say/where/", {"community": cast.chengxiang.home.pk, "place": "二号楼", "spot": ""})
    for version in ("²", "9" * 5000, "99", ""):
        typed = {"name": "赵阿婆", "phone": "13800000001", "consent": "on", "notice_version": version}
        page = visitor.post("/say/contact/", typed)
        assert page.status_code == 422
        assert 'name="notice_version" value="1"' in page.content.decode()
        assert "赵阿婆" in page.content.decode()


def test_an_action_asked_for_by_get_leads_to_the_page_it_belongs_to(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    worker = Client()
    worker.force_login(cast.chengxiang.worker, backend="people.backends.PasswordBackend")
    for verb in ("accept", "reply", "note", "dial", "slip"):
        assert worker.get(f"/admin/needs/need/{need.pk}/{verb}/")["Location"] == f"/admin/needs/need/{need.pk}/change/"
    for verb in ("supplement", "withdraw"):
        assert Client().get(f"/n/{need.link_token}/{verb}/")["Location"] == f"/n/{need.link_token}/"


def test_a_draft_that_is_gone_at_the_last_step_is_said(cast: Cast) -> None:
    typed = {"name": "赵阿婆", "phone": "13800000001", "consent": "on", "notice_version": "1"}
    page = Client().post("/say/contact/", typed, follow=True)
    assert "没能留住" in page.content.decode()


def test_two_windows_do_not_silently_swap_what_is_said(cast: Cast) -> None:
    visitor, home = Client(), cast.chengxiang.home
    visitor.post("/say/", {"words": "第一件：灯坏了"})
    first = visitor.get("/say/where/").context["form"]["saying"].value()
    visitor.post("/say/", {"words": "第二件：井盖松了"})
    where = {"community": home.pk, "place": "一号楼", "spot": "", "saying": first}
    warned = visitor.post("/say/where/", where)
    assert warned.status_code == 409
    assert "第二件：井盖松了" in warned.content.decode()
    assert "一号楼" in warned.content.decode()
    again = {**where, "saying": warned.context["form"]["saying"].value()}
    assert visitor.post("/say/where/", again)["Location"] == "/say/contact/"
