"""The two lists sent twice at once, taken up by two, sent while the round ends. Beside each, the race unguarded."""

from __future__ import annotations

import threading
from uuid import uuid4

from django.db import IntegrityError, transaction

from alliance.lib.errors import RuleBroken
from members.models import MemberUnit
from needs.models import ListLine, ListRound, Need, UnitLists
from needs.services.list_filling import ALL, fill_lists
from needs.services.list_lines import take_line
from needs.services.list_rounds import close_round
from needs.states.lists import LineState, RoundState
from notifications.models import Message
from resources.models import Resource
from tests.cast import Cast, at_once, fresh
from tests.claims.things import another_unit, unit_of
from tests.needs.rounds import fill, give, need, round_in, sent

CROWD = 6


def test_sent_many_times_at_once_it_is_sent_once(cast: Cast) -> None:
    here = cast.chengxiang
    row, lines, by, unit = round_in(here), [give(), need()], fresh(here.liaison), unit_of(here)
    UnitLists.objects.all().delete()  # as for a unit that joined later: the row itself is raced for

    def work(_n: int) -> UnitLists:
        return fill_lists(round_pk=row.pk, unit_id=unit.pk, by=by, lines=lines, send=ALL)

    results = at_once(work, CROWD)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert (UnitLists.objects.count(), Resource.objects.count(), ListLine.objects.count()) == (1, 1, 2)
    assert Message.objects.filter(rule="needs.LinesArrived", recipient_key=f"u:{here.clerk.pk}").count() == 1


def test_control_without_the_lock_both_find_no_line_and_only_the_table_refuses(cast: Cast) -> None:
    here = cast.chengxiang
    lists, key, gate = fill(here, round_in(here)), uuid4(), threading.Barrier(2)

    def naive(_n: int) -> ListLine:
        with transaction.atomic():
            assert not ListLine.objects.filter(client_key=key).exists(), "both find nothing"
            gate.wait(timeout=30)
            return ListLine.objects.create(lists=lists, side="need", client_key=key, what="剪纸", by=here.liaison)

    results = at_once(naive, 2)
    assert sorted(isinstance(one, IntegrityError) for one in results) == [False, True], results


def test_of_many_who_take_a_need_up_one_does(cast: Cast) -> None:
    here = cast.chengxiang
    line = sent(here, round_in(here), need()).lines.get()
    people = [fresh(here.clerk), fresh(here.party_office), fresh(here.section_head)]
    results = at_once(lambda n: take_line(pk=line.pk, by=people[n % 3], version=None), CROWD)
    won = [one for one in results if isinstance(one, Need)]
    assert len(won) == 1 and all(isinstance(one, RuleBroken) for one in results if one not in won), results
    assert Need.objects.get().holder == won[0].holder


def test_whoever_sends_while_the_round_ends_is_in_it_or_told_so(cast: Cast) -> None:
    here = cast.chengxiang
    others = [another_unit(here) for _n in range(CROWD - 1)]
    row = round_in(here)
    people: list[tuple[MemberUnit, object]] = [(unit, fresh(user)) for unit, user in others]

    def work(n: int) -> object:
        if n == CROWD - 1:
            return close_round(pk=row.pk, by=fresh(here.clerk), version=None)
        unit, by = people[n]
        return fill_lists(round_pk=row.pk, unit_id=unit.pk, by=by, lines=[need(f"第{n}条")], send=ALL)  # type: ignore[arg-type]

    results = at_once(work, CROWD)
    assert ListRound.objects.get(pk=row.pk).state == RoundState.CLOSED
    went = [one for one in results[:-1] if isinstance(one, UnitLists)]
    assert all(isinstance(one, RuleBroken) for one in results[:-1] if one not in went), results
    assert ListLine.objects.filter(state=LineState.SENT).count() == len(went)
