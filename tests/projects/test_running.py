"""An agreement that runs: amendments, a unit that leaves, the term, the review, and the three ways to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.services.in_hand import in_hand
from notifications.models import Message
from projects import services
from projects.models import Agreement, AgreementEvent, Amendment
from projects.services.verifying import papers_of, stands, verify
from tests.cast import Cast, browser_of, fresh
from tests.projects.amending import amended, amendment_of
from tests.projects.ends import closed, ended
from tests.projects.things import again, approved, ask_of, say_yes, sent, sign, signed, today, two_units

pytestmark = pytest.mark.django_db


def rules(user: Any) -> set[str]:
    return {rule.partition(".")[2] for rule in Message.objects.inbox_of(user).values_list("rule", flat=True)}


def dues(row: Any) -> dict[str, Any]:
    rows = Due.objects.filter(subject=f"agreement:{row.pk}", state="waiting")
    return {due.kind.partition("_")[2]: due.due_at.date() for due in rows}


def test_an_amendment_goes_the_same_way_and_moves_the_term(cast: Cast) -> None:
    here = cast.chengxiang
    row = signed(here)
    later = row.ends_on + timedelta(days=200)
    for wrong in ({"words": ""}, {"new_ends_on": today() - timedelta(days=1)}):
        with pytest.raises(Invalid):
            amendment_of(row, here, **wrong)
    draft = amendment_of(row, here, new_ends_on=later)
    with pytest.raises(RuleBroken):  # one at a time
        amendment_of(row, here)
    services.drop_paper(of=Amendment, pk=draft.pk, by=fresh(here.clerk), version=None, words="先不加")
    first = amended(row, here, new_ends_on=later)
    row = again(row)
    assert (first.ordinal, row.runs_until, row.ends_on < later) == (2, later, True)
    assert dues(row)["over"] == later + timedelta(days=1)
    assert row.sha256 in first.text and f"第{first.ordinal}号" in first.text and stands(first)
    page = browser_of(None).get(f"/agreements/{row.number}/", {"code": first.sha256}).content.decode()
    assert "这是补充协议第2号的校验码" in page
    assert [type(paper) for paper in papers_of(row)] == [Agreement, Amendment]
    assert verify(row, code=row.sha256).paper == row


def test_nothing_is_added_to_what_has_ended_and_what_was_under_way_ends_with_it(cast: Cast) -> None:
    here = cast.chengxiang
    row = signed(here)
    draft = amendment_of(row, here)
    under_way = services.send_paper(of=Amendment, pk=draft.pk, by=fresh(here.clerk), version=draft.version)
    ask = ask_of(under_way, row.parties.get().unit)
    with pytest.raises(Invalid):
        services.ask_end(pk=row.pk, by=fresh(here.clerk), version=None, words="")
    row = ended(here, row)
    assert (row.state, row.ended_on) == ("ended", today()) and dues(row) == {}
    assert again(under_way).state == "dropped" and "AgreementEnded" in rules(here.liaison)
    with pytest.raises(RuleBroken):
        services.answer_ask(pk=ask.pk, by=fresh(here.liaison), yes=True)
    with pytest.raises(RuleBroken):
        amendment_of(row, here)
    with pytest.raises(RuleBroken):
        services.send_paper(of=Amendment, pk=draft.pk, by=fresh(here.clerk), version=None)
    for verb in (services.ask_close, services.ask_end, services.keep_agreement):
        with pytest.raises(RuleBroken):
            verb(pk=row.pk, by=fresh(here.clerk), version=None, words="再来一次")
    with pytest.raises(RuleBroken):
        services.agree_to_end(pk=row.pk, by=fresh(here.party_office), version=None)


def test_a_unit_leaves_in_mid_term_and_the_last_one_does_not(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = signed(here, (one, first), (two, second))
    text, given = row.text, {"by": fresh(here.clerk), "left_on": today(), "words": "单位搬走了"}
    mine = row.parties.get(unit=two)
    added = amendment_of(row, here)
    services.send_paper(of=Amendment, pk=added.pk, by=fresh(here.clerk), version=None)
    asked = Message.objects.filter(rule="projects.AgreementToConfirm", channel="inapp").latest("pk")
    assert asked.params["name"] == "清厢之旅（补充协议1）", "nobody takes it for the agreement"
    with pytest.raises(NotFound):
        services.leave_agreement(pk=row.pk, version=None, party=0, **given)
    with pytest.raises(Invalid):
        services.leave_agreement(pk=row.pk, version=None, party=mine.pk, **{**given, "left_on": today() + timedelta(1)})
    services.leave_agreement(pk=row.pk, version=None, party=mine.pk, **given)
    with pytest.raises(RuleBroken):
        services.leave_agreement(pk=row.pk, version=None, party=mine.pk, **given)
    with pytest.raises(RuleBroken):
        services.leave_agreement(pk=row.pk, version=None, party=row.parties.get(unit=one).pk, **given)
    dropped = AgreementEvent.objects.filter(amendment=added, verb="drop").get()
    assert dropped.words == "一方退出，补充协议作废"
    assert {one.params["name"] for one in Message.objects.filter(rule="projects.AgreementDropped")} == {
        "清厢之旅（补充协议1）"
    }
    row = again(row)
    assert row.text == text and stands(row) and row.state == "running"
    assert Agreement.objects.visible_to(fresh(second)).exists(), "it was signed by them too"
    assert not [line for line in in_hand(two.pk) if "共建协议" in str(line.label)]
    after = amended(row, here)
    assert two.name not in after.text and one.name in after.text


def test_the_term_is_looked_back_on_before_it_is_closed_and_renewed_by_a_new_paper(cast: Cast) -> None:
    here = cast.chengxiang
    row = signed(here, starts_on=today() - timedelta(days=400), ends_on=today() - timedelta(days=1))
    assert list(Agreement.objects.over()) == [row] and again(row).is_over
    terms = {"starts_on": today(), "ends_on": today() + timedelta(days=364)}
    by = fresh(here.clerk)
    for verb, more in (
        (services.ask_close, {"words": "好了"}),
        (services.renew_agreement, {"client_key": uuid4(), **terms}),
    ):
        with pytest.raises(RuleBroken):
            verb(pk=row.pk, by=by, version=None, **more)
    with pytest.raises(NotAllowed):
        services.review_agreement(pk=row.pk, by=fresh(here.liaison), version=None, words="很好")
    services.review_agreement(pk=row.pk, by=by, version=None, words="五趟都开了，600多人参加。")
    new = services.renew_agreement(pk=row.pk, by=by, version=None, client_key=uuid4(), **terms)
    assert (new.renews_id, new.theme, new.targets.get().amount) == (row.pk, row.theme, row.targets.get().amount)
    with pytest.raises(DomainError):
        services.renew_agreement(pk=row.pk, by=by, version=None, client_key=uuid4(), **terms)
    services.send_paper(of=Agreement, pk=new.pk, by=by, version=None)
    say_yes(new.parties.get().unit, here.liaison)
    services.approve_paper(of=Agreement, pk=new.pk, by=fresh(here.leader), version=None)
    assert again(row).state == "running", "until the new one is signed"
    new = sign(again(new), here.clerk)
    assert (again(row).state, new.state) == ("renewed", "running") and dues(row) == {}
    other = signed(here, theme="另一份", ends_on=today() + timedelta(days=60))
    services.review_agreement(pk=other.pk, by=by, version=None, words="办完了")
    assert closed(here, other).state == "closed"


def test_reminders_come_while_they_are_of_use(cast: Cast) -> None:
    here = cast.chengxiang
    waiting = sent(here)
    row = signed(here, theme="快到期", ends_on=today() + timedelta(days=29), starts_on=today() - timedelta(days=300))
    assert set(dues(row)) == {"over"}
    long = signed(here, theme="还早")
    Due.objects.filter(subject__in=[f"agreement:{one.pk}" for one in (waiting, long)]).exclude(
        kind="projects.agreement_over"
    ).update(due_at="2026-01-01T00:00Z", params={"turn": 1, "however_late": True})
    sweep()
    assert "AgreementToConfirmAgain" in rules(here.liaison), "said nothing for three working days"
    assert "AgreementEndsSoon" in rules(here.liaison) & rules(here.clerk)
    assert not Due.objects.filter(kind="projects.confirm_again", state="waiting").exists()
    say_yes(waiting.parties.get().unit, here.liaison)
    assert approved(here, theme="又一份").state == "to_sign"
    Due.objects.filter(subject=f"agreement:{row.pk}").update(due_at="2026-01-01T00:00Z")
    sweep()
    assert "AgreementIsOver" in rules(here.clerk) and "AgreementIsOver" not in rules(here.liaison)
