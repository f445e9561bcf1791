"""A need's two limits: the first response and the promised reply; who is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import Invalid
from tests.cast import fresh, say_need

if TYPE_CHECKING:
    from deadlines.models import Stage
    from needs.models import Need
    from tests.cast import Cast

# A Friday; the Saturday after it is worked in exchange for the holidays that follow until the 23rd.
FRIDAY = datetime(2026, 2, 13, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def of_long_standing(cast: Cast) -> None:
    """Everybody has had their role since before the Friday in question."""
    from people.models import RoleGrant

    RoleGrant.objects.update(starts_on=date(2026, 1, 1))


def stages(need: Need) -> dict[str, Stage]:
    from deadlines.models import Stage

    return {stage.kind: stage for stage in Stage.objects.filter(subject=f"need:{need.pk}")}


def accept(cast: Cast, need: Need, **changes: Any) -> Need:
    from needs.services.handling import accept_need

    return accept_need(pk=need.pk, by=fresh(cast.chengxiang.worker), **changes)


@time_machine.travel(FRIDAY, tick=False)
def test_the_promise_counts_working_days_and_the_worked_saturday_is_one(cast: Cast) -> None:
    need = accept(cast, say_need(cast.chengxiang.home))
    assert need.reply_by == date(2026, 2, 27)
    assert stages(need)["needs.reply"].due_on == date(2026, 2, 27)


@time_machine.travel(FRIDAY, tick=False)
def test_a_day_chosen_by_staff_is_the_limit(cast: Cast) -> None:
    need = accept(cast, say_need(cast.chengxiang.home), reply_by=date(2026, 3, 10))
    assert stages(need)["needs.reply"].due_on == date(2026, 3, 10)


def test_accepting_ends_the_first_response_and_replying_keeps_the_promise(cast: Cast) -> None:
    from needs.services.handling import reply_to_resident

    with time_machine.travel(FRIDAY, tick=False):
        need = say_need(cast.chengxiang.home)
    with time_machine.travel(FRIDAY + timedelta(hours=1), tick=False):
        accept(cast, need)
        assert {kind: stage.outcome for kind, stage in stages(need).items()} == {
            "needs.first_response": "met",
            "needs.reply": "running",
        }
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
        reply_to_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="今天下午去看。")
        reply_to_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="换好了。")
    assert stages(need)["needs.reply"].outcome == "met"


def test_accepted_after_two_office_hours_is_late_and_a_fact(cast: Cast) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        need = say_need(cast.chengxiang.home)
    with time_machine.travel(FRIDAY + timedelta(hours=4), tick=False):  # 14:00; 10:00–12:00 were two office hours
        accept(cast, need)
    first = stages(need)["needs.first_response"]
    assert (first.outcome, first.breached_by) == ("breached", None)


def test_taken_back_is_nobodys_fault(cast: Cast) -> None:
    from needs.services.following import withdraw

    need = say_need(cast.chengxiang.home)
    accept(cast, need)
    withdraw(token=need.link_token)
    assert stages(need)["needs.reply"].outcome == "void"


def _come(stage: Stage, *offsets: int) -> None:
    """These rungs have come; with those after the day, its end."""
    from deadlines.models import Due, Stage
    from deadlines.services.sweep import sweep_all

    just_now = timezone.now() - timedelta(minutes=1)
    if max(offsets) > 0:
        Stage.objects.filter(pk=stage.pk).update(due_at=just_now)
    for offset in offsets:
        Due.objects.undone().filter(key=f"chase:{stage.pk}:0:{offset}").update(due_at=just_now)
    sweep_all()


def _told() -> list[tuple[str, str]]:
    from notifications.models import Message

    rows = Message.objects.filter(rule__startswith="needs.Reply", channel="inapp").order_by("pk")
    return list(rows.values_list("rule", "recipient_key"))


def test_who_is_reminded_of_what(cast: Cast) -> None:
    from notifications.models import Message

    here = cast.chengxiang
    need = accept(cast, say_need(here.home))
    stage = stages(need)["needs.reply"]
    for offset in (-1, 0, 1, 3):
        _come(stage, offset)
    assert _told() == [
        ("needs.ReplySoon", f"u:{here.worker.pk}"),
        ("needs.ReplySoon", f"u:{here.worker.pk}"),  # the day itself is in fact still to come
        ("needs.ReplyLate", f"u:{here.secretary.pk}"),
        ("needs.ReplyLate", f"u:{here.party_office.pk}"),
    ]
    late = Message.objects.get(recipient_key=f"u:{here.secretary.pk}", rule="needs.ReplyLate", channel="inapp")
    assert need.number in late.body and here.worker.name in late.body
    assert late.url == f"/admin/needs/need/{need.pk}/change/"


def test_nobody_is_asked_as_a_superior_to_look_after_what_is_their_own(cast: Cast) -> None:
    from needs.services.handling import accept_need

    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=fresh(here.secretary))
    _come(stages(need)["needs.reply"], 1)
    assert _told() == [("needs.ReplyLate", f"u:{here.section_head.pk}")]


def test_after_an_outage_nobody_is_told_twice_and_nothing_untrue(cast: Cast) -> None:
    here = cast.chengxiang
    stage = stages(accept(cast, say_need(here.home)))["needs.reply"]
    _come(stage, -1, 0, 1, 3)
    assert _told() == [
        ("needs.ReplyOverdue", f"u:{here.worker.pk}"),
        ("needs.ReplyLate", f"u:{here.secretary.pk}"),
        ("needs.ReplyLate", f"u:{here.party_office.pk}"),
    ]


def test_an_edited_limit_moves_no_promise(cast: Cast) -> None:
    from deadlines.models import StageRule
    from deadlines.services.settings import save_limit
    from people.models import Area, RoleGrant

    need = accept(cast, say_need(cast.chengxiang.home))
    keeper = cast.chengxiang.system_admin
    RoleGrant.objects.filter(user=keeper).update(area=Area.objects.get(pk="330109"))
    version = StageRule.objects.get(pk="needs.reply").version
    facts: dict[str, Any] = {"by": fresh(keeper), "kind": "needs.reply", "version": version}
    assert save_limit(**facts, amount=20, unit="work_days").recounted == 0
    assert stages(need)["needs.reply"].due_on == need.reply_by
    later = accept(cast, say_need(cast.chengxiang.home))
    assert later.reply_by and need.reply_by and later.reply_by > need.reply_by
    for refused in ({"amount": 61, "unit": "work_days"}, {"amount": 2, "unit": "work_hours"}):
        with pytest.raises(Invalid):
            save_limit(**{**facts, "version": version + 1, **refused})


def test_unaccepted_after_the_first_response_the_community_hears_of_it(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    say_need(cast.chengxiang.home)
    Due.objects.undone().filter(key__endswith=":0:0").update(due_at=timezone.now() - timedelta(minutes=1))
    sweep_all()
    told = Message.objects.filter(rule="needs.AcceptNow")
    here = cast.chengxiang
    assert set(told.values_list("recipient_key", flat=True)) == {f"u:{here.worker.pk}", f"u:{here.secretary.pk}"}
    assert not Message.objects.filter(rule="needs.AcceptLate").exists()


def test_a_holiday_decreed_later_moves_the_promise_and_both_are_told(cast: Cast) -> None:
    from deadlines.models import Due
    from deadlines.services.calendar import set_days
    from deadlines.services.sweep import sweep
    from notifications.models import Message

    with time_machine.travel(FRIDAY, tick=False):
        need = accept(cast, say_need(cast.chengxiang.home))
        set_days(by=None, rows=[(date(2026, 2, 26), False, "临时放假")])
        Due.objects.filter(kind="deadlines.recount").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
        sweep(limit=1)
    need.refresh_from_db()
    assert need.reply_by == date(2026, 2, 28)
    event = need.events.latest("pk")
    assert (event.verb, event.audience, event.params["reply_by"]) == ("move", "resident", "2026-02-28")
    moved = Message.objects.filter(rule__in=["needs.ReplyMoved", "needs.PromiseMoved"])
    assert {row.recipient_key[:2] for row in moved} == {"u:", "p:"}


@pytest.mark.parametrize(("clock", "expected"), [(3, 8), (12, None), (21, 32), (23, 32)])
def test_nobody_is_woken_because_the_calendar_changed(clock: int, expected: int | None) -> None:
    from needs.services.daylight import by_daylight

    midnight = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # the 3rd begins in Hangzhou
    with time_machine.travel(midnight + timedelta(hours=clock), tick=False):
        morning = by_daylight()
    assert morning == (None if expected is None else midnight + timedelta(hours=expected))


def _free(day: date) -> None:
    from deadlines.models import Due
    from deadlines.services.calendar import set_days
    from deadlines.services.sweep import sweep

    set_days(by=None, rows=[(day, False, "临时放假")])
    Due.objects.filter(kind="deadlines.recount").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    sweep(limit=1)  # the database's clock is not moved: the limit itself is long past by it


@pytest.mark.parametrize("then", ["withdrawn", "answered", "moved again", "control"])
def test_a_text_that_waits_for_the_morning_is_called_off_when_it_is_true_no_more(
    cast: Cast, settings: Any, then: str
) -> None:
    from needs.services.following import withdraw
    from needs.services.handling import reply_to_resident
    from notifications.models import Message

    settings.SMS_CHANNEL = "console"
    with time_machine.travel(FRIDAY, tick=False):
        need = accept(cast, say_need(cast.chengxiang.home))
    with time_machine.travel(FRIDAY + timedelta(hours=12), tick=False):  # 22:00
        _free(date(2026, 2, 26))
        if then == "withdrawn":
            withdraw(token=need.link_token)
        elif then == "answered":
            reply_to_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="灯已经换好了。")
        elif then == "moved again":
            _free(date(2026, 2, 25))
    texts = Message.objects.filter(rule="needs.PromiseMoved", channel="sms").order_by("pk")
    waiting, off = ("waiting", "改在2月28日"), ("missed", "")
    found = [(row.state, "改在2月28日" if "改在2月28日" in (row.text or "") else row.text or "") for row in texts]
    if then == "moved again":
        assert found[0] == off and found[1][0] == "waiting" and "改在3月2日" in found[1][1]
    else:
        assert found == [waiting if then == "control" else off]
    assert texts[0].address is None or then == "control"
