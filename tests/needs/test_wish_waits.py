"""Every wait of a wish has an end: to be verified, to be decided, to be confirmed. It is shown, and chased."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.registry import contributions
from claims.services import steps
from deadlines.models import Due, Stage
from deadlines.services.stages import last_day
from deadlines.services.sweep import sweep_all
from needs import wording
from needs.models import Wish
from needs.presenting.wish_around import wish_around
from needs.presenting.wishes import due
from needs.services.wish_retention import forget_households
from needs.services.wishes import approve_wish, edit_wish, reject_wish, verify_wish, withdraw_wish
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT
from notifications.models import Message
from tests.cast import Cast, api_of, browser_of, fresh
from tests.needs.wishing import again, published, raised, taken, typed, verified

LIST = "/admin/needs/wish/"


def clocks(wish: Wish, kind: str) -> list[str]:
    """What became of every limit of ``kind`` of ``wish``, in order."""
    return list(Stage.objects.filter(label=wish.number, kind=kind).order_by("pk").values_list("outcome", flat=True))


def shown_until(kind: str) -> str:
    return wording.day(Stage.objects.get(kind=kind, outcome="running").due_on)


def told(rule: str) -> set[str]:
    return set(Message.objects.filter(rule=f"needs.{rule}").values_list("recipient_key", flat=True))


def brought(cast: Cast) -> tuple[Wish, Any]:
    """Somebody says it was brought."""
    wish = published(cast.chengxiang)
    claim = taken(cast.chengxiang, wish)
    return again(wish), steps.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), note="送到了")


def late(kind: str) -> None:
    """The limit ended a week ago: every reminder is due."""
    now = timezone.now()
    Stage.objects.filter(kind=kind).update(due_at=now - timedelta(days=7), started_at=now - timedelta(days=20))
    stage = Stage.objects.get(kind=kind)
    rungs = Due.objects.filter(subject=f"stage:{stage.pk}", kind="deadlines.chase")
    for rung in rungs.order_by("params__offset"):
        Due.objects.filter(pk=rung.pk).update(due_at=now - timedelta(hours=6 - rung.params["offset"]))


def test_a_wish_is_timed_from_the_desk_to_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    assert clocks(wish, VERIFY_WAIT) == ["running"] and clocks(wish, APPROVE_WAIT) == []
    verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="上门看过")
    assert (clocks(wish, VERIFY_WAIT), clocks(wish, APPROVE_WAIT)) == (["met"], ["running"])
    verify_wish(pk=wish.pk, by=fresh(here.grid_lead), version=None, how="打电话问过")
    assert clocks(wish, APPROVE_WAIT) == ["running"], "the same wait"
    edit_wish(pk=wish.pk, by=fresh(here.worker), version=None, **typed(item="一床薄被子"))
    assert (clocks(wish, VERIFY_WAIT), clocks(wish, APPROVE_WAIT)) == (["met", "running"], ["void"])
    verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="又问过")
    approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    assert (clocks(wish, VERIFY_WAIT), clocks(wish, APPROVE_WAIT)) == (["met", "met"], ["void", "met"])


def test_what_ends_otherwise_waits_no_more(cast: Cast) -> None:
    here = cast.chengxiang
    gone, no, forgotten = raised(here), verified(here), raised(here)
    withdraw_wish(pk=gone.pk, by=fresh(here.worker), version=None, words="家里买了")
    reject_wish(pk=no.pk, by=fresh(here.secretary), version=None, words="不是心愿")
    Wish.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert forget_households() == 1
    assert clocks(gone, VERIFY_WAIT) == ["void"] and clocks(no, APPROVE_WAIT) == ["met"]
    assert clocks(forgotten, VERIFY_WAIT) == ["void"]
    assert not Stage.objects.running().exists()


def test_what_was_brought_is_confirmed_in_time(cast: Cast) -> None:
    here = cast.chengxiang
    wish, claim = brought(cast)
    assert clocks(wish, CONFIRM_WAIT) == ["running"]
    steps.not_there(claim_id=claim.pk, by=fresh(here.worker), note="还没看到")
    assert clocks(wish, CONFIRM_WAIT) == ["met"], "the community has said what it saw"
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="现在到了")
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    assert clocks(wish, CONFIRM_WAIT) == ["met", "met"]


@pytest.mark.parametrize("kind", [VERIFY_WAIT, APPROVE_WAIT, CONFIRM_WAIT])
def test_until_when_stands_wherever_the_wish_stands(cast: Cast, kind: str) -> None:
    here = cast.chengxiang
    wish = {VERIFY_WAIT: raised, APPROVE_WAIT: verified}.get(kind, lambda street: brought(cast)[0])(here)
    words = {VERIFY_WAIT: "前核实", APPROVE_WAIT: "前审批", CONFIRM_WAIT: "前代确认"}[kind]
    until = shown_until(kind) + words
    worker = browser_of(here.worker)
    for path in (LIST, f"{LIST}{wish.pk}/change/"):
        assert until in worker.get(path).content.decode(), path
    ends = Stage.objects.get(kind=kind, outcome="running").due_at
    row = api_of(here.worker).get(f"/api/v1/wishes/{wish.pk}/").json()
    assert row["until"] == timezone.localtime(ends).isoformat()
    if kind == APPROVE_WAIT:
        assert until in browser_of(here.secretary).get("/admin/approvals/").content.decode()
        (asked,) = api_of(here.secretary).get("/api/v1/approvals/").json()
        assert until in asked["detail"] and asked["overdue"] is False
    if kind == CONFIRM_WAIT:
        confirm_by = f"社区{shown_until(kind)}前确认"
        desk = browser_of(here.liaison)
        for path in ("/desk/", "/desk/claims/", f"/desk/claims/{taken_claim(wish)}/"):
            assert confirm_by in re.sub(r"</?span[^>]*>", "", desk.get(path).content.decode()), path


def taken_claim(wish: Wish) -> int:
    offer = again(wish).offer
    assert offer is not None
    return int(offer.claims.get().pk)


def test_a_wait_that_is_over_is_late_and_goes_up_the_ladder(cast: Cast) -> None:
    here = cast.chengxiang
    raised(here)
    late(VERIFY_WAIT)
    assert due(again(Wish.objects.get()), wish_around(list(Wish.objects.all())))["tone"] == "late"
    sweep_all()
    assert told("WishVerifyLate") == {f"u:{here.secretary.pk}", f"u:{here.party_office.pk}"}


def test_the_street_is_reminded_of_what_lies_with_it(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    verify_wish(pk=wish.pk, by=fresh(here.secretary), version=None, how="上门看过")
    late(APPROVE_WAIT)
    stage = Stage.objects.get(kind=APPROVE_WAIT)
    assert stage.area_code == here.street.pk
    Due.objects.filter(subject=f"stage:{stage.pk}", params__offset__gt=0).update(
        due_at=timezone.now() + timedelta(days=9)
    )
    sweep_all()
    assert told("WishApproveSoon") == {f"u:{here.section_head.pk}", f"u:{here.party_office.pk}"}


def test_wishes_from_before_have_their_limits_after_an_upgrade(cast: Cast) -> None:
    here = cast.chengxiang
    waits, asked = raised(here), verified(here)
    wish, _claim = brought(cast)
    Due.objects.filter(subject__startswith="stage:").delete()
    Stage.objects.all().delete()
    then = timezone.now() - timedelta(days=40)
    Wish.objects.filter(pk=waits.pk).update(created_at=then)
    for _again in range(2):
        for add in contributions("defaults"):
            add()
        found = Stage.objects.running().values_list("kind", "label").order_by("kind")
        expected = [(APPROVE_WAIT, asked), (CONFIRM_WAIT, wish), (VERIFY_WAIT, waits)]
        assert list(found) == [(kind, one.number) for kind, one in expected]
    old = Stage.objects.get(kind=VERIFY_WAIT)
    assert old.started_at == then and old.due_at < timezone.now()
    assert not Due.objects.filter(kind="deadlines.chase", subject=f"stage:{old.pk}").exists(), (
        "days gone by chase nobody"
    )


def test_the_defaults_are_working_days(cast: Cast) -> None:
    from deadlines.services.stages import limit_of

    assert [limit_of(kind) for kind in (VERIFY_WAIT, APPROVE_WAIT, CONFIRM_WAIT)] == [
        (5, "work_days"),
        (3, "work_days"),
        (3, "work_days"),
    ]
    raised(cast.chengxiang)
    assert Stage.objects.get(kind=VERIFY_WAIT).due_on == last_day(VERIFY_WAIT)
