"""An agreement from the first word to the signing: who may, in which order, and what is refused on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from members.models import Liaison
from members.services import suspend_unit
from notifications.models import CardLink, Message
from notifications.services import answer_card
from projects import services
from projects.models import Agreement, Ask
from projects.services.verifying import papers_of, stands
from projects.services.wording import digest
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit
from tests.projects.things import again, approved, ask_of, drafted, say_yes, sent, sign, signed, today, two_units, typed

pytestmark = pytest.mark.django_db


def rules(user: Any) -> set[str]:
    return {rule.partition(".")[2] for rule in Message.objects.inbox_of(user).values_list("rule", flat=True)}


def test_two_units_confirm_one_colleague_approves_and_the_text_stands(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = drafted(here, one, two)
    assert (row.state, row.number[:6]) == ("draft", "GJ-CX-")
    assert not Agreement.objects.visible_to(fresh(first)).exists(), "a draft is the office's"
    row = services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=row.version)
    assert {"AgreementToConfirm"} <= rules(first) & rules(second)
    assert "乙方1：" in row.text and "参加党员：600人次" in row.text and "签订日期" not in row.text
    say_yes(one, first)
    row.refresh_from_db()
    with pytest.raises(RuleBroken):  # not everybody has said so
        services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=row.version)
    say_yes(two, second)
    row.refresh_from_db()
    assert row.confirmed_at and "AgreementToApprove" in rules(here.party_office) & rules(here.leader)
    with pytest.raises(RuleBroken):  # not approved
        sign(row, here.clerk)
    row = services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=row.version)
    with pytest.raises(Invalid):
        sign(row, here.clerk, signed_on=today() + timedelta(days=1))
    with pytest.raises(Invalid):
        sign(row, here.clerk, place=" ")
    row = sign(row, here.clerk)
    assert (row.state, row.runs_until) == ("running", row.ends_on)
    assert row.sha256 == digest(row.text) and row.text.endswith("签订地点：街道党群服务中心\n")
    assert stands(again(row)) and "AgreementSigned" in rules(first) & rules(second)
    assert set(Due.objects.filter(subject=f"agreement:{row.pk}", state="waiting").values_list("kind", flat=True)) == {
        "projects.agreement_soon",
        "projects.agreement_over",
    }
    with pytest.raises(RuleBroken):  # twice
        sign(row, here.clerk)
    story = list(row.events.values_list("verb", flat=True))
    assert story == ["write", "send", "confirm", "confirm", "approve", "sign"]


def test_whoever_sent_it_out_does_not_approve_it(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    row = drafted(here, unit)
    row = services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=row.version)
    say_yes(unit, liaison)
    row.refresh_from_db()
    assert "AgreementToApprove" not in rules(here.party_office)
    for nobody in (here.party_office, here.clerk, here.worker):
        with pytest.raises(NotAllowed):
            services.approve_paper(of=Agreement, pk=row.pk, by=fresh(nobody), version=row.version)
    services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.leader), version=row.version)


def test_a_unit_that_would_have_it_otherwise_makes_it_a_draft_again_and_earlier_answers_count_no_more(
    cast: Cast,
) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row = sent(here, one, two)
    early = say_yes(one, first)
    ask = ask_of(row, two)
    with pytest.raises(Invalid):
        services.answer_ask(pk=ask.pk, by=fresh(second), yes=False)
    services.answer_ask(pk=ask.pk, by=fresh(second), yes=False, words="车我们安排，讲解请街道安排")
    row.refresh_from_db()
    assert row.state == "draft" and rules(here.clerk) >= {"AgreementDeclined"} and "AgreementTakenBack" in rules(first)
    assert again(early).void_at is not None
    changed = typed(one, two, office_duties="联系参观点，安排讲解。")
    row = services.edit_agreement(pk=row.pk, by=fresh(here.clerk), version=row.version, **changed)
    row = services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=row.version)
    say_yes(two, second)
    row.refresh_from_db()
    assert row.confirmed_at is None, "the other one has to say so again"
    with pytest.raises(RuleBroken):
        services.answer_ask(pk=early.pk, by=fresh(first), yes=True)
    with pytest.raises(Conflict):
        services.answer_ask(pk=ask_of(row, one).pk, by=fresh(first), yes=True, sha256=early.sha256)
    say_yes(one, first)
    row.refresh_from_db()
    assert row.confirmed_at and Ask.objects.filter(party__agreement=row).count() == 4


def test_an_expired_seat_and_a_stranger_confirm_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), (_two, stranger) = two_units(here)
    row = sent(here, unit)
    ask = ask_of(row, unit)
    for nobody in (stranger, cast.xiasha.liaison, cast.xiasha.clerk, cast.nobody):
        with pytest.raises(NotFound):
            services.answer_ask(pk=ask.pk, by=fresh(nobody), yes=True)
    with pytest.raises(NotAllowed):  # staff see it, and do not speak for the unit
        services.answer_ask(pk=ask.pk, by=fresh(here.clerk), yes=True)
    with pytest.raises(RuleBroken):  # nor on paper, while somebody speaks for it
        services.confirm_on_paper(pk=ask.pk, by=fresh(here.clerk), version=None, words="协议在柜子里")
    Liaison.objects.filter(unit=unit).update(ends_on=today())
    with pytest.raises(NotAllowed):
        services.answer_ask(pk=ask.pk, by=fresh(liaison), yes=True)
    services.confirm_on_paper(pk=ask.pk, by=fresh(here.clerk), version=None, words="纸质确认函，党建办存")
    assert (again(ask).answer, again(ask).via) == ("yes", "paper")


def test_by_the_link_one_reads_the_whole_text_and_answers_while_one_has_the_seat(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projects.services import sending

    tokens: list[str] = []

    def noted(**given: Any) -> Any:
        card, token = make_card(**given)
        tokens.append(token)
        return card, token

    make_card = sending.make_card
    monkeypatch.setattr(sending, "make_card", noted)
    here = cast.chengxiang
    (unit, liaison), _other = two_units(here)
    row = sent(here, unit)
    (token,) = tokens
    Liaison.objects.filter(unit=unit).update(ends_on=today())
    with pytest.raises(NotAllowed):
        answer_card(token=token, value="yes")
    Liaison.objects.filter(unit=unit).update(ends_on=None)
    shown, counts = answer_card(token=token, value="yes", note="好")
    assert counts and "参加党员" in " ".join(map(str, shown.page.lines))
    ask = Ask.objects.get(party__agreement=row)
    assert (ask.answer, ask.via, ask.by_id, ask.words) == ("yes", "card", liaison.pk, "好")
    _shown, counts = answer_card(token=token, value="no", note="不")
    assert not counts and again(ask).answer == "yes"
    assert CardLink.objects.get().answer == "yes"


def test_what_happened_since_the_approval_keeps_it_from_being_signed(cast: Cast) -> None:
    here = cast.chengxiang
    who = two_units(here)
    row = approved(here, *who)
    suspend_unit(pk=who[1][0].pk, by=fresh(here.clerk), why="换届")
    with pytest.raises(RuleBroken):
        sign(row, here.clerk)
    row = services.recall_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=row.version, words="一家暂停")
    assert (row.state, row.approved_by_id) == ("draft", None)
    with pytest.raises(Invalid):
        services.edit_agreement(pk=row.pk, by=fresh(here.clerk), version=row.version, **typed(who[0][0], who[1][0]))
    row = services.edit_agreement(pk=row.pk, by=fresh(here.clerk), version=row.version, **typed(who[0][0]))
    row = services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=row.version)
    assert who[1][0].name not in row.text
    assert not Agreement.objects.visible_to(fresh(who[1][1])).exists(), "a unit that is out before the signing"
    say_yes(*who[0])
    row.refresh_from_db()
    row = services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=row.version)
    row = sign(row, here.clerk)
    assert row.state == "running"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme": " "}, "theme"),
        ({"aim": "长" * 1001}, "aim"),
        ({"ends_on": None}, "ends_on"),
        ({"starts_on": today() + timedelta(days=400)}, "ends_on"),
        ({"parties": []}, "parties"),
        ({"targets": [{"name": "助餐", "amount": "-1", "measure": "人次"}]}, "targets"),
        ({"targets": [{"name": "助餐", "amount": "NaN", "measure": "人次"}]}, "targets"),
        ({"targets": [{"name": "助餐", "amount": 1, "measure": "人次"}] * 2}, "targets"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(cast.chengxiang, **changes)
    assert list(refused.value.fields) == [field]


def test_units_of_elsewhere_and_doubled_ones_are_refused(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    (unit, _liaison), _two = two_units(here)
    outside, _user = another_unit(here, member=False)
    (other, _liaison), _two = two_units(there)
    for wrong in ((unit, unit), (unit, outside), (other,)):
        with pytest.raises(Invalid) as refused:
            drafted(here, *wrong)
        assert list(refused.value.fields) == ["parties"]
    for nobody in (there.clerk, here.grid_lead, here.liaison, here.worker, here.system_admin):
        with pytest.raises(NotAllowed):
            drafted(here, unit, by=nobody)


def test_a_second_tap_finds_the_first_and_a_stale_form_is_told(cast: Cast) -> None:
    here = cast.chengxiang
    row = drafted(here)
    said = typed(*(party.unit for party in row.parties.all()))
    key = {"client_key": row.client_key, "by": fresh(here.clerk), "area": here.street.pk}
    assert services.draft_agreement(**key, **said) == row
    with pytest.raises(Conflict):
        services.draft_agreement(**key, **{**said, "theme": "另一份"})
    services.edit_agreement(pk=row.pk, by=fresh(here.clerk), version=row.version, **said)
    with pytest.raises(Conflict):
        services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=row.version)


def test_everybody_may_check_a_signed_one_and_nobody_reads_what_is_not_public(cast: Cast) -> None:
    here, visitor = cast.chengxiang, browser_of(None)
    draft, row = drafted(here, theme="还没签的"), signed(here)
    page = f"/agreements/{row.number}/"
    assert visitor.get(f"/agreements/{draft.number}/").status_code == 404
    plain = visitor.get(page).content.decode()
    assert row.sha256 in plain and "联系参观点" not in plain and row.parties.get().name not in plain
    assert "同签的时候一字不差" not in plain
    named = visitor.get(page, {"code": row.sha256.upper()[:16]}).content.decode()
    assert "校验码对得上" in named and "note--ok" not in named, "a code that stands on the page proves no word"
    assert "对不上" in visitor.get(page, {"code": "f" * 64}).content.decode()
    for short in (row.sha256[:11], "不是"):
        told = visitor.get(page, {"code": short}).content.decode()
        assert "请至少抄前12位" in told and "对不上" not in told
    crlf = row.text.replace("\n", "\r\n")
    compared = visitor.post(page, {"text": crlf}).content.decode()
    assert "同签的时候一字不差" in compared and "note--ok" in compared
    assert "对不上" in visitor.post(page, {"text": row.text.replace("600", "700")}).content.decode()
    services.show_agreement(pk=row.pk, by=fresh(here.clerk), version=row.version, is_public=True)
    assert "联系参观点" not in visitor.get(page).content.decode(), "its unit has not agreed to be named"
    row.parties.get().unit.__class__.objects.update(is_public=True)
    assert "联系参观点" in visitor.get(page).content.decode()
    assert [paper.pk for paper in papers_of(row)] == [row.pk]
