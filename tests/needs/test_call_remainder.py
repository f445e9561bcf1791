"""After 办结 whoever follows what was left over may call; and a call stands in the history as soon as it was made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from audit.models import AuditEntry
from needs.models import Need
from needs.presenting import flags, timeline
from needs.services.answers import answer_need
from needs.services.assigning import assign_need
from needs.services.finishing import finish_need
from needs.services.handling import call_resident
from needs.services.remainders import remainders
from needs.states import Outcome
from people.models import User
from tests.cast import Cast, browser_of, fresh, say_need
from tests.needs.test_answers import finished
from tests.needs.ways import WHY, in_hand, now

pytestmark = pytest.mark.django_db


def _page(need: Need, person: User) -> str:
    return str(browser_of(person).get(reverse("admin:needs_need_change", args=[need.pk])).content.decode())


def _tap(need: Need, person: User, here: str) -> Any:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    return browser_of(person).post(reverse("admin:needs_need_dial", args=[need.pk]), headers=headers)


def test_the_secretary_who_follows_what_was_left_over_may_call_and_it_is_logged(cast: Cast) -> None:
    here, need = cast.chengxiang, finished(cast)
    answer_need(token=need.link_token, outcome=Outcome.PARTLY, words="二楼那盏还没修")
    assert 'id="dial-now"' in _page(need, here.secretary)
    tapped = browser_of(here.secretary).post(reverse("admin:needs_need_dial", args=[need.pk])).content.decode()
    assert f'href="tel:{need.contact_phone}"' in tapped and "已记入“经过”" not in tapped
    entry = AuditEntry.objects.get(action="dial", subject=need.number)
    assert (entry.actor, entry.reason) == (here.secretary, "")
    assert not need.events.filter(verb="dial", actor=here.secretary).exists(), "handlers would read what was answered"


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.PARTLY])
def test_nobody_else_calls_once_it_is_done(cast: Cast, outcome: str) -> None:
    here, need = cast.chengxiang, finished(cast)
    answer_need(token=need.link_token, outcome=outcome)
    others = [here.worker, here.clerk, here.section_head, here.leader, here.neighbour]
    for person in [*others, *([here.secretary] if outcome == Outcome.SOLVED else [])]:
        with pytest.raises(Exception) as refused:
            call_resident(pk=need.pk, by=fresh(person), reason="问问")
        assert getattr(refused.value, "status", 0) in (403, 404), person
    assert 'id="dial-now"' not in _page(need, here.worker)
    assert not AuditEntry.objects.filter(action__in=["dial", "reveal"], subject=need.number).exists()


def test_a_remainder_of_long_ago_opens_no_phone(cast: Cast, as_owner: Any) -> None:
    here, need = cast.chengxiang, finished(cast)
    answer_need(token=need.link_token, outcome=Outcome.PARTLY)
    as_owner.execute("UPDATE needs_answer SET at = at - interval '91 days' WHERE need_id = %s", [need.pk])
    with pytest.raises(NotAllowed):
        call_resident(pk=need.pk, by=fresh(here.secretary), reason="问问")


def test_the_call_stands_in_the_history_without_a_reload(cast: Cast) -> None:
    need, worker = in_hand(cast), cast.chengxiang.worker
    page = reverse("admin:needs_need_change", args=[need.pk])
    answer = _tap(need, worker, page).content.decode()
    assert 'id="timeline" hx-swap-oob="true"' in answer and "拨打" in answer and need.contact_phone[-4:] in answer
    assert 'id="timeline"' in _page(need, worker)
    elsewhere = _tap(need, worker, reverse("admin:index")).content.decode()
    assert 'id="timeline"' not in elsewhere and need.contact_phone[-4:] in elsewhere


def test_late_is_said_of_a_promise_that_passed_and_of_nothing_else(cast: Cast) -> None:
    fresh_one, promised = say_need(cast.chengxiang.home), now(in_hand(cast))
    assert not [flag for need in (fresh_one, promised) for flag in flags(need) if flag["label"] == "已超期"]
    promised.reply_by = timezone.localdate() - timedelta(days=1)
    assert [flag["label"] for flag in flags(promised)] == ["已超期"]


@pytest.mark.parametrize("named", [True, False], ids=["secretary", "control"])
def test_a_line_of_before_that_tells_the_name_alone_counts_as_having_handled(
    cast: Cast, as_owner: Any, named: bool
) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    to = here.secretary if named else here.grid_lead
    assign_need(pk=need.pk, by=fresh(here.worker), why=WHY, to_user_id=to.pk)
    assign_need(pk=need.pk, by=fresh(here.worker), why=WHY, to_user_id=here.worker.pk)
    as_owner.execute("UPDATE needs_needevent SET params = params - 'to_id' WHERE need_id = %s", [need.pk])
    finish_need(pk=need.pk, by=fresh(here.worker), words="换好了")
    answer_need(token=need.link_token, outcome=Outcome.PARTLY)
    assert bool(remainders(fresh(here.secretary))) is not named
    assert bool(remainders(fresh(here.section_head))) is named
    shown = [row["text"] for row in timeline(now(need)) if row["text"].startswith("转给")]
    assert shown == [f"转给{here.worker.name}", f"转给{to.name}"]
