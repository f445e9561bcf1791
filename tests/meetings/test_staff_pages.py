"""The workbench's pages of meetings: the list, a series by form, the one page before, during and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.lib.recurring import occurrences
from meetings.models import ActionItem, Meeting, Series, Topic
from meetings.services.minutes import write_minutes
from meetings.services.planning import FREQUENCIES, PARTS
from meetings.services.rules import EVERY, every_of, rule_of
from meetings.states import MeetingState
from tests.cast import Cast, browser_of
from tests.claims.things import unit_of
from tests.meetings.things import at, called, meeting, member, passed, resolved, series

pytestmark = pytest.mark.django_db
LIMITS: dict[str, Any] = {"frequencies": FREQUENCIES, "parts": PARTS, "most": 9}


def page(row: Any, name: str = "change") -> str:
    return reverse(f"admin:meetings_{row._meta.model_name}_{name}", args=[row.pk])


def take(client: Client, row: Any, name: str, **typed: Any) -> Any:
    """The form of the act ``name``, sent as the page has it."""
    typed = {"version": row._meta.model.objects.get(pk=row.pk).version, **typed}
    choice = {"choice": typed.pop("choice")} if "choice" in typed else {}
    given = {f"{name}-{key}": value for key, value in typed.items()}
    return client.post(page(row, name), {**given, **choice})


def test_the_lists_and_pages_stand(cast: Cast) -> None:
    here = cast.chengxiang
    browser = browser_of(here.worker)
    row = passed(Meeting.objects.filter(series=series(here)).earliest("starts"))
    for name in ("meeting", "series", "topic", "actionitem"):
        assert browser.get(reverse(f"admin:meetings_{name}_changelist")).status_code == 200, name
    for name in ("change", "edit", "minutes", "sheet"):
        wanted = 403 if name == "edit" and not row.is_ahead else 200
        assert browser.get(page(row, name)).status_code == wanted, name


def test_a_series_is_set_up_by_form(cast: Cast) -> None:
    here = cast.chengxiang
    member(here)
    browser, url = browser_of(here.worker), reverse("admin:meetings_series_add")
    assert browser.get(url).status_code == 200
    typed = {
        "client_key": "3b0f8bd2-0a4e-4b0c-9b51-5f2d2b1a1c11",
        "area": here.home.pk,
        "kind": "group",
        "title": "民生服务界别小组会",
        "place": "党群服务中心二楼",
        "day": f"{at(6):%Y-%m-%d}",
        "opens": "14:00",
        "minutes": "90",
        "every": "quarter",
        "times": "",
        "off_days": "after",
    }
    refused = browser.post(url, typed)
    assert refused.status_code == 422 and "例会总要有个头" in refused.content.decode()
    assert 'value="民生服务界别小组会"' in refused.content.decode()
    browser.post(url, {**typed, "times": "8"})
    row = Series.objects.get()
    assert "FREQ=MONTHLY;INTERVAL=3" in row.rule and row.rule.endswith("COUNT=8") and row.minutes == 90
    assert Meeting.objects.filter(series=row).count() == 2
    changed = {**typed, "times": "8", "place": "三楼会议室", "version": row.version}
    browser.post(page(row, "edit"), changed)
    row.refresh_from_db()
    assert row.place == "三楼会议室" and {one.place for one in row.meetings.all()} == {"三楼会议室"}
    take(browser, row, "invite", units=[unit_of(here).pk], offices=[here.home.pk])
    assert row.invitees.count() == 2
    assert unit_of(here).name in browser.get(page(row)).content.decode()


def test_rules_are_chosen_and_read_back() -> None:
    until, first = timezone.now() + timedelta(days=5 * 366), datetime(2026, 11, 30, 14, tzinfo=UTC)
    for every in EVERY:
        rule = rule_of(every, first.date(), 4)
        assert every_of(rule, first.date()) == (every, 4)
        found = occurrences(rule, first, **LIMITS, until=until)
        assert len(found) == 4 and found[0].date() == first.date(), every
    days = [f"{one:%m-%d}" for one in occurrences(rule_of("quarter", first.date(), 3), first, **LIMITS, until=until)]
    assert days == ["11-30", "02-28", "05-30"], "a month without such a day is not left out"
    assert every_of("FREQ=MONTHLY;BYDAY=2TU;UNTIL=20271231T000000", first.date()) is None


def test_a_rule_in_other_words_stays_as_it_is(cast: Cast) -> None:
    here = cast.chengxiang
    row = series(here, rule="FREQ=MONTHLY;BYMONTHDAY=5;COUNT=6", starts=at(10))
    browser = browser_of(here.worker)
    form = browser.get(page(row, "edit")).context["form"]
    typed = {name: "" if field.value() is None else field.value() for name, field in ((f.name, f) for f in form)}
    typed |= {"day": f"{at(10):%Y-%m-%d}", "opens": "14:00", "title": "议事厅"}
    typed = {name: value for name, value in typed.items() if value is not False}
    browser.post(page(row, "edit"), typed)
    row.refresh_from_db()
    assert (row.title, row.rule) == ("议事厅", "FREQ=MONTHLY;BYMONTHDAY=5;COUNT=6")


def test_a_meeting_by_hand_is_called_and_its_agenda_ordered(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    browser = browser_of(here.worker)
    for title in ("收费公示", "门岗改造"):
        assert take(browser, row, "point", title=title, minutes=15).status_code == 302
    first, second = row.agenda.all()
    take(browser, row, "shift", item=second.pk, choice="up")
    assert [one.title for one in row.agenda.all()] == ["门岗改造", "收费公示"]
    take(browser, row, "drop", item=first.pk)
    assert row.agenda.count() == 1
    assert take(browser, row, "call").status_code == 302
    row.refresh_from_db()
    assert row.state == MeetingState.CALLED
    shown = browser.get(page(row)).content.decode()
    assert "【会议通知】幸福议事厅" in shown and "没答复1" in shown
    one = row.invitees.get()
    take(browser, row, "answer", invitee=one.pk, answer="stand_in")
    one.refresh_from_db()
    assert one.answer == ""
    take(browser, row, "answer", invitee=one.pk, answer="stand_in", stand_in="小张")
    one.refresh_from_db()
    assert (one.answer, one.stand_in, one.via) == ("stand_in", "小张", "staff")


def test_what_could_be_talked_about_is_taken_on_by_one_tap(cast: Cast) -> None:
    here = cast.chengxiang
    late = resolved(passed(called(here)), here)
    ActionItem.objects.filter(pk=late.pk).update(due_on=at(-2).date())
    row = meeting(here, title="下一次会")
    browser = browser_of(here.worker)
    typed = {"area": here.home.pk, "title": "非机动车停放", "client_key": "3b0f8bd2-0a4e-4b0c-9b51-5f2d2b1a1c12"}
    browser.post(reverse("admin:meetings_topic_add"), typed)
    topic = Topic.objects.get()
    shown = [one["point"].subject for one in browser.get(page(row)).context["proposed"]]
    assert shown == [late.subject, topic.subject]
    take(browser, row, "take", subject=topic.subject)
    take(browser, row, "take", subject=late.subject)
    assert [one.subject for one in row.agenda.all()] == [late.subject, topic.subject]
    topic.refresh_from_db()
    assert topic.meeting == row
    again = take(browser, row, "take", subject=topic.subject)
    assert again.status_code == 409 and row.agenda.count() == 2
    assert "延后" in browser.get(page(row)).content.decode()


def test_after_it_results_become_action_items_and_everything_is_sent(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    browser = browser_of(here.worker)
    take(browser, row, "point", title="收费公示")
    row = passed(row)
    one, guest = row.agenda.get(title="收费公示"), row.invitees.get()
    take(browser, row, "present", who=[guest.pk], choice="paper")
    guest.refresh_from_db()
    assert guest.how == "paper"
    take(browser, row, "take_back", invitee=guest.pk)
    take(browser, row, "present", who=[guest.pk], choice="list")
    take(browser, row, "result", item=one.pk, result="月底前公示")
    shown = browser.get(f"{page(row)}?item={one.pk}")
    assert 'value="月底前公示"' in shown.content.decode()
    typed = {"item": one.pk, "what": "月底前公示", "due_on": f"{at(9):%Y-%m-%d}"}
    refused = take(browser, row, "action", **typed, client_key="3b0f8bd2-0a4e-4b0c-9b51-5f2d2b1a1c13")
    assert refused.status_code == 422 and "只选一个" in refused.content.decode()
    key = "3b0f8bd2-0a4e-4b0c-9b51-5f2d2b1a1c13"
    take(browser, row, "action", **typed, unit=unit_of(here).pk, client_key=key)
    action = ActionItem.objects.get()
    assert (action.unit, action.item) == (unit_of(here), one)
    drafted = browser.get(page(row, "minutes")).context["form"]["text"].value()
    assert "月底前公示" in drafted and str(unit_of(here)) in drafted
    assert browser.post(page(row, "minutes"), {"base": 0, "text": drafted}).status_code == 302
    assert take(browser, row, "send").status_code == 302
    row.refresh_from_db()
    assert row.state == MeetingState.SENT
    assert "【会议结果】幸福议事厅" in browser.get(page(row)).content.decode()
    take(browser, action, "clear", how="公示了")
    action.refresh_from_db()
    assert action.state == "done"


def test_of_two_who_write_minutes_the_second_keeps_every_word(cast: Cast) -> None:
    here = cast.chengxiang
    row = passed(called(here))
    browser = browser_of(here.worker)
    base = browser.get(page(row, "minutes")).context["form"]["base"].value()
    write_minutes(meeting=row.pk, by=here.secretary, base=0, text="到会八方。")
    refused = browser.post(page(row, "minutes"), {"base": base, "text": "到会九方，通过四项。"})
    shown = refused.content.decode()
    assert refused.status_code == 409 and "到会九方，通过四项。" in shown and "到会八方。" in shown
    assert row.minutes.count() == 1
    again = refused.context["form"]["base"].value()
    assert browser.post(page(row, "minutes"), {"base": again, "text": "到会九方，通过四项。"}).status_code == 302
    assert [one.text for one in row.minutes.all()] == ["到会八方。", "到会九方，通过四项。"]


def test_a_stale_page_is_told_and_words_stay(cast: Cast) -> None:
    here = cast.chengxiang
    row = passed(called(here))
    browser = browser_of(here.worker)
    stale = row.version
    write_minutes(meeting=row.pk, by=here.secretary, base=0, text="到会八方。")
    refused = take(browser, row, "call_off", version=stale, why="没有开成")
    assert refused.status_code == 409
    assert Meeting.objects.get(pk=row.pk).state == MeetingState.MINUTED


def test_whoever_does_not_keep_it_looks_on_or_stays_out(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    looks = browser_of(here.leader)
    shown = looks.get(page(row))
    assert shown.status_code == 200 and not shown.context["steps"] and not shown.context["orders"]
    assert take(looks, row, "call_off", why="不开").status_code == 403
    assert looks.post(page(row, "minutes"), {"base": 0, "text": "字"}).status_code == 403
    for who in (cast.xiasha.worker, here.liaison):
        assert browser_of(who).get(page(row)).status_code in (302, 404)
