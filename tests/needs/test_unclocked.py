"""Needs from before limits were kept get their clocks: late ones are late, and nobody is chased for days gone by."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import fresh, say_need

if TYPE_CHECKING:
    from needs.models import Need
    from tests.cast import Cast

LONG_AGO = timedelta(days=40)


def load() -> None:
    from alliance.lib.registry import contributions

    for add in contributions("defaults"):
        add()


def unclock() -> None:
    """As the tables stand after an upgrade from a version that kept no limits."""
    from deadlines.models import Due, Stage

    Due.objects.filter(subject__startswith="stage:").delete()
    Stage.objects.all().delete()


@pytest.fixture
def old(cast: Cast) -> tuple[Need, Need, Need]:
    """Waiting, accepted and answered, all of it forty days ago."""
    from needs.models import Need
    from needs.services.handling import accept_need, reply_to_resident

    waiting, accepted, answered = (say_need(cast.chengxiang.home) for _ in range(3))
    worker = fresh(cast.chengxiang.worker)
    for need in (accepted, answered):
        accept_need(pk=need.pk, by=worker)
    reply_to_resident(pk=answered.pk, by=worker, words="修好了。")
    then = timezone.now() - LONG_AGO
    Need.objects.update(created_at=then)
    Need.objects.exclude(pk=waiting.pk).update(accepted_at=then, reply_by=timezone.localdate(then) + timedelta(days=7))
    unclock()
    return waiting, accepted, answered


def test_the_clocks_run_from_when_it_happened(old: tuple[Need, Need, Need]) -> None:
    from deadlines.models import Stage

    waiting, accepted, _answered = old
    load()
    found = {(stage.subject, stage.kind): stage for stage in Stage.objects.all()}
    assert set(found) == {(f"need:{waiting.pk}", "needs.first_response"), (f"need:{accepted.pk}", "needs.reply")}
    for stage in found.values():
        assert stage.due_at < timezone.now() - timedelta(days=25)
    accepted.refresh_from_db()
    reply = found[(f"need:{accepted.pk}", "needs.reply")]
    assert (reply.due_on, reply.holder_id) == (accepted.reply_by, accepted.holder_id)


def test_what_is_late_is_a_fact_and_nobody_is_chased_for_days_gone_by(old: tuple[Need, Need, Need]) -> None:
    from deadlines.models import Due, Stage
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    load()
    assert not Due.objects.filter(kind="deadlines.chase").exists()
    sweep_all()
    assert Stage.objects.filter(breached_at__isnull=False).count() == 2
    assert not Message.objects.filter(rule__in=["needs.AcceptLate", "needs.ReplyLate"]).exists()


def test_laid_out_from_its_beginning_every_rung_would_be_sent_at_once(old: tuple[Need, Need, Need]) -> None:
    """The control: without ``schedule_from`` the superiors get what was due weeks ago."""
    from deadlines.services.sweep import sweep_all
    from needs.models import Need
    from needs.services.limits import await_acceptance
    from notifications.models import Message

    need = Need.objects.get(pk=old[0].pk)
    await_acceptance(need, at=timezone.now() - timedelta(days=10))
    sweep_all()
    assert Message.objects.filter(rule="needs.AcceptLate").exists()


def test_what_still_lies_ahead_is_laid_out(cast: Cast) -> None:
    from deadlines.models import Due
    from needs.services.handling import accept_need

    need = say_need(cast.chengxiang.home)
    far = timezone.localdate() + timedelta(days=30)
    accept_need(pk=need.pk, by=fresh(cast.chengxiang.worker), reply_by=far)
    before = set(Due.objects.undone().filter(kind="deadlines.chase").values_list("params__offset", "due_at"))
    unclock()
    load()
    after = set(Due.objects.undone().filter(kind="deadlines.chase").values_list("params__offset", "due_at"))
    assert {offset for offset, _at in after} == {-1, 0, 1, 3} and after <= before


def test_again_it_adds_nothing_and_asks_three_questions(old: tuple[Need, Need, Need]) -> None:
    from deadlines.models import Due, Stage
    from needs.services.unclocked import start_missing_clocks

    load()
    counts = Stage.objects.count(), Due.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert start_missing_clocks() == 0
    assert sum("SELECT" in query["sql"] for query in asked) == 3
    assert (Stage.objects.count(), Due.objects.count()) == counts


def test_what_was_stopped_for_good_is_not_started_again(cast: Cast) -> None:
    from deadlines.models import Stage
    from needs.services.limits import ended

    ended(say_need(cast.chengxiang.home))
    load()
    assert not Stage.objects.running().exists()


def test_in_portions(old: tuple[Need, Need, Need], cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from needs.services import unclocked

    for _ in range(4):
        say_need(cast.chengxiang.home)
    unclock()
    monkeypatch.setattr(unclocked, "PORTION", 2)
    assert unclocked.start_missing_clocks() == 6
    assert not unclocked.without("needs.first_response").exists()


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Portions that are begun; more than ten would go on for ever."""
    from needs.services import unclocked

    begun: list[str] = []
    real = unclocked._start_some

    def some(kind: str) -> int:
        begun.append(kind)
        assert len(begun) <= 10, "goes on for ever"
        return real(kind)

    monkeypatch.setattr(unclocked, "_start_some", some)
    return begun


def test_what_lies_with_the_leader_waits_for_a_call(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from deadlines.models import Stage
    from needs.models import Need
    from needs.services import unclocked
    from needs.states import Office

    need, other = say_need(cast.chengxiang.home), say_need(cast.chengxiang.home)
    Need.objects.filter(pk=need.pk).update(office=Office.LEADER)
    unclock()
    begun = _counted(monkeypatch)
    assert unclocked.start_missing_clocks() == 2
    assert set(Stage.objects.values_list("subject", "kind")) == {
        (f"need:{other.pk}", "needs.first_response"),
        (f"need:{need.pk}", "needs.call_back"),
    }
    assert len(begun) == 5


def test_it_ends_on_what_was_really_started(old: tuple[Need, Need, Need], monkeypatch: pytest.MonkeyPatch) -> None:
    from needs.services import unclocked

    begun = _counted(monkeypatch)
    monkeypatch.setattr(unclocked, "await_acceptance", lambda *_need, **_when: None)
    assert unclocked.start_missing_clocks() == 1
    assert begun.count("needs.first_response") == 1
