"""What is on its way can be sent at once or called off by the area's administrator; figures tell what is stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from notifications.models import CardLink, Message
from notifications.services import cancel_message, deliver_due, figures, make_card, own_data, queue, retry_message
from notifications.services.own_data import erase_own
from notifications.states import Reason, State
from people.models import Area, RoleGrant, User
from people.states import Level, Role
from tests.cast import browser_of, fresh
from tests.notifications.asking import KIND
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, Arrived, Everywhere, RecordingSms

pytestmark = pytest.mark.django_db(transaction=True)


def _person(username: str, role: str, code: str) -> User:
    district, _made = Area.objects.get_or_create(
        code="330109", defaults={"name": "某某区", "level": Level.DISTRICT, "parent": None}
    )
    area, _made = Area.objects.get_or_create(
        code=code, defaults={"name": code, "level": Level.STREET, "parent": district}
    )
    user = User.objects.create(username=username, name=username, area=area)
    RoleGrant.objects.create(user=user, role=role, area=area)
    return fresh(user)


@pytest.fixture
def administrator(db: None) -> User:
    return _person("here", Role.SYSTEM_ADMIN, "330109001")


def test_what_is_sent_by_hand_waits_for_no_morning(waiting: Message, administrator: User) -> None:
    assert not waiting.at_once
    retry_message(waiting.pk, administrator)
    waiting.refresh_from_db()
    assert waiting.at_once


@pytest.fixture
def elsewhere(db: None) -> User:
    return _person("elsewhere", Role.SYSTEM_ADMIN, "330109002")


@pytest.fixture
def waiting(recording: type[RecordingSms]) -> Message:
    """Tried in vain, waiting for its next attempt."""
    queue(Answered(), occurrence="7", phones=[PHONE])
    Message.objects.update(not_before=timezone.now() + timedelta(minutes=15), attempts=3, last_error=Reason.UNAVAILABLE)
    return Message.objects.get()


def test_a_waiting_message_is_sent_at_once(
    waiting: Message, administrator: User, recording: type[RecordingSms]
) -> None:
    assert deliver_due() == 0
    retry_message(waiting.pk, administrator)
    assert deliver_due() == 1
    assert len(recording.sent) == 1
    (entry,) = AuditEntry.objects.filter(action=Action.MESSAGE_RETRIED)
    assert (entry.actor, entry.area_code) == (administrator, "330109001048")
    assert PHONE not in str(entry.params)


def test_a_waiting_message_is_called_off_and_emptied(
    waiting: Message, administrator: User, recording: type[RecordingSms]
) -> None:
    cancel_message(waiting.pk, administrator)
    row = Message.objects.get()
    assert (row.state, row.reason, row.address, row.text, row.secrets) == (
        State.MISSED,
        "管理员取消了",
        None,
        None,
        None,
    )
    Message.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 0
    assert recording.sent == []
    assert AuditEntry.objects.filter(action=Action.MESSAGE_CANCELLED).count() == 1


@pytest.mark.parametrize("state", [State.FAILED, State.UNCERTAIN, State.MISSED])
def test_what_has_ended_has_no_address_any_more_and_says_so(waiting: Message, administrator: User, state: str) -> None:
    Message.objects.update(state=state, address=None, text=None, secrets=None)
    for steer in (retry_message, cancel_message):
        with pytest.raises(RuleBroken, match="清空"):
            steer(waiting.pk, administrator)


def test_what_a_worker_holds_is_left_to_the_worker(waiting: Message, administrator: User) -> None:
    Message.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    for steer in (retry_message, cancel_message):
        with pytest.raises(RuleBroken, match="正在发送"):
            steer(waiting.pk, administrator)


def test_what_is_too_late_is_not_sent(waiting: Message, administrator: User) -> None:
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(RuleBroken, match="过了"):
        retry_message(waiting.pk, administrator)


def test_only_the_areas_administrator_steers(waiting: Message, elsewhere: User, reader: User) -> None:
    worker = _person("worker", Role.STREET_STAFF, "330109001")
    for person in (elsewhere, reader, worker):
        for steer in (retry_message, cancel_message):
            with pytest.raises(NotFound):
                steer(waiting.pk, person)
    queue(Arrived(), occurrence="1", users=[worker])
    with pytest.raises(NotAllowed):
        retry_message(Message.objects.get(recipient_key=f"u:{worker.pk}").pk, worker)


def test_the_page_of_a_delivery_offers_what_can_be_done(waiting: Message, administrator: User, elsewhere: User) -> None:
    desk, address = browser_of(administrator), f"/admin/notifications/message/{waiting.pk}/"
    page = desk.get(f"{address}change/").content.decode()
    assert "立即发送" in page and "取消发送" in page
    assert desk.get(f"{address}retry/").status_code == 405
    assert browser_of(elsewhere).post(f"{address}cancel/").status_code == 404
    assert desk.post(f"{address}retry/").status_code == 302
    assert desk.post(f"{address}cancel/").status_code == 302
    assert desk.post(f"{address}cancel/").status_code == 409
    assert "立即发送" not in desk.get(f"{address}change/").content.decode()


def test_figures_count_what_waits_however_old_and_what_ended_lately(
    reader: User, recording: type[RecordingSms]
) -> None:
    assert figures()["oldest_seconds"] == 0
    queue(Everywhere(), occurrence="1", users=[reader])
    queue(Answered(), occurrence="1", phones=[PHONE])
    deliver_due()
    queue(Answered(), occurrence="2", phones=[PHONE])
    long_ago = timezone.now() - timedelta(days=3)
    Message.objects.filter(occurrence="2").update(created_at=long_ago, not_before=timezone.now() - timedelta(hours=2))
    found = figures()
    assert found["waiting"] == {"sms": 1, "email": 0}
    assert 7200 <= found["oldest_seconds"] < 7300
    assert found["oldest"]["email"] == 0
    ended = {"sent": 2, "failed": 0, "missed": 0, "uncertain": 0, "bundled": 0}
    assert found["recent"]["sms"] == {"waiting": 1, **ended}
    assert found["recent"]["inapp"] == {"sent": 1, "read": 0}
    Message.objects.filter(occurrence="1").update(created_at=long_ago)
    assert figures()["recent"]["sms"]["sent"] == 0, "what ended long ago is not counted again and again"


def test_ones_own_data_is_handed_out_and_emptied(reader: User, neighbour: User, recording: type[RecordingSms]) -> None:
    queue(Everywhere(), occurrence="1", users=[reader, neighbour])
    queue(Arrived(), occurrence="1", users=[reader, neighbour])
    make_card(kind=KIND.name, subject="7", recipient=reader, label="许佳")
    make_card(kind=KIND.name, subject="7", recipient=neighbour, label="许嘉")
    data = own_data(reader)
    assert sorted(row["title"] for row in data["messages"]) == ["待受理", "提醒", "提醒"]
    assert [card["for"] for card in data["cards"]] == ["许佳"]
    erase_own(reader)
    mine = Message.objects.filter(recipient_key=f"u:{reader.pk}")
    assert {(row.title, row.body, row.subject_label, row.url) for row in mine} == {("", "", "", "")}
    assert [row.params for row in mine] == [{}, {}, {}]
    text = mine.get(channel="sms")
    assert (text.state, text.last_error, text.address, text.text) == (State.MISSED, Reason.ERASED, None, None)
    assert deliver_due() == 0 and recording.sent == []
    assert [card["for"] for card in own_data(reader)["cards"]] == [""]
    assert CardLink.objects.open().count() == 1
    assert own_data(neighbour)["cards"][0]["for"] == "许嘉"
    assert {row["title"] for row in own_data(neighbour)["messages"]} >= {"待受理", "提醒"}
