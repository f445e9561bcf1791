"""Asking somebody to take a seat by a link, and handing one over."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from alliance.lib.errors import Invalid, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.models import Liaison, SeatOffer
from members.services import (
    end_seat,
    offer_seat,
    resend_seat_offer,
    seat_liaison,
    seats_of,
    withdraw_seat_offer,
)
from members.services.seat_offers import EXPIRE, FORGET
from members.states import OfferState
from notifications.messages import wording
from notifications.models import CardLink, Message
from notifications.services.delivery import deliver_all
from people.models import User
from people.services.residents import erase_account
from tests.cast import browser_of, resident
from tests.members.conftest import Twins, person
from tests.members.offering import DIGITS, PHONE, answer, ask, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sms(settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"


@pytest.fixture
def outgoing(twins: Twins) -> Liaison:
    """The unit's first liaison, who comes in by phone."""
    return seat_liaison(unit=twins.here.unit, user=resident("13800001111"), by=None, name="陈老师")


def test_somebody_says_yes_by_the_link_and_has_the_seat(twins: Twins) -> None:
    offer = ask(twins, title="办公室")
    assert not User.objects.filter(phone_index=offer.phone_index).exists()
    assert answer(token_of(offer), "take").status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.phone, offer.phone_index) == (OfferState.TAKEN, "", "")
    seat = Liaison.objects.get(unit=twins.here.unit)
    assert (seat.name, seat.title, seat.is_second, seat.user.phone) == ("王明", "办公室", False, DIGITS)
    assert seats_of(seat.user) == [seat]
    told = Message.objects.get(rule="members.SeatTaken", recipient_key=f"u:{twins.here.clerk.pk}")
    assert f"从{seat.starts_on.month}月{seat.starts_on.day}日起在任" in told.body
    with override("en"):
        assert f"{seat.starts_on.day} {seat.starts_on:%B}" in wording(told)[1] and "月" not in wording(told)[1]
    entry = AuditEntry.objects.get(action=Action.GRANT, subject=f"u:{seat.user_id}")
    assert entry.actor == twins.here.clerk
    assert not Due.objects.undone().filter(kind=EXPIRE).exists()


def test_the_page_says_what_is_asked_and_nothing_of_anybody(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk, words="钥匙在门卫那里", name="金丝雀")
    page = browser_of(None).get(f"/c/{token_of(offer)}/").content.decode()
    asked = f"由{twins.here.street.name}发出"
    assert twins.here.unit.name in page and asked in page and "钥匙在门卫那里" in page and "由您接任" in page
    for secret in ("金丝雀", "5678", "陈老师", "1111", twins.here.clerk.name):
        assert secret not in page


def test_looking_and_looking_again_takes_nothing(twins: Twins) -> None:
    offer = ask(twins)
    for _time in range(3):
        assert browser_of(None).get(f"/c/{token_of(offer)}/").status_code == 200
    assert not Liaison.objects.filter(unit=twins.here.unit).exists()


def test_the_phone_stands_in_no_log_parameter_or_address(twins: Twins) -> None:
    offer = ask(twins, name="金丝雀")
    answer(token_of(offer), "decline")
    rows = [*AuditEntry.objects.values(), *Message.objects.values("params", "subject_label", "text", "occurrence")]
    rows += [*Due.objects.values("params", "label", "key"), *CardLink.objects.values("subject", "params")]
    assert DIGITS not in str(rows) and "金丝雀" not in str(rows)


def test_handing_over_ends_the_old_seat_the_day_the_new_one_begins(twins: Twins, outgoing: Liaison) -> None:
    day = timezone.localdate() + timedelta(days=10)
    offer = ask(twins, hands_over=outgoing.pk, starts_on=day)
    outgoing.refresh_from_db()
    assert outgoing.ends_on is None
    answer(token_of(offer), "take")
    outgoing.refresh_from_db()
    new = SeatOffer.objects.get(pk=offer.pk).seat
    assert new is not None and (new.starts_on, outgoing.ends_on) == (day, day)
    for when, speaks in ((day - timedelta(days=1), outgoing), (day, new)):
        assert list(Liaison.objects.active(when).filter(unit=twins.here.unit)) == [speaks]
    assert Message.objects.filter(rule="members.SeatTaken", recipient_key=f"u:{outgoing.user_id}").exists()


