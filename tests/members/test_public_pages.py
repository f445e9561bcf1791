"""Public pages and the public API: who did not agree is nowhere, and of who did only what they agreed to."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from members.models import (
    BodySeat,
    MemberUnit,
    Tag,
)
from members.states import Shown, UnitKind
from tests.members.conftest import Twins
from tests.members.showing import HIDDEN, NAME, PARTS, Place, addresses, make_body, place, read

__all__ = ["place"]


@pytest.mark.django_db
def test_a_unit_that_did_not_agree_is_nowhere(client: Client, place: Place) -> None:
    for address, (text, _etag) in read(client, place).items():
        # What was typed into the search stands in its field again: that is the visitor's word, not ours.
        assert HIDDEN not in text, address
        assert f"/units/{place.hidden.pk}/" not in text, address
    for address in (f"/units/{place.hidden.pk}/", f"/api/v1/public/units/{place.hidden.pk}/"):
        assert client.get(address).status_code == 404
        nowhere = client.get(address.replace(str(place.hidden.pk), "987654"))
        assert nowhere.status_code == 404


@pytest.mark.django_db
def test_control_with_its_consent_it_stands_everywhere(client: Client, place: Place) -> None:
    MemberUnit.objects.filter(pk=place.hidden.pk).update(is_public=True)
    texts = {address: text for address, (text, _etag) in read(client, place).items()}
    where = [address for address, text in texts.items() if HIDDEN in text]
    assert len(where) >= 8, where
    assert client.get(f"/units/{place.hidden.pk}/").status_code == 200
    assert client.get(f"/api/v1/public/units/{place.hidden.pk}/").status_code == 200


@pytest.mark.django_db
def test_nothing_told_changes_with_a_unit_that_is_not_shown(client: Client, place: Place) -> None:
    """Neither counts nor the ETag of an answer: what is left out cannot be told from what is there."""
    api = [address for address in addresses(place) if address.startswith("/api/")]
    before = {address: client.get(address) for address in api}
    assert all(response.headers["ETag"] for response in before.values())
    MemberUnit.objects.filter(pk=place.hidden.pk).update(name="换了名字", kind=UnitKind.SCHOOL, intro="换了")
    place.hidden.memberships.get().placements.all().delete()
    for address, response in before.items():
        again = client.get(address)
        assert (again.content, again.headers["ETag"]) == (response.content, response.headers["ETag"]), address
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_control_the_etag_changes_with_a_unit_that_is_shown(client: Client, place: Place) -> None:
    address = f"/api/v1/public/alliances/{place.alliance.pk}/units/"
    before = client.get(address).headers["ETag"]
    MemberUnit.objects.filter(pk=place.shown.pk).update(name="换了名字")
    assert client.get(address).headers["ETag"] != before
    assert client.get(address, headers={"If-None-Match": before}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("part", [None, *Shown])
def test_of_a_unit_only_the_part_it_agreed_to_is_read(client: Client, place: Place, part: Shown | None) -> None:
    MemberUnit.objects.filter(pk=place.shown.pk).update(shows=[part] if part else [])
    pages = [f"/units/{place.shown.pk}/", f"/api/v1/public/units/{place.shown.pk}/"]
    lists = [f"/alliance/{place.alliance.pk}/units/", f"/api/v1/public/alliances/{place.alliance.pk}/units/"]
    for address in pages + lists:
        text = client.get(address).content.decode()
        assert NAME in text, address
        told = {one for one, words in PARTS.items() if words in text}
        assert told <= {part}, (address, told)
        if address in pages:
            assert told == ({part} if part else set()), (address, told)


@pytest.mark.django_db
def test_a_tag_finds_only_units_that_show_their_tags(client: Client, place: Place) -> None:
    tag, address = Tag.objects.get(), f"/alliance/{place.alliance.pk}/units/"
    assert NAME not in client.get(f"{address}?tag={tag.pk}").content.decode()
    assert PARTS[Shown.TAGS] not in client.get(address).content.decode()
    MemberUnit.objects.filter(pk=place.shown.pk).update(shows=[Shown.TAGS])
    found = client.get(f"{address}?tag={tag.pk}").content.decode()
    assert NAME in found
    assert HIDDEN not in found


@pytest.mark.django_db
def test_a_person_is_named_only_who_agreed_and_a_unit_likewise(client: Client, twins: Twins, place: Place) -> None:
    body = make_body(twins, "", "智库团")
    for holder in (
        {"name": "演示甲", "title": "退休工程师", "is_public": True},
        {"name": "演示乙", "title": "不公开的专家"},
        {"unit": place.hidden},
        {"unit": place.hidden, "name": "演示丙", "title": f"{HIDDEN}经理", "is_public": True},
        {"unit": place.shown, "name": "演示丁"},
        {"name": "演示戊", "is_public": True, "ends_on": timezone.localdate(), "starts_on": "2020-01-01"},
    ):
        BodySeat.objects.create(**{"body": body, "role": "成员", **holder})
    make_body(twins, "", "内部小组", is_public=False)
    for address in (f"/alliance/{place.alliance.pk}/", f"/api/v1/public/alliances/{place.alliance.pk}/"):
        text = client.get(address).content.decode()
        for word in ("演示甲", "退休工程师", "演示丙", NAME, "智库团"):
            assert word in text, (address, word)
        for word in ("演示乙", "不公开的专家", HIDDEN, "演示丁", "演示戊", "内部小组"):
            assert word not in text, (address, word)
