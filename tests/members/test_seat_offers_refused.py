"""What may not be offered, who may not offer it, and the pages of offered seats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from members.models import Liaison, MemberUnit, SeatOffer
from members.services import (
    end_seat,
    resend_seat_offer,
    seat_liaison,
    withdraw_seat_offer,
)
from members.services.seat_offers import PER_PHONE
from members.states import OfferState
from notifications.models import Message
from people.models import User
from people.services.residents import erase_account
from tests.cast import browser_of, resident
from tests.members.conftest import Twins
from tests.members.offering import DIGITS, PHONE, answer, ask, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sms(settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"


@pytest.fixture
def outgoing(twins: Twins) -> Liaison:
    """The unit's first liaison, who comes in by phone."""
    return seat_liaison(unit=twins.here.unit, user=resident("13800001111"), by=None, name="陈老师")


def test_a_seat_in_use_is_handed_over_not_offered_anew(twins: Twins, outgoing: Liaison) -> None:
    with pytest.raises(Invalid):
        ask(twins)
    later = seat_liaison(unit=twins.shared, user=outgoing.user, by=None, starts_on=timezone.localdate() + timedelta(9))
    with pytest.raises(Invalid):
        ask(twins, unit_id=twins.shared.pk)
    with pytest.raises(Invalid):
        ask(twins, unit_id=twins.shared.pk, hands_over=later.pk)
    with pytest.raises(NotFound):
        ask(twins, hands_over=later.pk)


def test_a_liaison_hands_over_the_own_seat_and_the_first_asks_for_a_second(twins: Twins, outgoing: Liaison) -> None:
    second = seat_liaison(unit=twins.here.unit, user=resident("13800002222"), by=None, is_second=True)
    with pytest.raises(NotAllowed):
        ask(twins, by=outgoing.user, hands_over=second.pk)
    with pytest.raises(NotAllowed):
        ask(twins, by=second.user, hands_over=outgoing.pk)
    with pytest.raises(NotAllowed):
        ask(twins, by=second.user, is_second=True)
    with pytest.raises(NotAllowed):
        ask(twins, by=outgoing.user)
    end_seat(pk=second.pk, by=twins.here.clerk)
    ask(twins, by=outgoing.user, is_second=True)
    ask(twins, by=outgoing.user, hands_over=outgoing.pk, phone="13900000002")


