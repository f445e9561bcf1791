"""Papers seen, insurances, 双报到, the certificate and its check code."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from tests.cast import Cast, Street, browser_of, fresh
from tests.volunteers.givers import NAME, person, register_as, registered, worked
from volunteers.models import Certificate, Hours, Qualification, Volunteer
from volunteers.services.approving import rename_volunteer
from volunteers.services.certificates import (
    corrected_since,
    find_certificate,
    issue_certificate,
    shown_code,
    standing_of,
)
from volunteers.services.fitness import require_fit
from volunteers.services.papers import (
    end_insurance,
    end_qualification,
    insure_street,
    insure_volunteer,
    note_qualification,
)
from volunteers.services.party_reports import accept_report, end_report, report_in
from volunteers.services.policies import policy_of, stars_for
from volunteers.services.registering import change_volunteer, leave
from volunteers.services.volunteer_fields import VolunteerDraft

POLICY = {"insurer": "某某保险", "policy_number": "PA-2026-0001"}


def _fit(row: Volunteer, street: Street, **asked: object) -> Volunteer:
    return require_fit(row.user, area_code=street.home.pk, on=timezone.localdate(), **asked)  # type: ignore[arg-type]


def test_a_post_that_asks_for_a_paper_takes_nobody_without_it(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    with pytest.raises(RuleBroken, match="急救员证"):
        _fit(row, here, needs="first_aid")
    with pytest.raises(Invalid) as refused:
        note_qualification(
            pk=row.pk, by=fresh(here.worker), version=None, kind="first_aid", valid_until=today - timedelta(days=1)
        )
    assert "换好新证" in str(refused.value.fields["valid_until"][0])
    with pytest.raises(NotAllowed):
        note_qualification(pk=row.pk, by=row.user, version=None, kind="first_aid", valid_until=None)
    paper = note_qualification(
        pk=row.pk, by=fresh(here.worker), version=None, kind="first_aid", valid_until=today + timedelta(days=9)
    )
    assert _fit(row, here, needs="first_aid") == row
    with pytest.raises(RuleBroken, match="到期"):
        require_fit(row.user, area_code=here.home.pk, on=today + timedelta(days=10), needs="first_aid")
    newer = note_qualification(pk=row.pk, by=fresh(here.worker), version=None, kind="first_aid", valid_until=None)
    assert Qualification.objects.get(pk=paper.pk).ended_on == today
    end_qualification(pk=newer.pk, by=fresh(here.worker))
    with pytest.raises(RuleBroken):
        _fit(row, here, needs="first_aid")


def test_a_risky_post_wants_an_insurance_on_record(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    with pytest.raises(RuleBroken, match="保险"):
        _fit(row, here, risky=True)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today - timedelta(days=1)}
    with pytest.raises(Invalid):
        insure_volunteer(pk=row.pk, by=fresh(here.worker), version=None, **POLICY, **days)
    days["ends_on"] = today
    own = insure_volunteer(pk=row.pk, by=fresh(here.worker), version=None, **POLICY, **days)
    assert _fit(row, here, risky=True) == row
    with pytest.raises(RuleBroken):
        require_fit(row.user, area_code=here.home.pk, on=today + timedelta(days=1), risky=True)
    end_insurance(pk=own.pk, by=fresh(here.worker))
    with pytest.raises(RuleBroken):
        _fit(row, here, risky=True)


def test_a_streets_policy_covers_its_volunteers_and_no_others(cast: Cast) -> None:
    here, there, today = cast.chengxiang, cast.xiasha, timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=364)}
    with pytest.raises(NotAllowed):
        insure_street(by=fresh(here.worker), street=here.street.pk, **POLICY, **days)
    insure_street(by=fresh(here.clerk), street=here.street.pk, **POLICY, **days)
    row = registered(here)
    assert _fit(row, here, risky=True) == row
    with pytest.raises(RuleBroken):
        _fit(registered(there), there, risky=True)
    with pytest.raises(RuleBroken, match="先登记"):
        require_fit(person(), area_code=here.home.pk, on=today, risky=True)


def test_a_party_member_reports_once_and_another_confirms(cast: Cast) -> None:
    here = cast.chengxiang
    row, key = registered(here), uuid4()
    typed = {"unit_name": "区中医院", "branch": "第一党支部", "posts": ["patrol", "nothing"]}
    with pytest.raises(Invalid) as refused:
        report_in(by=row.user, client_key=key, unit_name="", branch="", posts=[])
    assert set(refused.value.fields) == {"unit_name", "branch", "posts"}
    first, again = (report_in(by=row.user, client_key=key, **typed) for _tap in range(2))  # type: ignore[arg-type]
    assert first.pk == again.pk and first.posts == ["patrol"]
    with pytest.raises(RuleBroken, match="已经报到"):
        report_in(by=row.user, client_key=uuid4(), **typed)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        accept_report(pk=first.pk, by=row.user, version=None)
    for stranger in (here.neighbour, cast.xiasha.worker):
        with pytest.raises(NotFound):
            accept_report(pk=first.pk, by=fresh(stranger), version=None)
    accept_report(pk=first.pk, by=fresh(here.worker), version=first.version)
    card = browser_of(row.user).get("/my/volunteer/card/").content.decode()
    assert "区中医院" in card and "平安巡防" in card and NAME in card
    end_report(pk=first.pk, by=row.user)
    with pytest.raises(RuleBroken):
        end_report(pk=first.pk, by=row.user)
    assert report_in(by=row.user, client_key=uuid4(), **typed).just_made  # type: ignore[arg-type]


def test_a_certificate_says_what_was_done_and_can_be_checked(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row, key = registered(here), uuid4()
    days = {"starts_on": today - timedelta(days=30), "ends_on": today}
    with pytest.raises(RuleBroken, match="还没有记下"):
        issue_certificate(by=row.user, client_key=key, **days)
    first = worked(row.user, here, minutes=150)
    paper = issue_certificate(by=row.user, client_key=key, **days)
    again = issue_certificate(by=row.user, client_key=key, **days)
    assert paper.pk == again.pk and paper.hours == 2.5 and Certificate.objects.count() == 1
    with pytest.raises(Conflict):
        issue_certificate(by=registered(here).user, client_key=key, **days)
    found = find_certificate(number=paper.number.lower(), code=shown_code(paper.code).lower(), ip="10.0.0.1")
    assert found.pk == paper.pk and not corrected_since(found)
    Hours.objects.create(
        person=row.user, street=here.street, corrects=first, source="test:less", day=first.day, minutes=-60,
        label="巡河", why="多记了一小时", by=here.clerk,
    )  # fmt: skip
    assert corrected_since(found) and standing_of(row).hours == 1.5


def test_a_paper_that_was_tampered_with_or_guessed_fits_nothing(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    worked(row.user, here)
    paper = issue_certificate(by=row.user, client_key=uuid4(), starts_on=today, ends_on=today)
    for number, code in ((paper.number, "A" * 12), ("ZM-CX-20260101-0001", paper.code), (paper.number, "")):
        with pytest.raises(Invalid, match="改一下") as refused:
            find_certificate(number=number, code=code, ip="10.0.0.2")
        assert list(refused.value.fields) == ["code"]
    Certificate.objects.filter(pk=paper.pk).update(halves=2000)
    with pytest.raises(Invalid):
        find_certificate(number=paper.number, code=paper.code, ip="10.0.0.2")


def test_guessing_is_stopped(cast: Cast) -> None:
    with pytest.raises(TooMany):
        for _try in range(40):
            with pytest.raises(Invalid):
                find_certificate(number="ZM-CX-1", code="B" * 12, ip="10.0.0.3")


def test_the_pages_show_the_paper_to_its_owner_and_a_mask_to_the_checker(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    worked(row.user, here, label="大关巡河")
    browser = browser_of(row.user)
    assert f'value="{today:%Y-%m-%d}"' in browser.get("/my/volunteer/certificates/").content.decode()
    typed = {"client_key": str(uuid4()), "starts_on": today.isoformat(), "ends_on": today.isoformat()}
    shown = browser.post("/my/volunteer/certificates/", typed, follow=True)
    paper = Certificate.objects.get()
    page = shown.content.decode()
    assert NAME in page and "大关巡河" in page and shown_code(paper.code) in page and "2.5" in page
    assert browser_of(registered(here).user).get(f"/my/volunteer/certificates/{paper.pk}/").status_code == 404
    checked = Client().post("/volunteer/check/", {"number": paper.number, "code": shown_code(paper.code)})
    said = checked.content.decode()
    assert checked.status_code == 200 and "内容没有改动" in said and NAME not in said and "刘*河" in said
    wrong = Client().post("/volunteer/check/", {"number": paper.number, "code": "AAAA"})
    assert wrong.status_code == 422 and "对不上" in wrong.content.decode()


def test_stars_follow_the_settings_of_the_street(cast: Cast) -> None:
    policy = policy_of(cast.chengxiang.home.pk)
    assert [stars_for(halves, policy) for halves in (199, 200, 600, 3000)] == [0, 1, 2, 5]


def test_what_is_noted_later_is_no_correction(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    worked(row.user, here, day=today - timedelta(days=2))
    paper = issue_certificate(by=row.user, client_key=uuid4(), starts_on=today - timedelta(days=5), ends_on=today)
    worked(row.user, here, day=today - timedelta(days=1), label="帮厨")
    assert not corrected_since(paper), "a day that was confirmed later takes nothing back"


def test_hours_are_certified_under_the_name_they_were_done_under(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    other = VolunteerDraft(name="王大海", area=here.home.pk)
    assert change_volunteer(pk=row.pk, by=row.user, version=None, draft=other).name == "王大海", "nothing stands for it"
    worked(row.user, here)
    third = VolunteerDraft(name="赵小江", area=here.home.pk)
    changed = change_volunteer(pk=row.pk, by=row.user, version=None, draft=third)
    assert (changed.name, changed.name_asked) == ("王大海", "赵小江")
    paper = issue_certificate(by=row.user, client_key=uuid4(), starts_on=today, ends_on=today)
    assert paper.name == "王大海"
    with pytest.raises(NotAllowed):
        rename_volunteer(pk=row.pk, by=row.user, version=None)
    rename_volunteer(pk=row.pk, by=fresh(here.worker), version=None)
    row.refresh_from_db()
    assert (row.name, row.name_before, row.name_asked) == ("赵小江", "王大海", "")
    with pytest.raises(RuleBroken):
        rename_volunteer(pk=row.pk, by=fresh(here.worker), version=None)
    leave(pk=row.pk, by=row.user)
    back = register_as(row.user, here, name="陌生人")
    assert (back.name, back.name_asked) == ("赵小江", "陌生人"), "leaving and coming back is no way around"
