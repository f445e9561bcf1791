"""What the pages could do alone before: change a wish, see a household, answer as a unit, 收到了, photos."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from claims import services as claims
from files.models import Attachment
from files.services import attachments
from needs.models import Need, Wish, WishPolicy
from needs.services.units import unit_photos
from needs.states import State
from notifications.models import Message
from people.models import User
from tests.api.calls import post, problem
from tests.cast import Cast, api_of, fresh, resident, say_need
from tests.claims.things import units_claim
from tests.desk.asking import asked
from tests.desk.asking import errand as errand_of
from tests.files.pictures import SVG, photo, upload
from tests.needs.wishing import CANARIES, published, typed, verified

pytestmark = pytest.mark.django_db

API = "/api/v1/"


def _sent(person: User, key: Any, data: bytes | None = None, name: str = "门口.jpg") -> Any:
    body = {"hold_key": str(key), "photo": upload(data or photo(), name)}
    return api_of(person).post(f"{API}photos/", body, format="multipart")


def test_a_wish_is_changed_before_it_is_published_and_verified_again(cast: Cast) -> None:
    wish = verified(cast.chengxiang)
    path, worker = f"{API}wishes/{wish.pk}/edit/", api_of(cast.chengxiang.worker)
    public = {name: value for name, value in typed(item="一件厚外套").items() if name not in CANARIES}
    told = post(worker, path, {**public, "version": wish.version})
    assert told.status_code == 200, told.content
    assert (told.json()["item"], told.json()["verified_by"]) == ("一件厚外套", None)
    assert Wish.objects.get(pk=wish.pk).household == CANARIES["household"], "nothing typed, nothing lost"
    problem(post(worker, path, {**public, "version": wish.version}), 409, "conflict")
    now = told.json()["version"]
    assert "500" in str(problem(post(worker, path, {**public, "cap_yuan": 501, "version": now}), 400, "invalid"))
    problem(post(api_of(cast.chengxiang.clerk), path, {**public, "version": now}), 403, "not_allowed")
    problem(post(api_of(cast.xiasha.worker), path, {**public, "version": now}), 404, "not_found")
    on_wall = published(cast.chengxiang, item="一副老花镜")
    problem(post(worker, f"{API}wishes/{on_wall.pk}/edit/", {**public, "version": on_wall.version}), 409, "rule_broken")


def test_who_approves_is_set_by_the_party_office_and_read_by_the_street(cast: Cast) -> None:
    here, path = cast.chengxiang, f"{API}wishes/policy/"
    sent = {"street": here.street.pk, "approver": "street"}
    assert post(api_of(here.party_office), path, sent).json() == sent
    assert WishPolicy.objects.approver_of(here.street.pk) == "street"
    assert api_of(here.clerk).get(path).json() == [sent] and api_of(cast.xiasha.clerk).get(path).json() == []
    problem(post(api_of(here.clerk), path, sent), 403, "not_allowed")
    problem(post(api_of(cast.xiasha.party_office), path, sent), 404, "not_found")
    problem(api_of(here.worker).get(path), 403, "not_allowed")


def test_a_household_is_shown_with_a_reason_and_every_look_is_logged(cast: Cast) -> None:
    wish, here = verified(cast.chengxiang), cast.chengxiang
    path = f"{API}wishes/{wish.pk}/household/"
    assert post(api_of(here.worker), path, {}).json() == CANARIES
    assert problem(post(api_of(here.clerk), path, {}), 400, "invalid")["fields"]["reason"]
    assert post(api_of(here.clerk), path, {"reason": "陪同送达"}).json() == CANARIES
    looks = AuditEntry.objects.filter(action="reveal", subject=wish.number).order_by("pk")
    assert [(entry.actor, entry.reason) for entry in looks] == [(here.worker, ""), (here.clerk, "陪同送达")]
    problem(post(api_of(here.leader), path, {"reason": "看看"}), 403, "not_allowed")
    problem(post(api_of(cast.xiasha.worker), path, {"reason": "看看"}), 404, "not_found")
    problem(post(api_of(here.liaison), path, {"reason": "看看"}), 403, "not_allowed")
    assert looks.count() == 2


def test_a_unit_reads_what_it_was_asked_and_says_it_is_done_with_photos(cast: Cast) -> None:
    need = asked(cast.chengxiang, words="灯坏了，打我13800000102", name="赵阿婆")
    liaison = cast.chengxiang.liaison
    (row,) = api_of(liaison).get(f"{API}needs/asked/").json()["results"]
    assert (row["id"], row["unit"]) == (need.pk, need.unit_id)
    assert "13800000102" not in str(row) and "赵阿婆" not in str(row) and need.number not in str(row)
    key = uuid4()
    assert len(_sent(liaison, key).json()["photos"]) == 1
    path, said = f"{API}needs/{need.pk}/report/", {"unit": need.unit_id, "words": "换好了", "hold_key": str(key)}
    problem(post(api_of(cast.xiasha.liaison), path, said), 404, "not_found")
    problem(post(api_of(cast.chengxiang.worker), path, said), 404, "not_found")
    told = post(api_of(liaison), path, said)
    assert (told.status_code, told.json()["said"]) == (200, "report")
    assert Need.objects.get(pk=need.pk).unit is None and len(unit_photos(need)) == 1
    problem(post(api_of(liaison), path, said), 409, "rule_broken")
    assert api_of(liaison).get(f"{API}needs/asked/").json()["results"] == []


def test_a_unit_says_that_it_will_help_and_when(cast: Cast) -> None:
    need, liaison = asked(cast.chengxiang), api_of(cast.chengxiang.liaison)
    path, day = f"{API}needs/{need.pk}/will-help/", (timezone.localdate() + timedelta(days=2)).isoformat()
    said = {"unit": need.unit_id, "words": "派两位师傅来", "comes_on": day}
    problem(post(api_of(cast.xiasha.liaison), path, said), 404, "not_found")
    assert problem(post(liaison, path, {**said, "comes_on": "2020-01-01"}), 400, "invalid")["fields"]["comes_on"]
    assert post(liaison, path, said).json()["said"] == "will_help"
    (row,) = liaison.get(f"{API}needs/asked/").json()["results"]
    assert (row["said"], row["comes_on"]) == ("派两位师傅来", day)
    read = api_of(cast.chengxiang.worker).get(f"{API}needs/{need.pk}/").json()
    assert (read["unit_said"], read["unit_comes_on"]) == ("派两位师傅来", day)
    told = post(api_of(None), f"{API}needs/track/", {"number": need.number, "code": need.shown_code})
    assert told.status_code == 200 and "师傅" not in told.content.decode()


def test_a_unit_says_it_cannot_help_and_why(cast: Cast) -> None:
    need, liaison = asked(cast.chengxiang), api_of(cast.chengxiang.liaison)
    path = f"{API}needs/{need.pk}/hand-back/"
    assert problem(post(liaison, path, {"unit": need.unit_id, "why": " "}), 400, "invalid")["fields"]["why"]
    assert post(liaison, path, {"unit": need.unit_id, "why": "师傅都出差了"}).json()["said"] == "hand_back"
    assert Need.objects.get(pk=need.pk).unit is None
    assert Message.objects.filter(rule="needs.NeedUnitCannot").exists()


def test_the_resident_says_it_arrived_with_number_and_code(cast: Cast) -> None:
    errand = errand_of(cast.chengxiang)
    need, runner = errand.need, resident("13900000001")
    path, proof = f"{API}needs/track/received/", {"number": need.number, "code": need.shown_code}
    nobody = api_of(None)
    problem(post(nobody, path, proof), 409, "rule_broken")
    taken = claims.claim_offer(offer_id=errand.offer_id, by=runner, client_key=uuid4())
    claims.deliver(claim_id=taken.pk, by=fresh(runner))
    problem(post(nobody, path, {**proof, "code": say_need(cast.chengxiang.home).shown_code}), 404, "not_found")
    other = f"{API}needs/track/not-there/"
    assert post(nobody, other, proof).json()["headline"] == "您说没收到，志愿者再给您看看"
    claims.deliver(claim_id=taken.pk, by=fresh(runner))
    assert post(nobody, path, proof).json()["state"] == State.TO_ANSWER
    problem(post(nobody, other, proof), 409, "rule_broken")
    problem(post(nobody, path, proof), 409, "rule_broken")


def test_photos_are_sent_first_and_go_with_the_delivery(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    liaison, key = cast.chengxiang.liaison, uuid4()
    for colour in ("seagreen", "navy"):
        held = _sent(liaison, key, photo(colour=colour))
    assert held.status_code == 201 and len(held.json()["photos"]) == 2
    assert _sent(cast.chengxiang.worker, key, photo(colour="gold")).json()["photos"] == [
        {"id": str(Attachment.objects.latest("created_at").pk), "name": "门口.jpg"}
    ], "the same key in other hands is another draft"
    told = post(
        api_of(liaison), f"{API}claims/{claim.pk}/deliver/", {"version": 1, "note": "交给他了", "hold_key": str(key)}
    )
    assert told.json()["state"] == "awaiting"
    assert len(attachments("claim", str(claim.pk))) == 2


def test_what_is_no_photo_is_refused_by_name(cast: Cast) -> None:
    liaison = cast.chengxiang.liaison
    wrong = problem(_sent(liaison, uuid4(), SVG, "门.svg"), 400, "invalid")
    assert "门.svg" in wrong["fields"]["photos"][0]
    problem(api_of(None).post(f"{API}photos/", {}, format="multipart"), 401, "not_authenticated")
    problem(post(api_of(liaison), f"{API}photos/", {}), 415, "unsupported_media_type")
    problem(api_of(liaison).post(f"{API}photos/", {}, format="multipart"), 400, "invalid")
    key = uuid4()
    for number in range(6):
        assert _sent(liaison, key, photo(colour=(40 * number, 0, 0))).status_code == 201
    assert _sent(liaison, key, photo(colour="blue")).status_code == 400