def test_an_ended_seat_is_good_for_nothing(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, by=outgoing.user, hands_over=outgoing.pk)
    end_seat(pk=outgoing.pk, by=twins.here.clerk)
    for refused in (
        lambda: ask(twins, by=outgoing.user, hands_over=outgoing.pk, phone="13900000001"),
        lambda: resend_seat_offer(pk=offer.pk, by=outgoing.user),
        lambda: withdraw_seat_offer(pk=offer.pk, by=outgoing.user),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(RuleBroken):
        ask(twins, hands_over=outgoing.pk)
    desk = browser_of(outgoing.user)
    page = desk.get("/desk/seats/").content.decode()
    assert (
        "您现在不是联络员了" in page and "等答复" in page and "<form" not in page.split("<main")[1].split("</main")[0]
    )
    assert desk.post("/desk/seats/offer/", {"what": "hand_over", "name": "王明", "phone": PHONE}).status_code == 404


def test_another_units_liaison_and_another_street_find_nothing(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk)
    other = seat_liaison(unit=twins.there.unit, user=resident("13800003333"), by=None).user
    for stranger in (other, twins.there.clerk):
        for refused in (
            lambda who: ask(twins, by=who, hands_over=outgoing.pk),
            lambda who: resend_seat_offer(pk=offer.pk, by=who),
            lambda who: withdraw_seat_offer(pk=offer.pk, by=who),
        ):
            with pytest.raises(NotFound):
                refused(stranger)
    with pytest.raises(NotAllowed):
        withdraw_seat_offer(pk=offer.pk, by=twins.here.worker)
    assert browser_of(twins.there.clerk).get(f"/admin/members/seatoffer/{offer.pk}/change/").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"name": " "},
        {"phone": "0571-82345678"},
        {"phone": ""},
        {"words": "话" * 301},
        {"starts_on": timezone.localdate() - timedelta(days=1)},
        {"starts_on": timezone.localdate() + timedelta(days=400)},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_sent(twins: Twins, typed: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        ask(twins, **typed)
    assert not Message.objects.filter(rule="members.SeatOffered").exists()


def test_one_phone_is_not_asked_over_and_over(twins: Twins) -> None:
    offer = ask(twins)
    for _time in range(PER_PHONE[0] - 1):
        resend_seat_offer(pk=offer.pk, by=twins.here.clerk)
    with pytest.raises(TooMany):
        resend_seat_offer(pk=offer.pk, by=twins.here.clerk)


def test_a_merged_unit_seats_nobody(twins: Twins) -> None:
    other = MemberUnit.objects.create(name="甲街道中学", kind="school", area=twins.here.community)
    MemberUnit.objects.filter(pk=twins.here.unit.pk).update(merged_into=other)
    with pytest.raises(NotFound):
        ask(twins)


def test_whoever_deletes_their_account_is_asked_for_nothing_any_more(twins: Twins) -> None:
    own, offer = resident(DIGITS), ask(twins)
    erase_account(user=User.objects.get(pk=own.pk))
    offer.refresh_from_db()
    assert (offer.state, offer.phone, offer.phone_index, offer.name) == (OfferState.DECLINED, "", "", "")


def test_the_desk_asks_shows_and_takes_back(twins: Twins, outgoing: Liaison) -> None:
    desk = browser_of(outgoing.user)
    refused = desk.post("/desk/seats/offer/", {"what": "hand_over", "name": "王明", "phone": "12"})
    assert refused.status_code == 422 and 'value="王明"' in refused.content.decode()
    sent = {"what": "hand_over", "name": "王明", "phone": PHONE, "words": "钥匙在门卫那里"}
    assert desk.post("/desk/seats/offer/", sent).status_code == 302
    page = desk.get("/desk/seats/").content.decode()
    assert "等答复" in page and "接您的席位" in page and "5678" not in page
    offer = SeatOffer.objects.get()
    assert desk.post(f"/desk/seats/offers/{offer.pk}/resend/").status_code == 302
    assert desk.post(f"/desk/seats/offers/{offer.pk}/withdraw/").status_code == 302
    assert "已撤回" in desk.get("/desk/seats/").content.decode()
    assert desk.post("/desk/seats/offer/", {**sent, "what": "second"}).status_code == 302
    new = SeatOffer.objects.get(state=OfferState.OPEN)
    answer(token_of(new), "take")
    theirs = browser_of(Liaison.objects.get(is_second=True).user).get("/desk/seats/").content.decode()
    assert "王明" in theirs and "把席位交给同事" in theirs and "请一位第二联络员" not in theirs


def test_staff_ask_from_a_seats_page_and_see_how_it_stands(
    twins: Twins, outgoing: Liaison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.services.seat_offers.LASTS", timedelta(days=9))
    clerk = browser_of(twins.here.clerk)
    path = f"/admin/members/seatoffer/add/?hands_over={outgoing.pk}"
    assert path in clerk.get(f"/admin/members/liaison/{outgoing.pk}/change/").content.decode()
    assert clerk.get(path).context["adminform"].form.initial["hands_over"] == outgoing.pk
    typed = {"unit": twins.here.unit.pk, "hands_over": outgoing.pk, "name": "王明", "phone": PHONE}
    typed["starts_on"] = timezone.localdate().isoformat()
    sent = clerk.post("/admin/members/seatoffer/add/", typed)
    offer = SeatOffer.objects.get()
    assert sent["Location"] == f"/admin/members/seatoffer/{offer.pk}/change/"
    page = clerk.get(sent["Location"]).content.decode()
    assert "短信发给王明了，9天内可以答复。" in page, "as long as an offer lasts"
    assert "等答复" in page and "重新发短信" in page and "5678" not in page
    for step in ("resend", "withdraw"):
        assert clerk.post(f"/admin/members/seatoffer/{offer.pk}/{step}/").status_code == 302
    assert clerk.post(f"/admin/members/seatoffer/{offer.pk}/withdraw/").status_code == 302
    assert SeatOffer.objects.get().state == OfferState.WITHDRAWN


def test_the_pages_cost_the_same_however_many_rows(twins: Twins, outgoing: Liaison) -> None:
    clerk, desk = browser_of(twins.here.clerk), browser_of(outgoing.user)
    pages = [(clerk, "/admin/members/seatoffer/"), (clerk, "/admin/members/duplicates/"), (desk, "/desk/seats/")]
    pages.append((clerk, "/admin/members/alike/?name=甲街道小学"))

    def costs() -> list[int]:
        found = []
        for client, path in pages:
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found.append(len(captured))
        return found

    for number in range(2):
        _double(twins, number)
    few = costs()
    for number in range(2, 20):
        _double(twins, number)
    assert costs() == few


def _double(twins: Twins, number: int) -> None:
    """A pair that looks alike, and one more who was asked."""
    for name in ("书店", "书店有限公司"):
        unit = MemberUnit.objects.create(name=f"第{number}{name}", kind="other", area=twins.here.street)
    settled = {"state": OfferState.DECLINED, "created_by": twins.here.clerk, "expires_at": timezone.now()}
    for asked in (unit, twins.here.unit):
        SeatOffer.objects.create(unit=asked, name="某某", **settled)
