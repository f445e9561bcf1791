"""From a need to a topic, from a topic to what is resolved, until it is done and everybody has their answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from meetings.models import ActionItem, Meeting, Topic
from meetings.services.actions import clear_action, edit_action, reopen_action, report_action, set_action
from meetings.services.agenda import drop_point, refresh_agenda
from meetings.services.meetings import call_off_meeting
from meetings.services.minutes import note_result, send_minutes, write_minutes
from meetings.services.topics import answer_topic, raise_topic, withdraw_topic
from meetings.states import TopicState
from members.models import Membership
from members.services.in_hand import in_hand
from needs.models import Need
from needs.services.handling import accept_need
from needs.wording import event_for_resident
from notifications.models import Message
from people.models import User
from tests.cast import Cast, Street, say_need
from tests.claims.things import unit_of
from tests.meetings.things import called, fall_due, meeting, member, passed, resolved, series

pytestmark = pytest.mark.django_db


def rules(user: User) -> set[str]:
    return {rule.partition(".")[2] for rule in Message.objects.inbox_of(user).values_list("rule", flat=True)}


def topic(here: Street, by: User | None = None, **more: Any) -> Topic:
    values = {"title": "非机动车停放和充电", **more}
    return raise_topic(client_key=uuid4(), by=by or here.worker, area=here.home.pk, **values)


def test_a_topic_of_a_need_is_noted_there_and_raised_once(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.worker)
    row = topic(here, need=need.pk)
    assert (row.origin, row.origin_label) == (f"need:{need.pk}", need.number)
    assert need.events.filter(verb="note", words__contains=row.title).exists()
    with pytest.raises(RuleBroken):
        topic(here, need=need.pk)
    with pytest.raises(NotFound):
        topic(cast.xiasha, need=need.pk)


def test_staff_and_units_raise_and_strangers_do_not(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member(here)
    assert topic(here, by=here.liaison, unit=unit.pk).unit == unit
    topic(here, by=here.neighbour)
    for by, more in (
        (cast.xiasha.worker, {}),
        (cast.nobody, {}),
        (here.liaison, {}),
        (cast.xiasha.liaison, {"unit": unit.pk}),
    ):
        with pytest.raises(NotAllowed):
            topic(here, by=by, **more)
    assert not Topic.objects.visible_to(cast.xiasha.worker).exists()
    assert Topic.objects.visible_to(here.liaison).count() == 1


def test_a_topic_goes_on_the_agenda_and_its_result_goes_back(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.grid_lead)
    unit = member(here)
    of_unit, of_need = topic(here, by=here.liaison, unit=unit.pk), topic(here, need=need.pk, by=here.grid_lead)
    unanswered = topic(here, title="门岗改造")
    row = called(here)
    for one in (of_unit, of_need, unanswered):
        one.refresh_from_db()
        assert (one.state, one.meeting) == (TopicState.LISTED, row)
    assert "TopicListed" in rules(here.liaison)
    row = passed(row)
    points = {item.subject: item for item in row.agenda.all()}
    for one in (of_unit, of_need):
        point = points[one.subject].pk
        note_result(meeting=row.pk, by=here.worker, version=None, item=point, result="划40个车位")
    write_minutes(meeting=row.pk, by=here.worker, base=0, text="通过两项。")
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    for one in (of_unit, of_need, unanswered):
        one.refresh_from_db()
    assert (of_unit.state, of_unit.answer) == (TopicState.ANSWERED, "划40个车位")
    assert (unanswered.state, unanswered.meeting) == (TopicState.WAITING, None)
    assert "TopicAnswered" in rules(here.liaison) and "TopicAnswered" in rules(here.grid_lead)


def test_what_was_taken_off_does_not_come_back_by_itself(cast: Cast) -> None:
    here = cast.chengxiang
    row, one = meeting(here), topic(here)
    assert refresh_agenda(meeting=row.pk, by=here.worker, version=None) == 1
    drop_point(meeting=row.pk, by=here.worker, version=None, item=row.agenda.get().pk)
    one.refresh_from_db()
    assert one.state == TopicState.WAITING
    assert refresh_agenda(meeting=row.pk, by=here.worker, version=None) == 0


def test_a_meeting_that_is_off_gives_its_topics_back(cast: Cast) -> None:
    here = cast.chengxiang
    one, row = topic(here), called(here)
    call_off_meeting(pk=row.pk, by=here.worker, version=None, why="台风")
    one.refresh_from_db()
    assert (one.state, one.meeting) == (TopicState.WAITING, None)


def test_a_topic_is_answered_without_a_meeting_or_withdrawn(cast: Cast) -> None:
    here = cast.chengxiang
    unit = member(here)
    one, two = (topic(here, by=here.liaison, unit=unit.pk) for _n in range(2))
    with pytest.raises(Invalid):
        answer_topic(pk=one.pk, by=here.worker, version=None, answer=" ")
    with pytest.raises(NotAllowed):
        answer_topic(pk=one.pk, by=here.liaison, version=None, answer="好")
    answer_topic(pk=one.pk, by=here.worker, version=None, answer="已经在办，下周完成")
    with pytest.raises(RuleBroken):
        withdraw_topic(pk=one.pk, by=here.liaison, version=None)
    with pytest.raises(NotAllowed):
        withdraw_topic(pk=two.pk, by=here.worker, version=None)
    assert withdraw_topic(pk=two.pk, by=here.liaison, version=None).state == TopicState.WITHDRAWN


def test_what_slips_tops_the_next_agenda_until_it_is_done(cast: Cast) -> None:
    here = cast.chengxiang
    first, second, *_rest = Meeting.objects.filter(series=series(here)).order_by("starts")
    fall_due(first.subject, "meetings.call")
    first = passed(Meeting.objects.get(pk=first.pk))
    action = resolved(first, here)
    assert "ActionSet" in rules(here.liaison)
    assert in_hand(unit_of(here).pk) and fall_due(action.subject, "meetings.action_soon") == 1
    assert "ActionSoon" in rules(here.liaison) and "ActionLate" not in rules(here.liaison)
    late = timezone.localdate() - timedelta(days=1)
    ActionItem.objects.filter(pk=action.pk).update(due_on=late)
    Due.objects.undone().filter(subject=action.subject).update(params={"due_on": late.isoformat()})
    topic(here)
    refresh_agenda(meeting=second.pk, by=here.worker, version=None)
    for item in second.agenda.exclude(subject__startswith="topic:"):
        drop = item.subject == action.subject
        assert drop, "nothing else has come up"
    assert fall_due(action.subject, "meetings.action_late") == 1
    top = second.agenda.first()
    assert top is not None and top.subject == action.subject and action.what in top.title
    assert "ActionLate" in rules(here.worker) and "ActionLate" not in rules(here.liaison)
    report_action(pk=action.pk, by=here.liaison, version=None, said="泵排已装好")
    assert "ActionReported" in rules(here.worker)
    clear_action(pk=action.pk, by=here.worker, version=None)
    action.refresh_from_db()
    assert (action.state, action.said) == ("done", "泵排已装好")
    assert not Due.objects.undone().filter(subject=action.subject).exists()
    assert not [entry for entry in in_hand(unit_of(here).pk) if entry.count and "行动项" in str(entry.label)]


def test_an_action_item_is_in_one_hand_of_this_street(cast: Cast) -> None:
    here = cast.chengxiang
    row = passed(called(here))
    far = timezone.localdate() + timedelta(days=5000)
    wrong: list[dict[str, Any]] = [
        {"unit": None},
        {"office": here.home.pk},
        {"unit": unit_of(cast.xiasha).pk},
        {"unit": None, "office": cast.xiasha.home.pk},
        {"what": " "},
        {"days": -1},
        {"due_on": far},
    ]
    for changes in wrong:
        with pytest.raises(Invalid):
            resolved(row, here, **changes)
    assert resolved(row, here, unit=None, office=here.street.pk).office == here.street
    key, day = uuid4(), timezone.localdate()
    values = {"client_key": key, "meeting": row.pk, "version": None, "what": "公示", "due_on": day}
    first = set_action(by=here.worker, office=here.home.pk, **values)
    assert set_action(by=here.worker, office=here.home.pk, **values).pk == first.pk
    with pytest.raises(Conflict):
        set_action(by=here.clerk, office=here.home.pk, **values)


def test_who_may_do_what_to_an_action_item(cast: Cast) -> None:
    here = cast.chengxiang
    action = resolved(passed(called(here)), here)
    for by, error in ((here.liaison, NotAllowed), (here.neighbour, NotAllowed), (cast.xiasha.worker, NotFound)):
        with pytest.raises(error):
            clear_action(pk=action.pk, by=by, version=None, how="办好了")
    for by, error in ((here.worker, NotAllowed), (cast.xiasha.liaison, NotFound)):
        with pytest.raises(error):
            report_action(pk=action.pk, by=by, version=None, said="办好了")
    with pytest.raises(Invalid):
        clear_action(pk=action.pk, by=here.worker, version=None)
    clear_action(pk=action.pk, by=here.worker, version=None, how="办好了")
    with pytest.raises(RuleBroken):
        report_action(pk=action.pk, by=here.liaison, version=None, said="办好了")
    later = timezone.localdate() + timedelta(days=3)
    assert reopen_action(pk=action.pk, by=here.worker, version=None, why="又坏了", due_on=later).state == "open"


def test_what_a_unit_had_that_left_is_handed_on(cast: Cast) -> None:
    here = cast.chengxiang
    action = resolved(passed(called(here)), here)
    clear_action(pk=action.pk, by=here.worker, version=None, how="办好了")
    Membership.objects.filter(unit=unit_of(here)).update(left_on=timezone.localdate())
    later = timezone.localdate() + timedelta(days=9)
    with pytest.raises(RuleBroken):
        reopen_action(pk=action.pk, by=here.worker, version=None, why="又坏了", due_on=later)
    ActionItem.objects.filter(pk=action.pk).update(state="open", done_on=None)
    first = action.first_due_on
    edit_action(pk=action.pk, by=here.worker, version=None, why="单位退出", due_on=later, office=here.home.pk)
    action.refresh_from_db()
    assert (action.unit, action.office, action.due_on, action.first_due_on) == (None, here.home, later, first)
    with pytest.raises(Invalid):
        edit_action(pk=action.pk, by=here.worker, version=None, why=" ", due_on=later, office=here.home.pk)


def lines_of(need: Need) -> list[tuple[str, str]]:
    """What the resident reads, the oldest first."""
    rows = need.events.filter(audience="resident", verb="talked").order_by("pk")
    return [(event_for_resident(one), one.words) for one in rows]


def test_the_resident_reads_what_was_resolved_and_that_it_is_done(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.worker)
    one, row = topic(here, need=need.pk), called(here)
    row = passed(row)
    point = row.agenda.get(subject=one.subject)
    note_result(meeting=row.pk, by=here.worker, version=None, item=point.pk, result="划40个车位")
    action = resolved(row, here, item=point.pk)
    write_minutes(meeting=row.pk, by=here.worker, base=0, text="通过一项。")
    assert not lines_of(need), "nothing is told before the minutes are sent"
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    assert lines_of(need) == [("“幸福议事厅”议了您反映的事，商定：", "划40个车位")]
    assert Message.objects.filter(rule="needs.NeedTalkedOver").exists()
    promised = Need.objects.get(pk=need.pk)
    assert (promised.state, promised.first_reply_at) == ("in_progress", None), "it is no reply of the office"
    clear_action(pk=action.pk, by=here.worker, version=None, how="车位划好了")
    assert lines_of(need)[1:] == [("“幸福议事厅”上商定的事办好了", "车位划好了")]
    assert Message.objects.filter(rule="needs.NeedResolvedDone").exists()


def test_of_a_need_that_has_ended_nothing_more_is_told(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    accept_need(pk=need.pk, by=here.worker)
    one = topic(here, need=need.pk)
    Need.objects.filter(pk=need.pk).update(state="withdrawn", ended_at=timezone.now(), holder=None, unit=None)
    answer_topic(pk=one.pk, by=here.worker, version=None, answer="已经在办")
    one.refresh_from_db()
    assert one.state == TopicState.ANSWERED and not lines_of(need)
