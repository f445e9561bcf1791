"""Volunteers over the API: registered once, in a team, with hours; a certificate checked."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from tests.cast import Cast, api_of, fresh
from tests.volunteers.givers import PLEDGE, person, registered, team_in, worked
from volunteers.defaults import load_defaults
from volunteers.services.certificates import issue_certificate
from volunteers.services.teams import name_leader

OWN, TEAMS = "/api/v1/volunteer/", "/api/v1/volunteer-teams/"


def test_a_script_registers_its_owner_once(cast: Cast) -> None:
    load_defaults()
    script, here = api_of(person()), cast.chengxiang
    assert script.get(OWN).status_code == 404
    typed = {"client_key": str(uuid4()), "name": "刘小河", "area": here.home.pk, "notice_version": 1}
    refused = script.post(OWN, {**typed, "consented": False, "born": "2016-05"}, format="json")
    assert refused.status_code == 400 and set(refused.json()["fields"]) >= {"consent", "guardian_name"}
    made = script.post(OWN, {**typed, "consented": True}, format="json")
    assert made.status_code == 201 and made.json()["state"] == "active"
    again = script.post(OWN, {**typed, "consented": True}, format="json")
    assert again.status_code == 200 and again.json()["number"] == made.json()["number"]
    other = script.post(OWN, {**typed, "consented": True, "client_key": str(uuid4())}, format="json")
    assert other.status_code == 409


def test_teams_are_listed_masked_and_joined(cast: Cast) -> None:
    here = cast.chengxiang
    team, row = team_in(here, pledge=PLEDGE), registered(here)
    chief = registered(here, name="欧阳小河", shows=True)
    name_leader(pk=team.pk, by=fresh(here.worker), version=None, number=chief.number)
    script = api_of(row.user)
    listed = script.get(f"{TEAMS}?street={here.street.pk}&kind=neighbours").json()["results"]
    assert [(one["name"], one["leader"], one["people"]) for one in listed] == [(team.name, "欧阳**", 1)]
    assert script.get(f"{TEAMS}?street={cast.xiasha.street.pk}").json()["results"] == []
    places = [script.post(f"{TEAMS}{team.pk}/join/", {}, format="json") for _tap in range(2)]
    assert [one.status_code for one in places] == [200, 200] and places[0].json() == places[1].json()
    assert api_of(person()).post(f"{TEAMS}{team.pk}/join/", {}, format="json").status_code == 409


def test_hours_stand_in_ones_own_and_a_certificate_is_checked(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = registered(here)
    worked(row.user, here, minutes=90)
    own = api_of(row.user).get(OWN).json()
    assert (own["hours"], own["days"], own["stars"]) == (1.5, 1, 0)
    paper = issue_certificate(by=row.user, client_key=uuid4(), starts_on=today, ends_on=today)
    check, asks = "/api/v1/volunteer-certificates/check/", {"number": paper.number, "code": paper.code}
    found = api_of(fresh(here.clerk)).post(check, asks, format="json").json()
    assert (found["name"], found["hours"], found["corrected"]) == ("刘*河", 1.5, False)
    wrong = api_of(fresh(here.clerk)).post(check, {**asks, "code": "AAAA"}, format="json")
    assert wrong.status_code == 400
