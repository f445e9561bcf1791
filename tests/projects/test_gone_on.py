"""What stays true when something else goes on: a window closes, a part ends, a paper is renewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from alliance.lib.errors import Invalid, NotAllowed
from claims.services import claim_offer, return_claim
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.models import Liaison
from notifications.models import Message
from notifications.services import answer_card
from projects import services
from projects.models import Agreement, Amendment, Project
from projects.services import sending
from projects.services.figures import record_reading, set_indicator
from projects.services.wording import digest, with_signing
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit
from tests.projects.amending import amendment_of
from tests.projects.running import project_in, reach, running
from tests.projects.things import again, approved, ask_of, drafted, say_yes, sign, signed, today, two_units, typed

pytestmark = pytest.mark.django_db


def told(user: Any, rule: str) -> int:
    return sum(one.rule.endswith(f".{rule}") for one in Message.objects.inbox_of(user))


def test_whoever_claimed_it_keeps_it_when_the_window_closes_and_each_claim_is_told(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second) = two_units(here)
    row, by = project_in(here), fresh(here.clerk)
    services.join_project(pk=row.pk, by=by, version=None, unit=two.pk, does="出两位老师")
    services.confirm_part(pk=row.pk, by=fresh(second))
    said = row.units.get(unit=two).confirmed_at
    offer = services.publish_project(pk=row.pk, by=by, version=None, closes_on=today())

    def take(unit: Any, user: Any) -> Any:
        return claim_offer(offer_id=offer.pk, by=fresh(user), client_key=uuid4(), unit_id=unit.pk)

    return_claim(claim_id=take(one, first).pk, by=fresh(first), note="人手不够")
    return_claim(claim_id=take(two, second).pk, by=fresh(second), note="不牵头了")
    part = row.units.get(unit=two, left_on=None)
    assert (part.is_lead, part.confirmed_at, part.does) == (False, said, "出两位老师"), "its own part stays"
    claim = take(one, first)
    assert told(here.clerk, "ProjectTaken") == 3 and told(here.clerk, "ProjectGivenBack") == 2
    offer.__class__.objects.filter(pk=offer.pk).update(closes_at="2026-01-02T00:00Z", opens_at="2026-01-01T00:00Z")
    Due.objects.filter(state="waiting").update(due_at="2026-01-03T00:00Z")
    sweep()
    assert again(claim).state == "claimed" and row.units.get(left_on=None, is_lead=True).unit_id == one.pk
    services.unpublish_project(pk=row.pk, by=by, version=None, words="区里统一办了")
    assert told(here.clerk, "ProjectGivenBack") == 2 and not row.units.filter(is_lead=True, left_on=None).exists()
    assert row.events.filter(verb="give_back").count() == 2
    services.leave_project(pk=row.pk, by=fresh(second), version=None, unit=two.pk, words="调走了")
    assert told(here.clerk, "ProjectGivenBack") == 2 and told(here.clerk, "ProjectLeft") == 1


def test_a_milestone_that_is_open_again_is_late_again_and_shows_no_photos(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = running(here, 40, 60), fresh(here.clerk)
    first = row.milestones.all()[0]

    def late() -> int:
        dues = Due.objects.filter(subject=row.subject, state="waiting", kind="projects.milestone_late")
        dues.filter(params__milestone=first.pk).update(due_at="2026-01-01T00:00Z")
        sweep()
        return told(here.clerk, "MilestoneLate")

    assert late() == 1
    reach(row, 0, here.clerk)
    services.reopen_milestone(pk=row.pk, by=by, version=None, milestone=first.pk, words="又坏了")
    assert late() == 2
    assert services.project_running.evidence_of([again(first)]) == {}


def test_a_renewal_takes_the_open_amendment_of_the_old_one_along(cast: Cast) -> None:
    here = cast.chengxiang
    row, by = (
        signed(here, starts_on=today() - timedelta(days=400), ends_on=today() + timedelta(days=30)),
        fresh(here.clerk),
    )
    services.review_agreement(pk=row.pk, by=by, version=None, words="五趟都开了。")
    terms = {"starts_on": today(), "ends_on": today() + timedelta(days=364)}
    new = services.renew_agreement(pk=row.pk, by=by, version=None, client_key=uuid4(), **terms)
    services.send_paper(of=Agreement, pk=new.pk, by=by, version=None)
    say_yes(new.parties.get().unit, here.liaison)
    services.approve_paper(of=Agreement, pk=new.pk, by=fresh(here.leader), version=None)
    amendment = amendment_of(row, here)
    services.send_paper(of=Amendment, pk=amendment.pk, by=by, version=None)
    ask = ask_of(amendment, row.parties.get().unit)
    sign(again(new), here.clerk)
    assert (again(row).state, again(amendment).state) == ("renewed", "dropped")
    assert again(ask).void_at is not None and told(here.liaison, "AgreementDropped") == 1
    assert told(here.liaison, "AgreementTakenBack") == 0
    assert not Due.objects.filter(subject=f"amendment:{amendment.pk}", state="waiting").exists()


def test_a_stale_form_about_an_amendment_is_saved_at_the_second_try(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk = signed(here), browser_of(here.clerk)
    amendment = amendment_of(row, here)
    assert again(row).version != amendment.version
    path = f"/admin/projects/agreement/{row.pk}/edit-added/"
    sent = {"edit_added-version": 99, "edit_added-words": "再加三趟。", "edit_added-client_key": str(uuid4())}
    refused = clerk.post(path, sent)
    page = refused.content.decode()
    assert refused.status_code == 409 and "再加三趟。" in page
    version = page.split('name="edit_added-version" value="')[1].split('"')[0]
    assert clerk.post(path, {**sent, "edit_added-version": version}).status_code == 302
    assert again(amendment).words == "再加三趟。"


def test_words_about_an_amendment_are_not_lost_when_it_is_over_and_it_is_taken_back_on_its_page(cast: Cast) -> None:
    here = cast.chengxiang
    row, clerk, office = signed(here), browser_of(here.clerk), browser_of(here.party_office)
    amendment, path = amendment_of(row, here), f"/admin/projects/agreement/{row.pk}/"
    given = {"of": Amendment, "pk": amendment.pk, "by": fresh(here.clerk), "version": None}

    def press(browser: Any, name: str, **said: Any) -> Any:
        sent = {"version": again(amendment).version, **said}
        return browser.post(f"{path}{name.replace('_', '-')}/", {f"{name}-{key}": v for key, v in sent.items()})

    services.send_paper(**given)
    assert press(clerk, "recall_added", words="少一句").status_code == 302 and again(amendment).state == "draft"
    services.send_paper(**given)
    Liaison.objects.filter(unit=row.parties.get().unit).update(ends_on=today())
    ask = ask_of(amendment, row.parties.get().unit)
    assert press(clerk, "on_paper_added", ask=ask.pk, words="纸质确认函，党建办存").status_code == 302
    assert press(office, "refuse_added", words="期限写明").status_code == 302 and again(amendment).state == "draft"
    services.drop_paper(**given, words="不办了")
    late = press(clerk, "drop_added", words="这几句话别丢")
    assert late.status_code == 409 and "这几句话别丢" in late.content.decode()
    assert press(browser_of(here.leader), "drop_added", words="不").status_code == 403


def test_a_unit_that_was_out_before_the_signing_is_no_party_and_one_that_left_after_is(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, second), (three, third) = *two_units(here), another_unit(here)
    for unit in (one, two):
        unit.__class__.objects.filter(pk=unit.pk).update(is_public=True)
    row = drafted(here, one, two, three)
    by = fresh(here.clerk)
    services.send_paper(of=Agreement, pk=row.pk, by=by, version=None)
    services.recall_paper(of=Agreement, pk=row.pk, by=by, version=None, words="少一家")
    services.edit_agreement(pk=row.pk, by=by, version=None, **typed(one, three, starts_on=today() + timedelta(days=9)))
    services.send_paper(of=Agreement, pk=row.pk, by=by, version=None)
    say_yes(one, first), say_yes(three, third)
    services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=None)
    row = sign(again(row), here.clerk)
    assert two.name not in row.text
    assert not Agreement.objects.visible_to(fresh(second)).exists()
    out = browser_of(second)
    assert out.get(f"/desk/agreements/{row.pk}/").status_code == 404
    assert row.theme not in out.get("/desk/agreements/").content.decode()
    visitor, page = browser_of(None), f"/agreements/{row.number}/"
    assert two.name not in visitor.get(page).content.decode()
    assert two.name not in browser_of(first).get(f"/desk/agreements/{row.pk}/").content.decode()
    services.show_agreement(pk=row.pk, by=by, version=None, is_public=True)
    assert "联系参观点" not in visitor.get(page).content.decode(), "one party has not agreed to be named"
    mine = row.parties.get(unit=three).pk
    leave = {"pk": row.pk, "by": by, "version": None, "party": mine, "words": "搬走了"}
    with pytest.raises(Invalid):
        services.leave_agreement(**leave, left_on=today() - timedelta(days=1))
    services.leave_agreement(**leave, left_on=today())
    shown = visitor.get(page).content.decode()
    assert "联系参观点" not in shown, "the text names it still"
    assert Agreement.objects.visible_to(fresh(third)).exists()


def test_a_unit_that_was_only_asked_answers_and_does_nothing_else(cast: Cast) -> None:
    here = cast.chengxiang
    (unit, liaison), _two = two_units(here)
    row, by = running(here, 100), fresh(here.clerk)
    one = set_indicator(pk=row.pk, by=by, version=None, name="内部数", measure="次", is_public=False)
    services.join_project(pk=row.pk, by=by, version=None, unit=unit.pk)
    figure = {"pk": row.pk, "by": fresh(liaison), "indicator": one.pk, "day": today(), "value": 1}
    with pytest.raises(NotAllowed):
        record_reading(**figure)
    with pytest.raises(NotAllowed):
        reach(row, 0, liaison)
    browser, page = browser_of(liaison), f"/desk/projects/{row.pk}/"
    assert browser.get(page).status_code == 200 and "内部数" not in browser.get(page).content.decode()
    services.confirm_part(pk=row.pk, by=fresh(liaison))
    record_reading(**figure)
    assert "内部数" in browser.get(page).content.decode()


def test_other_words_are_not_signed_with_their_own_digest(cast: Cast) -> None:
    here = cast.chengxiang
    row = approved(here)
    signing = {"state": "running", "signed_at": "2026-11-23T00:00Z", "signed_on": today(), "signed_place": "会议室"}
    signing |= {"runs_until": row.ends_on, "signed_by": here.clerk.pk}

    def forge(text: str, **more: Any) -> None:
        with transaction.atomic():
            Agreement.objects.filter(pk=row.pk).update(**signing, text=text, sha256=digest(text), **more)

    good = with_signing(row.text, on=today(), place="会议室")
    for text, more in (("别的", {}), (f"{row.text}另加一条", {}), (good, {"theme": "别的"}), (good, {"turn": 9})):
        with pytest.raises(DatabaseError):
            forge(text, **more)
    forge(good)  # the control: the words that were confirmed
    assert again(row).state == "running"


def test_by_the_link_the_check_page_is_shown_once_there_is_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens: list[str] = []
    make_card = sending.make_card

    def noted(**given: Any) -> Any:
        card, token = make_card(**given)
        tokens.append(token)
        return card, token

    monkeypatch.setattr(sending, "make_card", noted)
    here = cast.chengxiang
    row = drafted(here)
    services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=None)
    answer_card(token=tokens[0], value="yes")
    check, visitor = f"/agreements/{row.number}/", browser_of(None)
    assert check not in visitor.get(f"/c/{tokens[0]}/").content.decode()
    services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=None)
    sign(again(row), here.clerk)
    assert check in visitor.get(f"/c/{tokens[0]}/").content.decode()


def test_whoever_speaks_for_two_units_leaves_with_the_one_of_the_form(cast: Cast) -> None:
    here = cast.chengxiang
    (one, first), (two, _second) = two_units(here)
    (three, _third) = another_unit(here)
    row, by = project_in(here), fresh(here.clerk)
    for unit in (one, two):
        services.join_project(pk=row.pk, by=by, version=None, unit=unit.pk)
    Liaison.objects.filter(unit=two).update(ends_on=today())
    Liaison.objects.create(unit=two, user=first, starts_on=today())
    browser, path = browser_of(first), f"/desk/projects/{row.pk}/leave/"
    assert browser.post(path, {"version": 1, "unit": three.pk, "words": "不"}).status_code == 404
    for unit in (two, one):
        assert browser.post(path, {"version": 1, "unit": unit.pk, "words": "调走了"}).status_code == 302
        assert row.units.get(unit=unit).left_on == today()
        assert row.units.filter(left_on=None).exists() == (unit == two)
    assert not Project.objects.of_units_of(fresh(first)).exists()