def test_nobody_speaks_for_the_unit_from_before_they_said_yes(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    SeatOffer.objects.filter(pk=offer.pk).update(starts_on=yesterday)
    answer(token_of(offer), "take")
    new = SeatOffer.objects.get(pk=offer.pk).seat
    assert new is not None and new.starts_on == timezone.localdate()


def test_declining_leaves_everything_as_it_was_and_frees_the_seat_for_another(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk)
    answer(token_of(offer), "decline")
    offer.refresh_from_db()
    outgoing.refresh_from_db()
    assert (offer.state, offer.phone, outgoing.ends_on) == (OfferState.DECLINED, "", None)
    ask(twins, hands_over=outgoing.pk, phone="13900000001")


def test_only_the_first_answer_counts(twins: Twins) -> None:
    offer = ask(twins)
    token = token_of(offer)
    assert answer(token, "take").status_code == 302
    assert answer(token, "decline").status_code == 409
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.TAKEN
    assert Liaison.objects.filter(unit=twins.here.unit).count() == 1


def test_one_open_offer_per_unit_and_seat(twins: Twins) -> None:
    offer = ask(twins)
    with pytest.raises(Invalid):
        ask(twins, phone="13900000001")
    ask(twins, phone="13900000002", is_second=True)
    withdraw_seat_offer(pk=offer.pk, by=twins.here.clerk)
    ask(twins, phone="13900000001")


def test_a_withdrawn_offer_cannot_be_taken(twins: Twins) -> None:
    offer = ask(twins)
    token = token_of(offer)
    withdraw_seat_offer(pk=offer.pk, by=twins.here.clerk)
    assert "已经撤回" in browser_of(None).get(f"/c/{token}/").content.decode()
    assert answer(token, "take").status_code == 409
    assert not Liaison.objects.filter(unit=twins.here.unit).exists()
    with pytest.raises(RuleBroken):
        withdraw_seat_offer(pk=offer.pk, by=twins.here.clerk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("home", ["https://tongxin.example", "https://tongxin.example/"])
def test_every_text_about_a_seat_carries_a_full_address(
    twins: Twins, outgoing: Liaison, settings: Any, capfd: pytest.CaptureFixture[str], home: str
) -> None:
    settings.SITE_URL, settings.DEMO = home, True
    offer = ask(twins, hands_over=outgoing.pk)
    deliver_all()
    resend_seat_offer(pk=offer.pk, by=twins.here.clerk)
    ask(twins, phone="13900002222", is_second=True)
    deliver_all()
    texts = [line for line in capfd.readouterr().out.splitlines() if "联络员" in line]
    links = [re.findall(r"(?:https?:/)?/\S+", text) for text in texts]
    assert len(links) == 3 and all(len(found) == 1 for found in links), texts
    assert all(link.startswith("https://tongxin.example/c/") for (link,) in links)
    (newest,) = links[-1]
    assert browser_of(None).get(newest.removeprefix("https://tongxin.example")).status_code == 200


def test_sending_again_makes_the_old_link_dead(twins: Twins) -> None:
    offer = ask(twins)
    old = token_of(offer)
    resend_seat_offer(pk=offer.pk, by=twins.here.clerk)
    new = token_of(offer)
    assert old != new
    assert answer(old, "take").status_code == 404
    assert answer(new, "take").status_code == 302
    assert Due.objects.undone().filter(kind=EXPIRE).count() == 0
    with pytest.raises(RuleBroken):
        resend_seat_offer(pk=offer.pk, by=twins.here.clerk)


def test_after_its_time_it_is_over_whoever_asked_hears_it_and_the_phone_is_gone(twins: Twins) -> None:
    offer = ask(twins)
    token, past = token_of(offer), timezone.now() - timedelta(minutes=1)
    SeatOffer.objects.filter(pk=offer.pk).update(expires_at=past)
    CardLink.objects.filter(subject=f"seat_offer:{offer.pk}").update(created_at=past - timedelta(1), expires_at=past)
    assert answer(token, "take").status_code == 409
    Due.objects.filter(kind=EXPIRE).update(due_at=past)
    sweep()
    offer.refresh_from_db()
    assert (offer.state, offer.phone) == (OfferState.EXPIRED, "")
    assert Message.objects.filter(rule="members.SeatUnanswered", recipient_key=f"u:{twins.here.clerk.pk}").exists()
    Due.objects.filter(kind=FORGET).update(due_at=past)
    sweep()
    assert SeatOffer.objects.get(pk=offer.pk).name == ""


def test_what_is_over_is_in_nobodys_way_though_no_sweep_has_come(twins: Twins) -> None:
    offer = ask(twins)
    SeatOffer.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    ask(twins, phone="13900000001")
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.EXPIRED


def test_the_old_seat_may_have_ended_meanwhile(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk)
    end_seat(pk=outgoing.pk, by=twins.here.clerk)
    ended = Liaison.objects.get(pk=outgoing.pk).ends_on
    answer(token_of(offer), "take")
    assert Liaison.objects.get(pk=outgoing.pk).ends_on == ended
    assert SeatOffer.objects.get(pk=offer.pk).seat is not None


def test_the_outgoing_account_may_be_gone(twins: Twins, outgoing: Liaison) -> None:
    offer = offer_seat(unit_id=twins.here.unit.pk, by=outgoing.user, name="王明", phone=PHONE, hands_over=outgoing.pk)
    erase_account(user=User.objects.get(pk=outgoing.user_id))
    assert answer(token_of(offer), "take").status_code == 302
    seat = SeatOffer.objects.get(pk=offer.pk).seat
    assert seat is not None and seats_of(seat.user) == [seat]


def test_a_seat_somebody_else_has_taken_meanwhile_is_not_taken_twice(twins: Twins, outgoing: Liaison) -> None:
    offer = ask(twins, hands_over=outgoing.pk)
    end_seat(pk=outgoing.pk, by=twins.here.clerk)
    other = seat_liaison(unit=twins.here.unit, user=person("qita", None, None), by=twins.here.clerk)
    assert answer(token_of(offer), "take").status_code == 409
    assert list(Liaison.objects.active().filter(unit=twins.here.unit)) == [other]
    assert not User.objects.filter(phone_index=offer.phone_index).exists()
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.OPEN


def test_the_second_liaison_becomes_the_first_and_is_not_both(twins: Twins, outgoing: Liaison) -> None:
    second = seat_liaison(unit=twins.here.unit, user=resident(DIGITS), by=None, name="王明", is_second=True)
    offer = ask(twins, hands_over=outgoing.pk)
    assert answer(token_of(offer), "take").status_code == 302
    now = Liaison.objects.active().get(unit=twins.here.unit)
    assert (now.user, now.is_second) == (second.user, False)


def test_whoever_has_the_seat_does_not_take_it_again(twins: Twins, outgoing: Liaison) -> None:
    with pytest.raises(Invalid):
        ask(twins, hands_over=outgoing.pk, phone=outgoing.user.phone)
    offer = ask(twins, is_second=True, phone=outgoing.user.phone)
    assert answer(token_of(offer), "take").status_code == 409
