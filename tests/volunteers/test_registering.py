"""Somebody registers in three fields, is looked at where the street asks for it, changes, leaves, comes back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from notifications.models import Message
from people.models import Consent
from people.services.consents import withdraw_own
from people.services.residents import erase_account
from tests.cast import Cast, browser_of, fresh
from tests.volunteers.givers import NAME, month_ago, person, register_as, registered
from volunteers.models import Certificate, Volunteer
from volunteers.services.approving import approve_volunteer, refuse_volunteer
from volunteers.services.policies import save_policy
from volunteers.services.registering import change_volunteer, leave
from volunteers.services.volunteer_fields import VolunteerDraft
from volunteers.states.people import VolunteerState

GUARDIAN = {"guardian_name": "王秀英", "guardian_phone": "138 0000 0001", "guardian_agrees": True}


def _asks(cast: Cast) -> None:
    here = cast.chengxiang
    save_policy(by=fresh(here.party_office), street_code=here.street.pk, asks_approval=True, stars=[10, 30], version=0)


def test_three_fields_are_enough_and_a_second_tap_makes_no_second_volunteer(cast: Cast) -> None:
    who, key = person(), uuid4()
    first = register_as(who, cast.chengxiang, key=key)
    again = register_as(who, cast.chengxiang, key=key)
    assert first.pk == again.pk and first.state == VolunteerState.ACTIVE and not again.just_made
    assert first.number.startswith("YG-CX-")
    assert Consent.objects.filter(source=first.number, withdrawn_at__isnull=True).count() == 1


def test_a_second_registration_says_the_number_of_the_first(cast: Cast) -> None:
    first = registered(cast.chengxiang)
    with pytest.raises(RuleBroken, match=first.number):
        register_as(first.user, cast.chengxiang)


def test_a_key_of_somebody_else_is_refused(cast: Cast) -> None:
    first = registered(cast.chengxiang)
    with pytest.raises(Conflict):
        register_as(person(), cast.chengxiang, key=first.client_key)


def test_without_consent_nobody_is_registered(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        register_as(person(), cast.chengxiang, consented=False)
    assert "consent" in refused.value.fields and not Volunteer.objects.exists()


@pytest.mark.parametrize(("years", "state"), [(6, True), (13, True), (5, False), (0, False)])
def test_children_from_six_on_with_a_guardian(cast: Cast, years: int, state: bool) -> None:
    typed: dict[str, Any] = {"is_child": True, "born": month_ago(years), **GUARDIAN}
    if not state:
        with pytest.raises(Invalid) as refused:
            registered(cast.chengxiang, **typed)
        assert "满6岁" in str(refused.value.fields["born"][0])
        return
    row = registered(cast.chengxiang, **typed)
    assert row.born is not None and row.guardian_phone == "13800000001"


def test_from_fourteen_on_nothing_of_the_guardian_is_kept(cast: Cast) -> None:
    row = registered(cast.chengxiang, is_child=True, born=month_ago(14), **GUARDIAN)
    assert row.born is None and row.guardian_name == "" and row.guardian_agreed_on is None


@pytest.mark.parametrize("missing", ["guardian_name", "guardian_phone", "guardian_agrees"])
def test_a_child_without_a_guardian_is_refused_with_what_to_do(cast: Cast, missing: str) -> None:
    typed = {**GUARDIAN, missing: ""}
    with pytest.raises(Invalid) as refused:
        registered(cast.chengxiang, is_child=True, born=month_ago(9), **typed)
    assert list(refused.value.fields) == [missing]


def test_the_database_keeps_no_child_without_a_guardian(cast: Cast) -> None:
    row = registered(cast.chengxiang)
    with pytest.raises(IntegrityError, match="volunteer_child_has_guardian"), transaction.atomic():
        Volunteer.objects.filter(pk=row.pk).update(born="2018-01-01")


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        register_as(person(), cast.chengxiang, name="1", area="9999", is_child=True, born="去年")
    assert set(refused.value.fields) == {"name", "area", "born"}


def test_where_the_street_asks_for_it_the_community_looks_first(cast: Cast) -> None:
    _asks(cast)
    here = cast.chengxiang
    row = registered(here)
    assert row.state == VolunteerState.PENDING
    assert Message.objects.filter(rule="volunteers.VolunteerToApprove").exists()
    for stranger in (cast.xiasha.worker, here.neighbour):
        with pytest.raises(NotFound):
            approve_volunteer(pk=row.pk, by=fresh(stranger), version=None)
    with pytest.raises(NotAllowed):
        approve_volunteer(pk=row.pk, by=fresh(here.grid_part), version=None)
    approve_volunteer(pk=row.pk, by=fresh(here.worker), version=row.version)
    with pytest.raises(RuleBroken):
        approve_volunteer(pk=row.pk, by=fresh(here.worker), version=None)
    assert Volunteer.objects.get(pk=row.pk).state == VolunteerState.ACTIVE


def test_nobody_approves_themselves(cast: Cast) -> None:
    _asks(cast)
    own = register_as(fresh(cast.chengxiang.worker), cast.chengxiang)
    with pytest.raises(NotAllowed, match="另一位"):
        approve_volunteer(pk=own.pk, by=fresh(cast.chengxiang.worker), version=None)
    approve_volunteer(pk=own.pk, by=fresh(cast.chengxiang.secretary), version=None)


def test_whoever_was_refused_reads_why_and_comes_back_with_the_same_number(cast: Cast) -> None:
    _asks(cast)
    row = registered(cast.chengxiang)
    with pytest.raises(Invalid):
        refuse_volunteer(pk=row.pk, by=fresh(cast.chengxiang.worker), version=None, words=" ")
    refuse_volunteer(pk=row.pk, by=fresh(cast.chengxiang.worker), version=None, words="请写真实姓名。")
    page = browser_of(row.user).get("/volunteer/").content.decode()
    assert "请写真实姓名。" in page
    again = register_as(row.user, cast.chengxiang)
    assert again.pk == row.pk and again.number == row.number and again.state == VolunteerState.PENDING
    assert [event.verb for event in again.events.all()] == ["register", "refuse", "register"]


def test_leaving_empties_what_was_said_and_withdraws_the_consent(cast: Cast) -> None:
    row = registered(cast.chengxiang, skills=["hair"], times=["weekends"], shows=True)
    leave(pk=row.pk, by=row.user)
    row.refresh_from_db()
    assert (row.state, row.skills, row.times, row.shows) == (VolunteerState.LEFT, [], [], False)
    assert not Consent.objects.filter(source=row.number, withdrawn_at__isnull=True).exists()
    assert register_as(row.user, cast.chengxiang).state == VolunteerState.ACTIVE


def test_taking_the_consent_back_is_leaving(cast: Cast) -> None:
    row = registered(cast.chengxiang)
    withdraw_own(pk=Consent.objects.get(source=row.number).pk, by=row.user)
    assert Volunteer.objects.get(pk=row.pk).state == VolunteerState.LEFT


def test_an_account_that_ends_leaves_no_name(cast: Cast) -> None:
    row = registered(cast.chengxiang, is_child=True, born=month_ago(9), **GUARDIAN)
    Certificate.objects.create(
        number="ZM-T-1",
        client_key=uuid4(),
        volunteer=row,
        name=NAME,
        issuer="城厢街道",
        starts_on="2026-01-01",
        ends_on="2026-02-01",
        halves=2,
        lines=[{"day": "2026-01-03", "title": "巡河", "by": "城厢街道", "halves": 2}],
        code="A" * 12,
    )
    erase_account(user=row.user)
    row.refresh_from_db()
    paper = Certificate.objects.get()
    assert (row.name, row.guardian_name, row.born, row.state) == ("", "", None, VolunteerState.LEFT)
    assert (paper.name, paper.lines) == ("", [])


def test_whoever_moves_into_a_street_that_looks_first_is_looked_at(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    row = registered(there)
    _asks(cast)
    move = VolunteerDraft(name=NAME, area=here.home.pk)
    moved = change_volunteer(pk=row.pk, by=row.user, version=None, draft=move)
    assert Volunteer.objects.get(pk=row.pk).state == VolunteerState.PENDING
    assert Message.objects.filter(rule="volunteers.VolunteerToApprove").exists()
    back = VolunteerDraft(name=NAME, area=there.home.pk)
    change_volunteer(pk=moved.pk, by=row.user, version=None, draft=back)
    assert Volunteer.objects.get(pk=row.pk).state == VolunteerState.ACTIVE, "there nobody looks"


def test_a_stale_form_is_refused(cast: Cast) -> None:
    row = registered(cast.chengxiang)
    draft = VolunteerDraft(name="刘大河", area=cast.chengxiang.next_door.pk)
    changed = change_volunteer(pk=row.pk, by=row.user, version=row.version, draft=draft)
    assert changed.name == "刘大河" and changed.area_id == cast.chengxiang.next_door.pk
    with pytest.raises(Conflict):
        change_volunteer(pk=row.pk, by=row.user, version=row.version, draft=draft)


def test_the_settings_are_the_party_offices(cast: Cast) -> None:
    here = cast.chengxiang
    typed: dict[str, Any] = {"street_code": here.street.pk, "asks_approval": True, "version": 0}
    with pytest.raises(NotAllowed):
        save_policy(by=fresh(here.worker), stars=[10], **typed)
    with pytest.raises(NotFound):
        save_policy(by=fresh(cast.xiasha.party_office), stars=[10], **typed)
    for wrong in ([], [30, 10], [10, 10], [0, 5], [1, 2, 3, 4, 5, 6]):
        with pytest.raises(Invalid):
            save_policy(by=fresh(here.party_office), stars=wrong, **typed)
    save_policy(by=fresh(here.party_office), stars=[10, 30], **typed)
    with pytest.raises(Conflict):
        save_policy(by=fresh(here.party_office), stars=[20], **typed)


def test_a_visitor_is_led_to_the_phone_and_a_resident_registers_on_one_page(cast: Cast) -> None:
    registered(cast.chengxiang)
    assert "/sign-in/?next=/volunteer/" in Client().get("/volunteer/").content.decode()
    browser = browser_of(person("孙大伯"))
    page = browser.get("/volunteer/").content.decode()
    assert "姓名" in page and "住在哪个社区" in page
    typed = {"client_key": str(uuid4()), "name": "孙建国", "area": cast.chengxiang.home.pk, "notice_version": "1"}
    refused = browser.post("/volunteer/", typed)
    assert refused.status_code == 422 and "孙建国" in refused.content.decode()
    typed["born"] = month_ago(5)
    refused = browser.post("/volunteer/", {**typed, "consent": "on"})
    assert refused.status_code == 422 and "不满6岁还不能登记" in refused.content.decode()
    done = browser.post("/volunteer/", {**typed, "born": "", "consent": "on"}, follow=True)
    assert "欢迎您，登记好了" in done.content.decode() and "YG-CX-" in done.content.decode()
    again = browser.post("/volunteer/", {**typed, "born": "", "consent": "on", "client_key": str(uuid4())})
    assert again.status_code == 409 and "已经登记过了" in again.content.decode()
    assert "我的志愿服务" in browser.get("/my/").content.decode()


def test_why_somebody_was_refused_is_unreadable_in_the_database_and_gone_with_the_account(cast: Cast) -> None:
    _asks(cast)
    row = registered(cast.chengxiang)
    refuse_volunteer(pk=row.pk, by=fresh(cast.chengxiang.worker), version=None, words="住在别的街道")
    with connection.cursor() as cursor:
        cursor.execute("SELECT refused_why FROM volunteers_volunteer WHERE id = %s", [row.pk])
        assert "别的街道" not in cursor.fetchone()[0]
    row.refresh_from_db()
    assert row.refused_why == "住在别的街道"
    with pytest.raises(IntegrityError, match="volunteer_refused_with_words"), transaction.atomic():
        Volunteer.objects.filter(pk=row.pk).update(refused_why="")
    erase_account(user=row.user)
    row.refresh_from_db()
    assert row.refused_why == "" and not hasattr(row.events.all()[0], "words")
