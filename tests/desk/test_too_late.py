"""A form of the desk that came too late: everything typed stays, and a sentence says what happened and what to do."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import NotFound
from claims.models import Claim
from claims.services import claim_offer, confirm, deliver, not_there, release_claim, return_claim
from members.models import Liaison
from members.services import seat_liaison
from needs.services.assigning import assign_need
from needs.services.units import last_word, unit_hand_back, unit_report, unit_will_help
from tests.cast import Cast, Street, browser_of, fresh, resident
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import asked, errand, hidden, take, text
from tests.files.pictures import HEIC, photo, upload

pytestmark = pytest.mark.django_db
ONE, OTHER = "13900000001", "13900000002"
WORDS = "其实送到了，交给阿婆了"


def running(cast: Cast) -> tuple[Client, Claim, str, dict[str, str]]:
    """A neighbour with an errand in hand, its page, and what the form sends."""
    client = browser_of(resident(ONE))
    take(client, errand(cast.chengxiang))
    claim = Claim.objects.get()
    path = f"/desk/claims/{claim.pk}/"
    page = text(client.get(path))
    return client, claim, path, {"version": hidden(page, "version"), "hold_key": hidden(page, "hold_key")}


def test_delivered_after_it_was_given_back_keeps_words_and_says_what_happened(cast: Cast) -> None:
    client, claim, path, sent = running(cast)
    assert client.post(f"{path}return/", {"version": "1", "why": "脚崴了"}).status_code == 302
    late = client.post(f"{path}deliver/", {**sent, "words": WORDS, "photos": [upload(photo())]})
    page = text(late)
    assert late.status_code == 409 and "他人" not in page
    assert WORDS in page and "1张照片" in page
    assert "您退回了" in page and "看看还能不能接" in page and f"/desk/errands/{claim.offer_id}/" in page
    claim.refresh_from_db()
    assert claim.state == "returned"


def test_given_back_after_it_was_released_keeps_the_reason(cast: Cast) -> None:
    client, claim, path, _sent = running(cast)
    release_claim(claim_id=claim.pk, by=fresh(cast.chengxiang.worker), note="一直没去")
    late = client.post(f"{path}return/", {"version": "1", "why": "脚崴了"})
    page = text(late)
    assert late.status_code == 409 and "他人" not in page
    assert "脚崴了" in page and "社区收回了" in page


def test_delivered_twice_says_that_it_waits_to_be_confirmed(cast: Cast) -> None:
    client, claim, path, sent = running(cast)
    deliver(claim_id=claim.pk, by=fresh(claim.person), note="放门口了")
    page = text(client.post(f"{path}deliver/", {**sent, "words": WORDS}))
    assert WORDS in page and "您说送到了" in page and "正等确认" in page and "他人" not in page
    confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.worker))
    page = text(client.post(f"{path}deliver/", {**sent, "words": WORDS}))
    assert WORDS in page and "已经办好了" in page


def test_what_can_still_be_sent_says_what_happened_meanwhile_and_keeps_all(cast: Cast) -> None:
    client, claim, path, sent = running(cast)
    deliver(claim_id=claim.pk, by=fresh(claim.person))
    not_there(claim_id=claim.pk, by=fresh(cast.chengxiang.worker), note="问过了，还没收到")
    late = client.post(f"{path}deliver/", {**sent, "words": WORDS, "photos": [upload(photo())]})
    page = text(late)
    assert late.status_code == 409 and "他人" not in page and "社区说还没收到。您写的还在" in page
    assert WORDS in page and "1张照片收好了" in page
    assert (
        client.post(f"{path}deliver/", {**sent, "version": hidden(page, "version"), "words": WORDS}).status_code == 302
    )


def test_setting_out_too_late_leads_to_the_page_with_a_sentence(cast: Cast) -> None:
    client, claim, path, _sent = running(cast)
    return_claim(claim_id=claim.pk, by=fresh(claim.person), note="脚崴了")
    late = client.post(f"{path}send/", {"version": "1"}, follow=True)
    assert late.redirect_chain == [(path, 302)] and "您退回了" in text(late)


def a_request(cast: Cast) -> tuple[Street, Client, str, dict[str, str]]:
    here = cast.chengxiang
    need = asked(here)
    client, path = browser_of(here.liaison), f"/desk/needs/{need.pk}/"
    page = text(client.get(path))
    return here, client, path, {"unit": hidden(page, "unit"), "hold_key": hidden(page, "hold_key")}


FORMS = [("will-help/", "words"), ("report/", "words"), ("hand-back/", "why")]


@pytest.mark.parametrize(("form", "field"), FORMS)
def test_answered_by_a_colleague_meanwhile(cast: Cast, form: str, field: str) -> None:
    here, client, path, sent = a_request(cast)
    colleague = resident(OTHER, "金丝雀账号")
    seat_liaison(unit=unit_of(here), user=colleague, by=None, name="小周", is_second=True)
    pk = int(path.split("/")[3])
    unit_will_help(pk=pk, by=fresh(colleague), unit_id=unit_of(here).pk, words="周二来")
    unit_report(pk=pk, by=fresh(colleague), unit_id=unit_of(here).pk, words="校好了")
    late = client.post(f"{path}{form}", {**sent, field: "我们周三来", "comes_on": "2026-12-01"})
    page = text(late)
    assert late.status_code == 409 and "我们周三来" in page
    assert f"{unit_of(here)}联络员回复了办好了" in page and "打电话" in page
    assert "他人" not in page and "金丝雀" not in page
    assert ("12月1日" in page or "2026-12-01" in page) == (form == "will-help/")


@pytest.mark.parametrize(("form", "field"), FORMS)
def test_taken_back_meanwhile_by_the_office(cast: Cast, form: str, field: str) -> None:
    here, client, path, sent = a_request(cast)
    pk = int(path.split("/")[3])
    unit_hand_back(pk=pk, by=fresh(here.liaison), unit_id=unit_of(here).pk, why="这周都在外面")
    late = client.post(f"{path}{form}", {**sent, field: "我们周三来"})
    assert late.status_code == 409 and "我们周三来" in text(late) and "您回复了帮不了" in text(late)


@pytest.mark.parametrize(
    ("form", "typed"),
    [("will-help/", {"words": "我们周三来", "comes_on": "后天"}), ("report/", {"words": "我们周三来"})],
)
def test_too_late_and_wrong_at_once_loses_nothing(cast: Cast, form: str, typed: dict[str, str]) -> None:
    here, client, path, sent = a_request(cast)
    unit_report(pk=int(path.split("/")[3]), by=fresh(here.liaison), unit_id=unit_of(here).pk, words="校好了")
    late = client.post(f"{path}{form}", {**sent, **typed, "photos": [upload(HEIC, "坏的.heic")]})
    assert late.status_code == 409 and "我们周三来" in text(late)


@pytest.mark.parametrize(("form", "field"), FORMS)
def test_given_to_another_unit_meanwhile_nothing_is_told_of_what_that_one_said(
    cast: Cast, form: str, field: str
) -> None:
    here, client, path, sent = a_request(cast)
    pk = int(path.split("/")[3])
    other, theirs = another_unit(here)
    type(theirs).objects.filter(pk=theirs.pk).update(name="金丝雀别家")
    assign_need(pk=pk, by=fresh(here.worker), to_unit_id=other.pk, why="他们有梯子")
    unit_report(pk=pk, by=fresh(theirs), unit_id=other.pk, words="金丝雀校好了")
    late = client.post(f"{path}{form}", {**sent, field: "我们周三来"})
    page = text(late)
    assert late.status_code == 409 and "我们周三来" in page and "金丝雀" not in page and "办好了" not in page
    assert f"{here.home.name}另作了安排" in page
    ended = last_word(pk=pk, by=fresh(here.liaison), unit_id=unit_of(here).pk)
    assert ended is not None and ended.verb == "assign" and ended.actor == here.worker
    own = last_word(pk=pk, by=fresh(theirs), unit_id=other.pk)
    assert own is not None and own.words == "金丝雀校好了"


def test_only_who_sits_in_a_unit_that_was_asked_hears_its_last_word(cast: Cast) -> None:
    here, _client, path, _sent = a_request(cast)
    pk, unit = int(path.split("/")[3]), unit_of(here)
    unit_report(pk=pk, by=fresh(here.liaison), unit_id=unit.pk, words="校好了")
    never_asked, theirs = another_unit(here)
    refused = [(here.worker, unit), (theirs, unit), (theirs, never_asked), (cast.xiasha.liaison, unit)]
    for person, asked_for in refused:
        with pytest.raises(NotFound):
            last_word(pk=pk, by=fresh(person), unit_id=asked_for.pk)
    assert last_word(pk=pk, by=fresh(here.liaison), unit_id=unit.pk) is not None


@pytest.mark.parametrize(("form", "field"), FORMS)
def test_whose_seat_has_ended_keeps_what_was_typed(cast: Cast, form: str, field: str) -> None:
    _here, client, path, sent = a_request(cast)
    Liaison.objects.all().delete()
    late = client.post(f"{path}{form}", {**sent, field: "我们周三来"})
    assert late.status_code == 404 and "我们周三来" in text(late) and "联络员" in text(late)


def test_a_stranger_learns_nothing_from_a_form_that_is_too_late(cast: Cast) -> None:
    _here, _client, path, sent = a_request(cast)
    stranger = browser_of(cast.xiasha.liaison)
    answers = [
        text(stranger.post(f"/desk/needs/{pk}/report/", {**sent, "words": "我们周三来", "csrfmiddlewaretoken": "x"}))
        for pk in (path.split("/")[3], 999_999)
    ]
    assert all("灯坏了" not in page and "万寿桥" not in page for page in answers)


def test_an_errand_taken_meanwhile_and_called_off_is_said_kindly(cast: Cast) -> None:
    found = errand(cast.chengxiang)
    client, path = browser_of(resident(ONE)), f"/desk/errands/{found.offer_id}/"
    key = hidden(text(client.get(path)), "client_key")
    claim_offer(offer_id=found.offer_id, by=resident(OTHER), client_key=uuid4())
    late = client.post(path, {"client_key": key})
    assert late.status_code == 409 and "慢了一步" in text(late)
    return_need_off(cast, found.need_id)
    gone = client.post(path, {"client_key": key})
    assert gone.status_code == 404 and "不用跑了" in text(gone)


def return_need_off(cast: Cast, pk: int) -> None:
    from needs.models import Need
    from needs.services.following import withdraw

    withdraw(token=Need.objects.get(pk=pk).link_token)


def test_a_seat_that_was_answered_meanwhile_is_said_on_the_page(cast: Cast) -> None:
    from members.models import SeatOffer
    from members.services import offer_seat, withdraw_seat_offer

    here = cast.chengxiang
    offer_seat(unit_id=unit_of(here).pk, by=fresh(here.liaison), name="王五", phone="13912345678", is_second=True)
    offer = SeatOffer.objects.get()
    client = browser_of(here.liaison)
    withdraw_seat_offer(pk=offer.pk, by=fresh(here.liaison))
    for act in ("resend", "withdraw"):
        late = client.post(f"/desk/seats/offers/{offer.pk}/{act}/", follow=True)
        assert late.redirect_chain == [("/desk/seats/", 302)] and "toast" in text(late)


def test_who_was_asked_may_answer_until_a_day_that_is_shown(cast: Cast) -> None:
    from members.models import SeatOffer
    from members.services import offer_seat

    here = cast.chengxiang
    offer_seat(unit_id=unit_of(here).pk, by=fresh(here.liaison), name="王五", phone="13912345678", is_second=True)
    until = timezone.localtime(SeatOffer.objects.get().expires_at)
    client = browser_of(here.liaison)
    assert f"{until.month}月{until.day}日 {until:%H:%M}以前可以答复" in text(client.get("/desk/seats/"))
    ended = timezone.now() - timedelta(minutes=1)
    SeatOffer.objects.update(created_at=ended - timedelta(days=14), expires_at=ended)
    page = text(client.get("/desk/seats/"))
    assert "以前可以答复" not in page and "过期没答复" in page
