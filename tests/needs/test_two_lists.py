"""The yearly two lists: from the opening to a resource on the shelf and a need that somebody answers for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep_all
from deadlines.states import DueState
from members.models import MemberUnit
from needs.models import ListLine, ListRound, Need, UnitLists
from needs.permissions import line_abilities, round_abilities
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.services.list_dues import SOON, TODAY
from needs.services.list_filling import copy_last, take_back_line
from needs.services.list_lines import leave_line, take_line
from needs.services.list_rounds import change_round, close_round, open_round, remind_round, reopen_round
from needs.services.list_units import tally
from needs.services.publishing import list_need, unlist_need
from needs.states import Origin, State
from needs.states.lists import LINE_WORKFLOW, LISTS_WORKFLOW, ROUND_WORKFLOW, LineState, ListsState, RoundState
from notifications.models import Message
from resources.models import Resource
from resources.services import approve_resource, stop_resource
from resources.states import ResourceState
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import another_unit, unit_of
from tests.needs.rounds import fill, give, need, round_in, sent

pytestmark = pytest.mark.django_db


def told(rule: str, **of: object) -> int:
    return Message.objects.filter(rule=f"needs.{rule}", **of).count()


def test_from_the_opening_to_a_resource_and_a_need_that_the_unit_answers(cast: Cast) -> None:
    here = cast.chengxiang
    late, _other = another_unit(here)
    row = round_in(here)
    assert round_in(here).pk == row.pk, "a second tap finds the first"
    assert tally(row).units == 2 and told("ListsOpened") == 2
    hall, lesson = give(), need()
    lists = fill(here, row, hall, lesson)
    assert (lists.state, Resource.objects.count(), Need.objects.count()) == (ListsState.DRAFT, 0, 0)
    # One line goes ahead, the other stays a draft.
    assert fill(here, row, hall, lesson, send=hall.key).state == ListsState.SENT
    lines = {line.side: line for line in lists.lines.all()}
    assert (lines["give"].state, lines["need"].state) == (LineState.SENT, LineState.DRAFT)
    found = Resource.objects.get()
    assert (found.name, found.capacity, found.unit, found.state) == (
        "三楼会议室", 40, unit_of(here), ResourceState.TO_APPROVE,
    )  # fmt: skip
    sent(here, row, hall, lesson)
    sent(here, row, hall, lesson)
    assert Resource.objects.count() == 1 and told("LinesArrived", recipient_key=f"u:{here.clerk.pk}") == 1
    assert not Message.objects.filter(rule="needs.ListsOpened", recipient_key=f"u:{here.liaison.pk}", state="sent")
    approve_resource(pk=found.pk, by=fresh(here.party_office), version=found.version)
    line = lists.lines.get(side="need")
    made = take_line(pk=line.pk, by=fresh(here.clerk), version=line.version, listed_words="请人教剪纸")
    made = Need.objects.get(pk=made.pk)
    assert (made.state, made.origin, made.asker, made.holder) == (
        State.IN_PROGRESS, Origin.UNIT, unit_of(here), here.clerk,
    )  # fmt: skip
    assert "三十位职工" in made.words and made.listed_words == "请人教剪纸" and made.reply_by is not None
    assert told("LineTaken", recipient_key=f"u:{here.liaison.pk}") == 1
    with pytest.raises(RuleBroken):
        take_line(pk=line.pk, by=fresh(here.section_head), version=None)
    assert tally(row) == type(tally(row))(units=2, sent=1, gives=1, needs=1, taken=1)
    assert remind_round(pk=row.pk, by=fresh(here.clerk)) == 1 and told("ListsAsked") == 2, "notice and text message"
    with pytest.raises(RuleBroken):
        remind_round(pk=row.pk, by=fresh(here.party_office))
    finish_need(pk=made.pk, by=fresh(here.clerk), words="周三来教。")
    assert UnitLists.objects.get(round=row, unit=late).state == ListsState.EMPTY


def test_a_line_that_cannot_go_keeps_everything_back_and_says_where(cast: Cast) -> None:
    here = cast.chengxiang
    row = round_in(here)
    hall, chairs = give(amount=None), give("折叠椅", kind="")
    with pytest.raises(Invalid) as refused:
        sent(here, row, hall, chairs)
    assert set(refused.value.fields) == {f"{hall.key}.amount", f"{chairs.key}.kind"}
    assert not Resource.objects.exists() and not ListLine.objects.exists()
    for bad in (give("长" * 61), give(amount=-1), give(kind="no-such"), need("", whom="老人")):
        with pytest.raises(Invalid):
            fill(here, row, bad)
    with pytest.raises(Invalid) as empty:
        sent(here, row)
    assert set(empty.value.fields) == {"nothing"}
    assert sent(here, row, nothing=True).state == ListsState.SENT


def test_two_liaisons_do_not_write_over_each_other_and_what_was_sent_stands(cast: Cast) -> None:
    here = cast.chengxiang
    row, first = round_in(here), need()
    lists = fill(here, row, first)
    seen = lists.version
    fill(here, row, need("别的", key=first.key), version=seen)
    with pytest.raises(Conflict):
        fill(here, row, need("又一样", key=first.key), version=seen)
    sent(here, row, need("别的", key=first.key))
    line = lists.lines.get()
    fill(here, row, need("提交以后改", key=first.key))
    assert ListLine.objects.get(pk=line.pk).what == "别的"
    fill(here, row)
    assert ListLine.objects.filter(pk=line.pk).exists(), "only drafts are thrown away"
    assert take_back_line(pk=line.pk, by=fresh(here.liaison)).state == LineState.TAKEN_BACK
    with pytest.raises(RuleBroken):
        take_line(pk=line.pk, by=fresh(here.clerk), version=None)
    other = round_in(cast.xiasha)
    with pytest.raises(Conflict):
        fill(cast.xiasha, other, need(key=first.key))


def test_a_need_is_left_with_a_word_for_the_unit(cast: Cast) -> None:
    here = cast.chengxiang
    row = round_in(here)
    line = sent(here, row, need()).lines.get()
    with pytest.raises(Invalid):
        leave_line(pk=line.pk, by=fresh(here.clerk), version=line.version, words=" ")
    with pytest.raises(Conflict):
        leave_line(pk=line.pk, by=fresh(here.clerk), version=line.version + 1, words="没有师傅")
    leave_line(pk=line.pk, by=fresh(here.clerk), version=line.version, words="今年没有师傅")
    assert told("LineLeft", recipient_key=f"u:{here.liaison.pk}") == 1 and not Need.objects.exists()


def test_last_years_lists_are_copied_once_and_what_is_on_the_shelf_stays_one_resource(cast: Cast) -> None:
    here = cast.chengxiang
    before, hall, chairs = round_in(here), give(), give("折叠椅", kind="equipment", amount=20)
    sent(here, before, hall, chairs, need())
    gone = Resource.objects.get(name="折叠椅")
    stop_resource(pk=gone.pk, by=fresh(here.party_office), version=gone.version, words="坏了")
    row = round_in(here, year=timezone.localdate().year + 1, title="明年两张清单")
    unit = unit_of(here)
    assert copy_last(round_pk=row.pk, unit_id=unit.pk, by=fresh(here.liaison)) == 3
    assert copy_last(round_pk=row.pk, unit_id=unit.pk, by=fresh(here.liaison)) == 0
    copied = list(ListLine.objects.filter(lists__round=row))
    assert {line.state for line in copied} == {LineState.DRAFT}
    again = [_typed(line) for line in copied]
    sent(here, row, *again)
    assert Resource.objects.filter(name="三楼会议室").count() == 1
    assert Resource.objects.filter(name="折叠椅").count() == 2
    assert ListLine.objects.filter(lists__round=row, state=LineState.SENT).count() == 3


def _typed(line: ListLine):  # type: ignore[no-untyped-def]
    kind = line.kind.key if line.kind else ""
    make = give if line.side == "give" else need
    said = {"key": line.client_key, "whom": line.whom, "on_when": line.on_when}
    return make(line.what, **said, **({"kind": kind, "amount": line.amount} if line.side == "give" else {}))


def test_reminders_come_a_week_before_and_on_the_day_to_those_who_have_not(cast: Cast) -> None:
    here = cast.chengxiang
    _unit, waiting = another_unit(here)
    row = round_in(here, days=20)
    sent(here, row, need())
    dues = Due.objects.filter(subject=f"lists:{row.pk}")
    assert sorted(dues.values_list("kind", flat=True)) == [SOON, TODAY]
    assert {timezone.localdate(due.due_at) for due in dues} == {row.last_day - timedelta(days=7), row.last_day}
    moved = change_round(
        pk=row.pk, by=fresh(here.clerk), version=row.version, title=row.title,
        last_day=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    assert dues.filter(state=DueState.CANCELLED).count() == 2 and dues.undone().count() == 2
    assert dues.undone().filter(kind=SOON).update(due_at=timezone.now() - timedelta(minutes=1)) == 1
    sweep_all()
    assert told("ListsWait", recipient_key=f"u:{waiting.pk}") == 2
    assert told("ListsWait", recipient_key=f"u:{here.liaison.pk}") == 0
    close_round(pk=row.pk, by=fresh(here.clerk), version=moved.version)
    assert not dues.undone().exists()
    assert not Message.objects.filter(rule__startswith="needs.Lists", channel="inapp", state="sent").exists()
    with pytest.raises(RuleBroken):
        fill(here, row, need("晚了"))
    again = reopen_round(pk=row.pk, by=fresh(here.clerk), version=None, last_day=moved.last_day)
    assert again.state == RoundState.OPEN and dues.undone().count() == 2


def test_who_may_do_what(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    for person, refusal in ((here.worker, NotAllowed), (here.leader, NotAllowed), (there.clerk, Invalid)):
        with pytest.raises(refusal):
            round_in(here, by=person)
    row = round_in(here)
    line = sent(here, row, need()).lines.get()
    draft = fill(here, row, need("还没想好")).lines.get(state=LineState.DRAFT)
    seen = {name: ListRound.objects.visible_to(person).exists() for name, person in here.people().items()}
    blind = {"system_admin", "security_admin", "audit_admin", "liaison"}
    assert seen == {name: name not in blind for name in seen}
    assert not ListRound.objects.visible_to(there.clerk).exists()
    assert not ListLine.objects.visible_to(here.clerk).filter(pk=draft.pk).exists(), "a draft is its unit's own"
    for person, refusal in ((here.worker, NotAllowed), (here.leader, NotAllowed), (there.clerk, NotFound)):
        for act in (
            lambda person=person: take_line(pk=line.pk, by=fresh(person), version=None),
            lambda person=person: leave_line(pk=line.pk, by=fresh(person), version=None, words="不行"),
            lambda person=person: remind_round(pk=row.pk, by=fresh(person)),
            lambda person=person: close_round(pk=row.pk, by=fresh(person), version=None),
        ):
            with pytest.raises(refusal):
                act()
    assert round_abilities(here.worker, row) == {"view"} == line_abilities(here.worker, line)
    stranger, theirs = another_unit(here, member=False)
    with pytest.raises(NotFound):
        fill(here, row, need(), by=theirs, unit=stranger)
    with pytest.raises(NotFound):
        fill(here, row, need(), by=theirs)
    with pytest.raises(NotFound):
        take_back_line(pk=line.pk, by=fresh(theirs))
    MemberUnit.objects.filter(pk=unit_of(here).pk).update(suspended_at=timezone.now())
    with pytest.raises(RuleBroken):
        fill(here, row, need())


def test_the_tables_lead_everywhere_and_the_database_keeps_what_they_mean(cast: Cast) -> None:
    for flow, states in ((ROUND_WORKFLOW, RoundState), (LISTS_WORKFLOW, ListsState), (LINE_WORKFLOW, LineState)):
        assert flow.reachable() == set(states.values)
    here = cast.chengxiang
    row = round_in(here)
    lists = sent(here, row, need(), give())
    said, given = lists.lines.get(side="need"), lists.lines.get(side="give")
    other = say_need(here.home)
    for model, pk, values in (
        (ListLine, said.pk, {"state": "taken"}),
        (ListLine, said.pk, {"state": "not_taken"}),
        (ListLine, said.pk, {"amount": 3}),
        (ListLine, given.pk, {"resource": None}),
        (ListLine, given.pk, {"state": "taken"}),
        (UnitLists, lists.pk, {"sent_at": None}),
        (Need, other.pk, {"origin": "unit"}),
        (Need, other.pk, {"asker": unit_of(here)}),
        (Need, other.pk, {"listed": True}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model._default_manager.filter(pk=pk).update(**values)
    with pytest.raises(Conflict):
        open_round(
            alliance=row.alliance_id, by=fresh(here.party_office), year=row.year, title="又一轮", last_day=row.last_day
        )


def test_what_residents_said_is_listed_in_words_of_staff_alone(cast: Cast) -> None:
    here = cast.chengxiang
    said = say_need(here.home)
    with pytest.raises(DomainError):
        list_need(pk=said.pk, by=fresh(here.worker), words="楼道要装灯")
    accept_need(pk=said.pk, by=fresh(here.worker))
    with pytest.raises(Invalid):
        list_need(pk=said.pk, by=fresh(here.worker), words="请打13800000001")
    listed = list_need(pk=said.pk, by=fresh(here.worker), words="楼道要装灯")
    assert Need.objects.in_public_list().get().pk == listed.pk
    page = browser_of(None).get(f"/n/{said.link_token}/").content.decode()
    assert "列进了联盟的需求清单" in page
    with pytest.raises(NotFound):
        unlist_need(pk=said.pk, by=fresh(here.neighbour))
    unlist_need(pk=said.pk, by=fresh(here.worker))
    assert not Need.objects.in_public_list().exists()


def test_a_stray_key_makes_no_line(cast: Cast) -> None:
    here = cast.chengxiang
    row = round_in(here)
    fill(here, row, need("", whom="", on_when=""), give("", kind="meeting-room", amount=None))
    assert not ListLine.objects.exists()
    assert fill(here, row, need(key=uuid4())).lines.count() == 1
