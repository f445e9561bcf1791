"""Teams: set up, joined, signed for, led, closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from tests.cast import Cast, browser_of, fresh
from tests.volunteers.givers import NAME, PLEDGE, month_ago, person, registered, team_in
from volunteers.contributions_people import my_data
from volunteers.models import PledgeSignature, Team, TeamMember, Training, Volunteer
from volunteers.services import belonging
from volunteers.services.belonging import NUMBERS, join_team, leave_team, let_go, sign_pledge, take_in
from volunteers.services.papers import train_team
from volunteers.services.registering import leave
from volunteers.services.teams import add_team, change_team, close_team, name_leader


def test_a_team_is_set_up_by_whoever_keeps_the_place(cast: Cast) -> None:
    key, typed = uuid4(), {"name": "小河戏曲队", "kind": "arts", "words": "唱越剧。", "is_open": True}
    here = cast.chengxiang
    for stranger in (here.neighbour, here.grid_part, cast.xiasha.worker):
        with pytest.raises(NotAllowed):
            add_team(client_key=key, by=fresh(stranger), area=here.home.pk, typed=typed)
    first = add_team(client_key=key, by=fresh(here.worker), area=here.home.pk, typed=typed)
    again = add_team(client_key=key, by=fresh(here.worker), area=here.home.pk, typed=typed)
    assert first.pk == again.pk and first.number.startswith("DW-CX-")
    with pytest.raises(Invalid) as refused:
        add_team(client_key=uuid4(), by=fresh(here.worker), area=here.home.pk, typed=typed)
    assert "同名" in str(refused.value.fields["name"][0])


def test_only_a_volunteer_of_the_street_joins(cast: Cast) -> None:
    team = team_in(cast.chengxiang)
    with pytest.raises(RuleBroken, match="先登记"):
        join_team(pk=team.pk, by=person())
    with pytest.raises(RuleBroken, match="别的街道"):
        join_team(pk=team.pk, by=registered(cast.xiasha).user)
    who = registered(cast.chengxiang)
    first, again = join_team(pk=team.pk, by=who.user), join_team(pk=team.pk, by=who.user)
    assert first.pk == again.pk and TeamMember.objects.live().count() == 1


def test_a_closed_circle_takes_in_by_number(cast: Cast) -> None:
    here = cast.chengxiang
    team, who = team_in(here, is_open=False), registered(here)
    with pytest.raises(RuleBroken, match="编号"):
        join_team(pk=team.pk, by=who.user)
    with pytest.raises(Invalid):
        take_in(pk=team.pk, by=fresh(here.worker), version=None, number="YG-CX-1")
    with pytest.raises(Invalid):
        take_in(pk=team.pk, by=fresh(here.worker), version=None, number=registered(cast.xiasha).number)
    with pytest.raises(NotAllowed):
        take_in(pk=team.pk, by=who.user, version=None, number=who.number)
    take_in(pk=team.pk, by=fresh(here.worker), version=None, number=f" {who.number.lower()} ")
    assert not TeamMember.objects.live().exists(), "asked, and not in it"
    join_team(pk=team.pk, by=who.user)
    assert TeamMember.objects.live().get().volunteer == who


def test_the_pledge_is_signed_with_ones_own_name_and_kept_word_for_word(cast: Cast) -> None:
    here = cast.chengxiang
    team, who = team_in(here, pledge=PLEDGE), registered(here)
    member = join_team(pk=team.pk, by=who.user)
    assert member.waits
    with pytest.raises(Invalid, match="改一下"):
        sign_pledge(pk=team.pk, by=who.user, agreed=False, name=NAME, words=PLEDGE)
    with pytest.raises(Invalid):
        sign_pledge(pk=team.pk, by=who.user, agreed=True, name="张三丰", words=PLEDGE)
    with pytest.raises(Conflict):
        sign_pledge(pk=team.pk, by=who.user, agreed=True, name=NAME, words="别的话")
    with pytest.raises(NotFound):
        sign_pledge(pk=team.pk, by=registered(here).user, agreed=True, name=NAME, words=PLEDGE)
    signed = sign_pledge(pk=team.pk, by=who.user, agreed=True, name=f" {NAME}", words=PLEDGE)
    assert signed.pledge == PLEDGE and signed.pledged_at is not None
    typed = {"name": team.name, "kind": team.kind, "words": team.words, "is_open": True, "pledge": PLEDGE + "不收礼。"}
    change_team(pk=team.pk, by=fresh(here.worker), version=team.version, typed=typed)
    assert TeamMember.objects.get().pledged_at is None, "other words are signed anew"
    sign_pledge(pk=team.pk, by=who.user, agreed=True, name=NAME, words=typed["pledge"])
    found = PledgeSignature.objects.filter(member=signed).order_by("pk").values_list("words", "signed_at")
    member = TeamMember.objects.get()
    assert list(found) == [(PLEDGE, signed.pledged_at), (typed["pledge"], member.pledged_at)]
    with pytest.raises(DatabaseError), transaction.atomic():
        PledgeSignature.objects.update(words="别的话")
    page = browser_of(here.worker).get(f"/admin/volunteers/team/{team.pk}/change/").content.decode()
    assert f"签的是以前的：{PLEDGE}" in page and [one["words"] for one in my_data(who.user)["pledges"]] == [
        PLEDGE,
        typed["pledge"],
    ]
    leave_team(pk=team.pk, by=who.user)
    assert PledgeSignature.objects.count() == 2, "also of who has left"


def test_a_childs_pledge_bears_the_guardians_name(cast: Cast) -> None:
    here = cast.chengxiang
    child = {"guardian_name": "王秀英", "guardian_phone": "13800000001", "guardian_agrees": True}
    who = registered(here, is_child=True, born=month_ago(9), **child)
    team = team_in(here, pledge=PLEDGE)
    join_team(pk=team.pk, by=who.user)
    with pytest.raises(Invalid):
        sign_pledge(pk=team.pk, by=who.user, agreed=True, name=NAME, words=PLEDGE)
    assert sign_pledge(pk=team.pk, by=who.user, agreed=True, name="王秀英", words=PLEDGE).pledged_at
    assert PledgeSignature.objects.get().by_guardian


def test_the_leader_takes_in_trains_and_lets_go_and_closes_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief, who = team_in(here), registered(here), registered(here)
    team = name_leader(pk=team.pk, by=fresh(here.worker), version=team.version, number=chief.number)
    assert TeamMember.objects.live().filter(volunteer=chief).exists()
    member = take_in(pk=team.pk, by=chief.user, version=None, number=who.number)
    join_team(pk=team.pk, by=who.user)
    with pytest.raises(NotAllowed):
        close_team(pk=team.pk, by=chief.user, version=None)
    today = timezone.localdate()
    for _twice in range(2):
        train_team(pk=team.pk, by=chief.user, version=None, title="怎么劝", day=today, hours="1.5")
    assert Training.objects.get().volunteer == who, "nobody notes their own training"
    for wrong in ({"hours": "1.3"}, {"hours": "9"}, {"day": today + timedelta(days=1)}, {"title": ""}):
        with pytest.raises(Invalid):
            train_team(pk=team.pk, by=chief.user, version=None, **{"title": "再来", "day": today, "hours": 1, **wrong})
    let_go(pk=member.pk, by=chief.user)
    assert not TeamMember.objects.live().filter(volunteer=who).exists()


def test_a_leader_who_leaves_leads_no_more(cast: Cast) -> None:
    here = cast.chengxiang
    chief, teams = registered(here), [team_in(here, name) for name in ("湾嫂队", "河长队")]
    for team in teams:
        name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    leave_team(pk=teams[0].pk, by=chief.user)
    assert Team.objects.get(pk=teams[0].pk).leader is None
    leave(pk=chief.pk, by=chief.user)
    assert Team.objects.get(pk=teams[1].pk).leader is None and not TeamMember.objects.live().exists()


def test_a_child_leads_no_team_and_is_not_named(cast: Cast) -> None:
    here = cast.chengxiang
    guardian = {"guardian_name": "王秀英", "guardian_phone": "13800000001", "guardian_agrees": True}
    child = registered(here, is_child=True, born=month_ago(9), shows=True, name="欧阳小河", **guardian)
    team = team_in(here)
    with pytest.raises(Invalid):
        name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=child.number)
    Team.objects.filter(pk=team.pk).update(leader=child)
    assert "欧阳" not in Client().get(f"/volunteer/teams/{team.pk}/").content.decode()


def test_a_team_that_ended_takes_nobody(cast: Cast) -> None:
    here = cast.chengxiang
    team, who = team_in(here), registered(here)
    join_team(pk=team.pk, by=who.user)
    close_team(pk=team.pk, by=fresh(here.worker), version=team.version)
    with pytest.raises(RuleBroken):
        close_team(pk=team.pk, by=fresh(here.worker), version=None)
    with pytest.raises(NotFound):
        join_team(pk=team.pk, by=registered(here).user)
    assert Client().get(f"/volunteer/teams/{team.pk}/").status_code == 404


def test_the_database_keeps_one_place_in_a_team_for_one_person(cast: Cast) -> None:
    member = join_team(pk=team_in(cast.chengxiang).pk, by=registered(cast.chengxiang).user)
    with pytest.raises(IntegrityError, match="teammember_once"), transaction.atomic():
        TeamMember.objects.create(team=member.team, volunteer=member.volunteer)


def test_the_pages_show_leaders_masked_and_members_to_the_leader_alone(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief = team_in(here, pledge=PLEDGE), registered(here, name="欧阳小河", shows=True)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    visitor = Client().get(f"/volunteer/teams/{team.pk}/").content.decode()
    assert "欧阳**" in visitor and "欧阳小河" not in visitor and PLEDGE in visitor
    assert "欧阳**" in Client().get("/volunteer/teams/").content.decode()
    assert "欧阳小河" in browser_of(chief.user).get(f"/volunteer/teams/{team.pk}/").content.decode()
    Volunteer.objects.filter(pk=chief.pk).update(shows=False)
    for url in (f"/volunteer/teams/{team.pk}/", "/volunteer/teams/"):
        assert "欧阳" not in Client().get(url).content.decode(), "nobody is named who did not agree"
    browser = browser_of(registered(here).user)
    joined = browser.post(f"/volunteer/teams/{team.pk}/join/", follow=True)
    assert "责任保证书" in joined.content.decode()
    pledge = f"/volunteer/teams/{team.pk}/pledge/"
    assert browser.post(pledge, {"words": PLEDGE, "agreed": "on", "name": "别人"}).status_code == 422
    assert browser.post(pledge, {"words": PLEDGE, "agreed": "on", "name": NAME}).status_code == 302
    assert "您在队里" in browser.get(f"/volunteer/teams/{team.pk}/").content.decode()


def test_whoever_is_asked_is_in_no_team_and_has_no_name_until_they_say_yes(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief, who = team_in(here, is_open=False), registered(here), registered(here, name="欧阳小河")
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    take_in(pk=team.pk, by=chief.user, version=None, number=who.number)
    page = f"/volunteer/teams/{team.pk}/"
    seen = browser_of(chief.user).get(page).content.decode()
    assert who.number in seen and "欧阳**" in seen and "欧阳小河" not in seen
    invited = browser_of(who.user)
    assert "队里请您加入" in invited.get(page).content.decode()
    invited.post(f"{page}leave/")
    assert who.number not in browser_of(chief.user).get(page).content.decode(), "one may say no"
    take_in(pk=team.pk, by=chief.user, version=None, number=who.number)
    invited.post(f"{page}join/")
    assert "欧阳小河" in browser_of(chief.user).get(page).content.decode()


def test_numbers_are_not_tried_without_end(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief = team_in(here), registered(here)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    for _n in range(NUMBERS):
        with pytest.raises(Invalid):
            take_in(pk=team.pk, by=chief.user, version=None, number="YG-CX-1")
    with pytest.raises(TooMany):
        take_in(pk=team.pk, by=chief.user, version=None, number=registered(here).number)


def test_who_may_let_somebody_go_is_asked_of_the_team_as_it_is_then(cast: Cast) -> None:
    here = cast.chengxiang
    team, chief, who = team_in(here), registered(here), registered(here)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    member = join_team(pk=team.pk, by=who.user)
    own = TeamMember.objects.live().get(volunteer=chief)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=who.number)
    with pytest.raises(NotFound):
        let_go(pk=member.pk, by=chief.user)
    with pytest.raises(NotAllowed):  # who was let in just before the other leader was named
        belonging._end(member.pk, who.pk, team.pk, chief.user, verb="people")
    let_go(pk=own.pk, by=who.user)
