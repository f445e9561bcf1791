"""One meeting: called, answered, held, minuted, sent; and the clock, which does what nobody did."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from meetings.models import Invitee, Meeting, Minutes
from meetings.services.agenda import add_point, drop_point, order_points, refresh_agenda
from meetings.services.answering import answer_invitation
from meetings.services.inviting import add_invitee, drop_invitee
from meetings.services.meetings import call_meeting, call_off_meeting, edit_meeting, move_meeting, plan_meeting
from meetings.services.minutes import note_result, send_minutes, write_minutes
from meetings.services.presence import note_present, take_back_present
from meetings.services.series import Invited
from meetings.states import MeetingState
from members.models import Liaison
from members.services.merging import merge_units, preview_merge
from notifications.models import CardLink, Message
from notifications.services import answer_card, make_card, show_card
from people.models import User
from tests.cast import Cast
from tests.claims.things import another_unit
from tests.meetings.things import SAID, at, called, fall_due, meeting, passed, series

pytestmark = pytest.mark.django_db


def rules(user: User) -> set[str]:
    return {rule.partition(".")[2] for rule in Message.objects.inbox_of(user).values_list("rule", flat=True)}


def of_liaison(row: Meeting, liaison: User) -> Invitee:
    return row.invitees.get(unit__seats__user=liaison)


def test_it_is_unseen_by_guests_until_it_is_called(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    assert not Meeting.objects.visible_to(here.liaison).exists()
    assert not Meeting.objects.visible_to(cast.xiasha.worker).exists()
    assert not Meeting.objects.visible_to(cast.nobody).exists()
    call_meeting(pk=row.pk, by=here.worker, version=None)
    assert Meeting.objects.visible_to(here.liaison).get() == row
    assert not Meeting.objects.visible_to(cast.xiasha.liaison).exists()
    assert "MeetingCalled" in rules(here.liaison)
    drop_invitee(meeting=row.pk, by=here.worker, version=None, invitee=of_liaison(row, here.liaison).pk)
    assert not Meeting.objects.visible_to(here.liaison).exists()


def test_only_whoever_keeps_the_place_acts(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    for by, error in (
        (here.neighbour, NotAllowed),
        (here.liaison, NotAllowed),
        (here.leader, NotAllowed),
        (cast.xiasha.worker, NotFound),
        (cast.nobody, NotFound),
    ):
        with pytest.raises(error):
            call_off_meeting(pk=row.pk, by=by, version=None, why="不开了")
        with pytest.raises(error):
            add_point(meeting=row.pk, by=by, version=None, title="加一项")
    with pytest.raises(Conflict):
        edit_meeting(pk=row.pk, by=here.worker, version=row.version + 1, place="别处")


def test_times_and_words_are_refused_by_field(cast: Cast) -> None:
    here = cast.chengxiang
    for starts, ends in ((at(-1), at(2)), (at(3), at(3)), (at(3), at(4)), (at(900), at(900, 16))):
        with pytest.raises(Invalid):
            plan_meeting(client_key=uuid4(), by=here.worker, area=here.home.pk, starts=starts, ends=ends, **SAID)
    with pytest.raises(Invalid) as refused:
        meeting(here, title="", place=" ")
    assert set(refused.value.fields) == {"title", "place"}
    row = meeting(here)
    other, _liaison = another_unit(cast.xiasha)
    for who in ({}, {"unit": other.pk}, {"office": cast.xiasha.home.pk}, {"user": cast.xiasha.worker.pk}):
        with pytest.raises(Invalid):
            add_invitee(meeting=row.pk, by=here.worker, version=None, **who)
    with pytest.raises(Invalid):
        add_invitee(meeting=row.pk, by=here.worker, version=None, name="沈美芳", user=here.clerk.pk)


def test_nobody_is_called_to_a_meeting_without_guests(cast: Cast) -> None:
    here = cast.chengxiang
    row = plan_meeting(client_key=uuid4(), by=here.worker, area=here.home.pk, starts=at(3), ends=at(3, 16), **SAID)
    with pytest.raises(RuleBroken):
        call_meeting(pk=row.pk, by=here.worker, version=None)


def test_a_unit_answers_and_may_think_again_until_it_begins(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    own = of_liaison(row, here.liaison)
    answer_invitation(pk=own.pk, by=here.liaison, answer="comes")
    with pytest.raises(Invalid):
        answer_invitation(pk=own.pk, by=here.liaison, answer="stand_in", stand_in=" ")
    answer_invitation(pk=own.pk, by=here.liaison, answer="stand_in", stand_in="办公室小张")
    own.refresh_from_db()
    assert (own.answer, own.stand_in, own.via) == ("stand_in", "办公室小张", "desk")
    for by, error in ((cast.xiasha.liaison, NotFound), (here.neighbour, NotAllowed)):
        with pytest.raises(error):
            answer_invitation(pk=own.pk, by=by, answer="comes")
    answer_invitation(pk=own.pk, by=here.worker, answer="stays_away")
    own.refresh_from_db()
    assert (own.answer, own.stand_in, own.via) == ("stays_away", "", "staff")
    Meeting.objects.filter(pk=row.pk).update(
        starts=timezone.now() - timedelta(minutes=1), ends=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(RuleBroken):
        answer_invitation(pk=own.pk, by=here.liaison, answer="comes")


def test_the_link_answers_once_and_names_no_person(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    own = of_liaison(row, here.liaison)
    assert CardLink.objects.open().filter(subject=own.subject).count() == 1
    _card, token = make_card(kind="meetings.invitation", subject=own.subject, recipient=here.liaison)
    page = show_card(token=token, ip="10.0.0.1").page
    said = " ".join(str(line) for line in page.lines)
    assert row.place in said and here.worker.name not in said
    _shown, counted = answer_card(token=token, value="stand_in", note="办公室小张")
    own.refresh_from_db()
    assert counted and (own.answer, own.stand_in, own.via) == ("stand_in", "办公室小张", "card")
    assert show_card(token=token, ip="10.0.0.1").page.closed_reason


def test_a_link_of_somebody_who_left_the_seat_says_nothing_for_the_unit(cast: Cast) -> None:
    here = cast.chengxiang
    own = of_liaison(called(here), here.liaison)
    _card, token = make_card(kind="meetings.invitation", subject=own.subject, recipient=here.liaison)
    Liaison.objects.filter(user=here.liaison).update(ends_on=timezone.localdate())
    with pytest.raises((NotAllowed, NotFound)):
        answer_card(token=token, value="comes")
    own.refresh_from_db()
    assert own.answer == ""


def test_another_time_asks_everybody_again(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    own = of_liaison(row, here.liaison)
    answer_invitation(pk=own.pk, by=here.liaison, answer="comes")
    move_meeting(pk=row.pk, by=here.worker, version=None, starts=at(6), ends=at(6, 16))
    own.refresh_from_db()
    assert own.answer == "" and own.answered_at is None
    due = Due.objects.undone().filter(subject=row.subject, kind="meetings.tomorrow").get()
    assert due.due_at == at(6) - timedelta(days=1)


def test_the_agenda_is_ordered_by_hand(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    one, two, three = (
        add_point(meeting=row.pk, by=here.worker, version=None, title=title) for title in ("甲", "乙", "丙")
    )
    order_points(meeting=row.pk, by=here.worker, version=None, items=[three.pk, one.pk])
    assert [item.title for item in row.agenda.all()] == ["丙", "甲", "乙"]
    drop_point(meeting=row.pk, by=here.worker, version=None, item=two.pk)
    assert [item.title for item in row.agenda.all()] == ["丙", "甲"]
    with pytest.raises(NotFound):
        order_points(meeting=row.pk, by=here.worker, version=None, items=[two.pk])


def test_the_clock_invites_reminds_closes_and_asks_for_minutes(cast: Cast) -> None:
    here = cast.chengxiang
    row = Meeting.objects.filter(series=series(here, starts=at(10))).earliest("starts")
    assert fall_due(row.subject, "meetings.call") == 1
    row.refresh_from_db()
    assert row.state == MeetingState.CALLED and "MeetingCalled" in rules(here.liaison)
    assert fall_due(row.subject, "meetings.tomorrow") == 1
    assert "MeetingTomorrow" in rules(here.liaison)
    row = passed(row)
    assert row.state == MeetingState.HELD
    for _turn in range(3):
        assert fall_due(row.subject, "meetings.minutes") == 1
    assert fall_due(row.subject, "meetings.minutes") == 0, "three times, and no more"
    wanted = Message.objects.inbox_of(here.worker).filter(rule="meetings.MinutesWanted")
    assert wanted.count() == 3


def test_presence_is_noted_once_and_put_right(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    own = of_liaison(row, here.liaison)
    with pytest.raises(RuleBroken):
        note_present(meeting=row.pk, by=here.worker, invitees=[own.pk])
    row = passed(row)
    with pytest.raises(NotAllowed):
        note_present(meeting=row.pk, by=here.liaison, invitees=[own.pk])
    with pytest.raises(NotFound):
        note_present(meeting=row.pk, by=here.worker, invitees=[own.pk, 0])
    assert note_present(meeting=row.pk, by=here.worker, invitees=[own.pk], how="paper") == 1
    assert note_present(meeting=row.pk, by=here.worker, invitees=[own.pk]) == 0
    own.refresh_from_db()
    assert own.how == "paper"
    take_back_present(meeting=row.pk, by=here.worker, invitee=own.pk)
    own.refresh_from_db()
    assert own.present_at is None


def test_minutes_are_kept_by_revision_and_a_stale_save_is_refused(cast: Cast) -> None:
    here = cast.chengxiang
    row = passed(called(here))
    with pytest.raises(Invalid):
        write_minutes(meeting=row.pk, by=here.worker, base=0, text=" ")
    write_minutes(meeting=row.pk, by=here.worker, base=0, text="到会九方。")
    with pytest.raises(Conflict):
        write_minutes(meeting=row.pk, by=here.secretary, base=0, text="到会八方。")
    write_minutes(meeting=row.pk, by=here.secretary, base=1, text="到会九方，通过四项。")
    assert [(one.revision, one.text) for one in row.minutes.all()] == [(1, "到会九方。"), (2, "到会九方，通过四项。")]
    assert not Minutes.objects.visible_to(here.liaison).exists()
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    assert Minutes.objects.visible_to(here.liaison).count() == 2
    assert not Minutes.objects.visible_to(cast.xiasha.worker).exists()
    assert "MinutesSent" in rules(here.liaison)
    with pytest.raises(RuleBroken):
        write_minutes(meeting=row.pk, by=here.worker, base=2, text="改")
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.create(meeting=row, revision=2, text="又一个第二稿", by=here.worker)


def test_a_meeting_that_is_off_is_told_and_holds_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    with pytest.raises(Invalid):
        call_off_meeting(pk=row.pk, by=here.worker, version=None, why=" ")
    call_off_meeting(pk=row.pk, by=here.worker, version=None, why="台风")
    assert "MeetingOff" in rules(here.liaison)
    assert not Due.objects.undone().filter(subject=row.subject).exists()
    with pytest.raises(RuleBroken):
        answer_invitation(pk=of_liaison(row, here.liaison).pk, by=here.liaison, answer="comes")


def test_results_are_noted_after_it_and_not_before(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    item = add_point(meeting=row.pk, by=here.worker, version=None, title="收费公示")
    refresh_agenda(meeting=row.pk, by=here.worker, version=None)
    with pytest.raises(RuleBroken):
        note_result(meeting=row.pk, by=here.worker, version=None, item=item.pk, result="月底前公示")
    call_meeting(pk=row.pk, by=here.worker, version=None)
    row = passed(row)
    note_result(meeting=row.pk, by=here.worker, version=None, item=item.pk, result="月底前公示")
    item.refresh_from_db()
    assert item.result == "月底前公示"


def test_the_office_hears_when_nobody_is_on_the_list(cast: Cast) -> None:
    here = cast.chengxiang
    row = Meeting.objects.filter(series=series(here, invited=Invited())).earliest("starts")
    assert fall_due(row.subject, "meetings.call") == 1
    row.refresh_from_db()
    assert row.state == MeetingState.DRAFT and "MeetingWithoutGuests" in rules(here.worker)


def test_a_merge_keeps_one_invitation_and_what_was_said(cast: Cast) -> None:
    here = cast.chengxiang
    row = meeting(here)
    kept, (gone, liaison) = row.invitees.get(), another_unit(here)
    twice = add_invitee(meeting=row.pk, by=here.worker, version=None, unit=gone.pk)
    alone = meeting(here, title="另一次会")
    drop_invitee(meeting=alone.pk, by=here.worker, version=None, invitee=alone.invitees.get().pk)
    add_invitee(meeting=alone.pk, by=here.worker, version=None, unit=gone.pk)
    for one in (row, alone):
        call_meeting(pk=one.pk, by=here.worker, version=None)
    answer_invitation(pk=twice.pk, by=liaison, answer="stand_in", stand_in="办公室小张")
    shown = preview_merge(kept_id=kept.unit_id, gone_id=gone.pk, by=here.clerk)
    merge_units(kept_id=kept.unit_id, gone_id=gone.pk, by=here.clerk, seen=shown.seen)
    kept.refresh_from_db()
    assert (kept.answer, kept.stand_in) == ("stand_in", "办公室小张")
    assert [one.unit_id for one in Invitee.objects.asked().filter(meeting=row)] == [kept.unit_id]
    assert [one.unit_id for one in Invitee.objects.asked().filter(meeting=alone)] == [kept.unit_id]
