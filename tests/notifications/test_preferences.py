"""Everybody decides when text messages and e-mails come; the queue obeys for all messages at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.errors import Invalid
from notifications.checks import quiet_hours_are_hours
from notifications.models import Message, Preference, QuietHours
from notifications.services import deliver_all, erase_own, queue, queue_many, save_preferences, wanted_by
from notifications.services.holding import hold_back
from notifications.states import Channel, Pace, Reason, State
from people.models import User
from tests.clock import DatabaseClock, database_clock
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, Everywhere, RecordingSms

EVENING, MORNING = time(21, 0), time(8, 0)
pytestmark = pytest.mark.django_db(transaction=True)


class Burning(Everywhere):
    """About something 紧急."""

    label = "急"
    at_once = True


@pytest.fixture
def clock(settings: Any) -> Iterator[DatabaseClock]:
    settings.QUIET_HOURS = "21:00-08:00"
    with database_clock() as moved:
        yield moved


def show(clock: DatabaseClock, hour: int, minute: int = 0) -> datetime:
    """Let the database's clock show this time of today, and a moment later than everything queued before."""
    wanted = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=1)
    clock.move(wanted - timezone.now())
    return wanted


def choose(person: User, pace: Pace, channel: Channel = Channel.SMS) -> None:
    """As the page would: for the messages of these tests, whose app is none of the product's."""
    Preference.objects.create(recipient_key=f"u:{person.pk}", topic="tests", channel=channel, pace=pace)


def text_row() -> Message:
    return Message.objects.get(channel=Channel.SMS)


