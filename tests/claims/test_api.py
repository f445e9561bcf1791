"""Offers and claims over the API: shapes, pages, refusals, and who sees what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim, Offer
from claims.permissions import offer_abilities
from claims.services import units_for
from claims.states import ClaimState
from tests.cast import Cast, api_of, fresh, resident
from tests.claims.things import alliance_of, another_unit, claim_by, offer_in, unit_of, units_claim

STEPS = ("send", "deliver", "confirm", "not-there", "return", "release")


def _claim(caller: Any, offer: Offer, **said: Any) -> Any:
    body = {"client_key": str(uuid4()), **said}
    return api_of(caller).post(f"/api/v1/offers/{offer.pk}/claim/", body, format="json")


def _step(person: Any, claim: int, step: str, **said: Any) -> Any:
    return api_of(person).post(f"/api/v1/claims/{claim}/{step}/", said, format="json")


def test_the_whole_way(cast: Cast) -> None:
    alliance_of(cast.chengxiang)
    offer, unit = offer_in(cast.chengxiang.home), unit_of(cast.chengxiang)
    listed = api_of(cast.chengxiang.liaison).get("/api/v1/offers/").json()["results"]
    assert [(row["id"], row["left"], row["area_name"]) for row in listed] == [(offer.pk, 1, "万寿桥社区")]
    made = _claim(cast.chengxiang.liaison, offer, unit=unit.pk)
    assert (made.status_code, made.json()["state"], made.json()["version"]) == (201, "claimed", 1)
    assert (made.json()["unit"], made.json()["claimer"]) == (unit.pk, unit.name)
    assert api_of(cast.chengxiang.liaison).get("/api/v1/offers/").json()["results"] == []
    pk = made.json()["id"]
    assert _step(cast.chengxiang.liaison, pk, "send", version=1).json()["state"] == "delivering"
    assert _step(cast.chengxiang.liaison, pk, "deliver", version=2, note="交给李伯了").json()["state"] == "awaiting"
    mine = api_of(cast.chengxiang.liaison).get("/api/v1/claims/").json()["results"][0]
    assert (mine["claimer"], mine["abilities"], mine["unit"]) == (str(unit), [], unit.pk)
    theirs = api_of(cast.chengxiang.worker).get("/api/v1/claims/?state=awaiting&kind=thing").json()["results"][0]
    assert theirs["abilities"] == ["confirm", "not_there"]
    done = _step(cast.chengxiang.worker, pk, "confirm", version=3)
    assert (done.status_code, done.json()["state"], done.json()["abilities"]) == (200, "completed", [])


def test_a_second_tap_is_200_and_the_same_claim(cast: Cast) -> None:
    offer, key, person = offer_in(cast.chengxiang.home), str(uuid4()), resident("13812345678")
    first, again = (_claim(person, offer, client_key=key) for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["unit"], first.json()["claimer"]) == (None, person.name)


@pytest.mark.parametrize("name", ["unit_id", "for_unit", "person"])
def test_a_slip_of_the_pen_claims_nothing(cast: Cast, name: str) -> None:
    """``unit_id`` for ``unit`` used to make a claim in person."""
    alliance_of(cast.chengxiang)
    unit = unit_of(cast.chengxiang)
    answer = _claim(cast.chengxiang.liaison, offer_in(cast.chengxiang.home), **{name: unit.pk})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {name})
    assert not Claim.objects.exists()


def test_refusals_have_a_code_and_a_sentence(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    other, its_liaison = another_unit(cast.chengxiang)
    lost = _claim(its_liaison, offer, unit=other.pk)
    assert (lost.status_code, lost.json()["code"]) == (409, "rule_broken") and "已被别的单位认领" in lost.json()[
        "message"
    ]
    assert _claim(cast.xiasha.worker, offer).status_code == 404
    assert _claim(its_liaison, offer, unit=claim.unit_id).status_code == 403
    assert _claim(None, offer).status_code == 401
    assert _step(cast.chengxiang.liaison, claim.pk, "send", version=9).json()["code"] == "conflict"
    wanting = _step(cast.chengxiang.liaison, claim.pk, "return", version=1)
    assert wanting.status_code == 400 and wanting.json()["fields"]["note"]
    assert _step(cast.chengxiang.liaison, claim.pk, "confirm", version=1).status_code == 409
    _step(cast.chengxiang.liaison, claim.pk, "deliver", version=1)
    assert _step(cast.chengxiang.liaison, claim.pk, "confirm", version=2).status_code == 403
    for step in STEPS:
        assert _step(cast.xiasha.worker, claim.pk, step, version=1).status_code == 404
        assert _step(its_liaison, claim.pk, step, version=1).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{"client_key": "7"}, {"client_key": None}, {"unit": "x"}, {"unit": -1}, {"unit": 10**12}, {"unit": [1]}],
)
def test_nonsense_is_400(cast: Cast, said: dict[str, Any]) -> None:
    answer = _claim(cast.chengxiang.worker, offer_in(cast.chengxiang.home), **said)
    assert answer.status_code == 400 and answer.json()["fields"]
    assert not Claim.objects.exists()


def test_fields_nobody_asked_for_are_left_alone_even_where_a_body_is_not_checked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alliance.lib.api._unknown", lambda _shape, _data: {})
    offer = offer_in(cast.chengxiang.home)
    more = {"state": "completed", "person": cast.chengxiang.secretary.pk, "version": 9, "deliver_by": None, "whole": 0}
    made = _claim(cast.chengxiang.worker, offer, **more)
    claim = Claim.objects.get(pk=made.json()["id"])
    assert (claim.state, claim.person, claim.version, claim.whole) == (
        ClaimState.CLAIMED,
        cast.chengxiang.worker,
        1,
        True,
    )


def _offers(person: Any) -> set[int]:
    return {row["id"] for row in api_of(person).get("/api/v1/offers/").json()["results"]}


def test_who_sees_what_is_open(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    alliance_of(here)
    alliance_of(there)
    units, people = offer_in(here.home, for_people=False), offer_in(here.home, for_units=False)
    foreign = offer_in(there.home)
    early = offer_in(here.home, opens_at=timezone.now() + timedelta(hours=1))
    wanted: dict[Any, set[int]] = {
        here.worker: {units.pk, people.pk},
        here.neighbour: {people.pk},
        here.clerk: {units.pk, people.pk},
        here.liaison: {units.pk, people.pk, foreign.pk},
        there.worker: {foreign.pk},
        here.system_admin: set(),
        resident("13812345678"): {people.pk, foreign.pk},
    }
    for person, seen in wanted.items():
        assert _offers(person) == seen, person
    assert Offer.objects.visible_to(fresh(here.worker)).filter(pk=early.pk).exists()
    assert not Offer.objects.visible_to(fresh(there.liaison)).filter(pk=units.pk).exists()


def test_what_may_be_claimed_is_what_a_claim_gets(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    alliance_of(here)
    alliance_of(there)
    kinds = ({"for_people": False}, {"for_units": False}, {"shares": 2})
    offers = [offer_in(street.home, **kind) for street in (here, there) for kind in kinds]
    everybody = [*here.people().values(), *there.people().values(), cast.nobody, resident("13812345678")]
    for person in map(fresh, everybody):
        open_to = set(Offer.objects.for_user(person))
        for offer in offers:
            in_person, units = "claim" in offer_abilities(person, offer), units_for(person, offer)
            assert (offer in open_to) == bool(in_person or units), (person, offer.pk)
            answers = [_claim(person, offer), *(_claim(person, offer, unit=unit.pk) for unit in units)]
            assert (answers[0].status_code in (201, 409)) == in_person, (person, answers[0].json())
            assert all(answer.status_code in (201, 409) for answer in answers[1:])
            Claim.objects.filter(offer=offer, state=ClaimState.CLAIMED).update(
                state=ClaimState.RETURNED, ended_at=timezone.now()
            )
            Offer.objects.filter(pk=offer.pk).update(taken=0)


def test_one_sees_ones_own_claim_of_what_is_closed(cast: Cast) -> None:
    offer, person = offer_in(cast.chengxiang.home, for_units=False), resident("13812345678")
    claim = claim_by(person, offer)
    stranger = resident("13912345678")
    assert set(Claim.objects.visible_to(fresh(person))) == {claim}
    assert not Claim.objects.visible_to(fresh(stranger)).exists()
    Offer.objects.filter(pk=offer.pk).update(state="closed", ending="lapsed", ended_at=timezone.now())
    assert Offer.objects.visible_to(fresh(person)).filter(pk=offer.pk).exists()
    assert not Offer.objects.visible_to(fresh(stranger)).filter(pk=offer.pk).exists()


def test_pages_follow_one_another_and_their_queries_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    alliance_of(cast.chengxiang)
    for _n in range(30):
        claim_by(cast.chengxiang.liaison, offer_in(cast.chengxiang.home, shares=2), unit_of(cast.chengxiang))
    client = api_of(cast.chengxiang.worker)
    for path in ("/api/v1/claims/", "/api/v1/offers/"):
        with django_assert_max_num_queries(5):
            first = client.get(path).json()
        second = client.get(path, {"cursor": first["next"]}).json()
        ids = [row["id"] for row in first["results"] + second["results"]]
        assert (len(first["results"]), len(ids), second["next"]) == (25, 30, "")
        assert ids == sorted(ids, reverse=True)


def test_a_claim_takes_few_statements(cast: Cast, django_assert_num_queries: Any) -> None:
    """Token, savepoint, the one statement, its dues. A hot write that grows unnoticed is slow before anybody looks."""
    alliance_of(cast.chengxiang)
    offer, unit = offer_in(cast.chengxiang.home), unit_of(cast.chengxiang)
    client = api_of(cast.chengxiang.liaison)
    body = {"client_key": str(uuid4()), "unit": unit.pk}
    with django_assert_num_queries(5) as seen:
        client.post(f"/api/v1/offers/{offer.pk}/claim/", body, format="json")
    assert isinstance(seen, CaptureQueriesContext)