def test_at_night_a_text_waits_for_the_morning_and_the_notice_does_not(
    reader: User, recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    night = show(clock, 21, 30)
    queue(Everywhere(), occurrence="7", users=[reader])
    assert deliver_all([Channel.SMS]) == 0
    wanted = (night + timedelta(days=1)).replace(hour=8, minute=0)
    assert abs(text_row().not_before - wanted) < timedelta(minutes=2)
    assert Message.objects.get(channel=Channel.INAPP).state == State.SENT
    clock.move(wanted + timedelta(minutes=3) - timezone.now())
    assert deliver_all([Channel.SMS]) == 1
    assert text_row().state == State.SENT


@pytest.mark.parametrize(("hour", "minute", "sent"), [(20, 58, 1), (21, 0, 0), (0, 1, 0), (7, 58, 0), (8, 0, 1)])
def test_the_night_begins_and_ends_on_the_minute(
    reader: User, recording: type[RecordingSms], clock: DatabaseClock, hour: int, minute: int, sent: int
) -> None:
    show(clock, hour, minute)
    queue(Everywhere(), occurrence="7", users=[reader])
    assert deliver_all([Channel.SMS]) == sent


def test_what_is_urgent_goes_out_at_night_and_whatever_was_chosen(
    reader: User, recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    choose(reader, Pace.NEVER)
    show(clock, 23)
    queue(Burning(), occurrence="7", users=[reader])
    assert deliver_all([Channel.SMS]) == 1
    assert text_row().state == State.SENT


def test_a_phone_without_an_account_is_left_in_peace_at_night(
    recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    show(clock, 22)
    queue(Answered(), occurrence="7", phones=[PHONE])
    assert deliver_all([Channel.SMS]) == 0
    assert text_row().state == State.WAITING


def test_ones_own_hours_take_the_place_of_the_usual_ones(
    reader: User, neighbour: User, recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    User.objects.filter(pk=neighbour.pk).update(phone="")
    save_preferences(reader, paces={}, starts=time(23, 0), ends=time(6, 0))
    show(clock, 22)
    queue(Everywhere(), occurrence="7", users=[reader])
    queue(Everywhere(), occurrence="8", users=[], phones=[PHONE])
    assert deliver_all([Channel.SMS]) == 1
    assert Message.objects.get(channel=Channel.SMS, state=State.SENT).recipient_key == f"u:{reader.pk}"


def test_what_was_due_in_the_day_and_is_found_at_night_waits_as_well(
    reader: User, recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    show(clock, 20)
    queue(Everywhere(), occurrence="7", users=[reader])
    show(clock, 23)
    assert deliver_all([Channel.SMS]) == 0
    assert text_row().attempts == 0


@pytest.mark.parametrize(
    ("pace", "state", "reason"),
    [(Pace.DAILY, State.BUNDLED, ""), (Pace.WEEKLY, State.BUNDLED, ""), (Pace.NEVER, State.MISSED, Reason.UNWANTED)],
)
def test_what_is_to_be_gathered_or_not_sent_ends_without_address_and_words(
    reader: User, recording: type[RecordingSms], pace: Pace, state: State, reason: str
) -> None:
    choose(reader, pace)
    queue(Everywhere(), occurrence="7", users=[reader])
    assert deliver_all([Channel.SMS]) == 0
    row = text_row()
    assert (row.state, row.last_error, row.address, row.text) == (state, reason, None, None)
    assert not recording.sent


def test_a_text_that_is_no_notice_as_well_is_never_kept_back(reader: User, recording: type[RecordingSms]) -> None:
    choose(reader, Pace.NEVER)
    queue(Answered(), occurrence="7", users=[reader])
    assert deliver_all([Channel.SMS]) == 1


def test_sorting_a_hundred_messages_takes_as_many_statements_as_one(
    reader: User, recording: type[RecordingSms], clock: DatabaseClock
) -> None:
    show(clock, 22)
    counts = []
    for number in (1, 100):
        queue_many([(Everywhere(), f"{number} {n}", [reader]) for n in range(number)])
        with CaptureQueriesContext(connection) as seen:
            hold_back(Channel.SMS)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5
    assert not Message.objects.due().filter(channel=Channel.SMS).exists()


def test_what_differs_is_a_row_and_the_rest_needs_none(reader: User, settings: Any) -> None:
    settings.QUIET_HOURS = "21:00-08:00"
    sms = ("needs", Channel.SMS)
    save_preferences(reader, paces={sms: Pace.DAILY, ("points", Channel.SMS): Pace.NOW}, starts=EVENING, ends=MORNING)
    assert wanted_by(reader).paces == {sms: Pace.DAILY}
    assert not QuietHours.objects.exists()
    save_preferences(reader, paces={sms: Pace.NOW}, starts=time(22, 30), ends=time(7, 0))
    save_preferences(reader, paces={}, starts=time(22, 0), ends=time(7, 0))
    assert (wanted_by(reader).starts, wanted_by(reader).ends) == (time(22, 0), time(7, 0))
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"paces": {("needs", Channel.INAPP): Pace.NEVER}},
        {"paces": {("nothing", Channel.SMS): Pace.DAILY}},
        {"paces": {("needs", Channel.SMS): "yearly"}},
        {"starts": time(12, 0), "ends": MORNING},
        {"starts": EVENING, "ends": time(15, 0)},
        {"starts": EVENING},
    ],
)
def test_what_cannot_be_chosen_is_refused(reader: User, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save_preferences(reader, **{"paces": {}, "starts": None, "ends": None, **given})


@pytest.mark.parametrize(
    "row",
    [
        Preference(recipient_key=PHONE, topic="needs", channel=Channel.SMS, pace=Pace.DAILY),
        Preference(recipient_key="u:1", topic="needs", channel=Channel.INAPP, pace=Pace.DAILY),
        Preference(recipient_key="u:1", topic="needs", channel=Channel.SMS, pace=Pace.NOW),
        QuietHours(recipient_key="u:1", starts=time(9, 0), ends=MORNING),
        QuietHours(recipient_key="u:1", starts=EVENING, ends=time(20, 0)),
    ],
)
def test_the_tables_refuse_it_too(row: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_who_deletes_their_data_leaves_no_wishes_behind(reader: User) -> None:
    save_preferences(reader, paces={("needs", Channel.SMS): Pace.NEVER}, starts=time(22, 0), ends=MORNING)
    erase_own(reader)
    assert not Preference.objects.exists()
    assert not QuietHours.objects.exists()


def test_the_page_keeps_what_was_chosen(reader: User, recording: type[RecordingSms]) -> None:
    browser = Client()
    browser.force_login(reader)
    chosen = {"starts": "22:30", "ends": "07:00", "needs-sms": "weekly"}
    page = browser.get("/inbox/preferences/")
    for name in page.context["form"].fields:
        chosen.setdefault(name, "now")
    assert browser.post("/inbox/preferences/", chosen).status_code == 302
    assert wanted_by(reader).paces == {("needs", "sms"): "weekly"}
    assert browser.post("/inbox/preferences/", {**chosen, "starts": "12:00"}).status_code == 422
    assert wanted_by(reader).starts == time(22, 30)


def test_where_nobody_is_disturbed_one_may_go_without_hours(reader: User, settings: Any) -> None:
    """Saving the page as it stands gives nobody hours they have not chosen."""
    settings.QUIET_HOURS = ""
    browser = Client()
    browser.force_login(reader)
    form = browser.get("/inbox/preferences/").context["form"]
    as_it_stands = {name: form[name].value() or "" for name in form.fields}
    assert (as_it_stands["starts"], as_it_stands["ends"]) == ("", "")
    assert browser.post("/inbox/preferences/", as_it_stands).status_code == 302
    assert not QuietHours.objects.exists()
    assert browser.post("/inbox/preferences/", {**as_it_stands, "starts": "22:00"}).status_code == 422
    assert browser.post("/inbox/preferences/", {**as_it_stands, "starts": "22:00", "ends": "07:00"}).status_code == 302
    assert wanted_by(reader).starts == time(22, 0)
    settings.QUIET_HOURS = "21:00-08:00"
    assert browser.post("/inbox/preferences/", as_it_stands).status_code == 422, "there, everybody has some"


@pytest.mark.parametrize(
    ("hours", "fine"), [("21:00-08:00", True), ("", True), ("21-x", False), ("09:00-17:00", False)]
)
def test_the_settings_hours_are_a_night(settings: Any, hours: str, fine: bool) -> None:
    settings.QUIET_HOURS = hours
    assert (quiet_hours_are_hours(None) == []) is fine
    assert configured.TIME_ZONE == "Asia/Shanghai"
