"""文件送达: for whoever keeps the alliance; of newest versions; taken along with masked names."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from alliance.lib.listing import Chosen, Reading
from members.listings.receipts import RECEIPTS
from members.models import Alliance, Membership, Receipt
from members.services import create_unit, join_alliance, leave_alliance, seat_liaison
from members.services.documents import create_document, publish_version, save_draft
from members.services.merging import merge_units
from members.services.receipts import mark_seen, readings
from people.models import User
from people.states import Role
from tests.cast import api_of, browser_of
from tests.members.conftest import Side, Twins, person

pytestmark = pytest.mark.django_db
PAGE = "/admin/members/receipt/"


@pytest.fixture
def delivered(twins: Twins) -> Twins:
    for side in (twins.here, twins.there):
        _deliver(side)
    return twins


def _deliver(side: Side, alliance: Alliance | None = None, title: str = "章程") -> None:
    alliance = alliance or side.alliance
    for name in ("一", "二"):
        unit = create_unit(name=f"{side.street.name}{title}{name}店", kind="other", area=side.street, by=None)
        join_alliance(alliance=alliance, unit=unit, by=None)
    first = create_document(alliance=alliance, by=None, kind="charter", title=title, text="一")
    publish_version(pk=first.pk, by=None)
    second = save_draft(document_pk=first.document_id, by=None, text="二", change="改了")
    publish_version(pk=second.pk, by=None)
    reader = person(f"reader{alliance.pk}", None, None)
    User.objects.filter(pk=reader.pk).update(name="欧阳明")
    reader.refresh_from_db()
    seat_liaison(unit=unit, user=reader, by=None)
    mark_seen(version_pk=second.pk, unit_id=unit.pk, by=reader)


def _shown(user: User, **chosen: Any) -> list[tuple[str, int]]:
    rows = Reading(RECEIPTS, user, Chosen(**chosen)).rows()
    return [(row.unit.name, row.version.number) for row in rows]


def test_a_keeper_sees_who_has_seen_the_newest_version_and_who_has_not(delivered: Twins) -> None:
    clerk = delivered.here.clerk
    street = delivered.here.street.name
    assert (f"{street}章程二店", 2) in _shown(clerk, tab="seen") and len(_shown(clerk, tab="seen")) == 1
    assert (f"{street}章程一店", 2) in _shown(clerk)
    every = _shown(clerk, tab="all")
    units = {f"{street}章程一店", f"{street}章程二店", "甲街道小学", "某某区图书馆"}
    assert {name for name, _version in every} == units and {version for _name, version in every} == {2}
    assert _shown(clerk, tab="all", q="章程一店") == [(f"{street}章程一店", 2)]
    page = browser_of(clerk).get(f"{PAGE}?tab=seen").content.decode()
    assert "欧阳*" in page and "欧阳明" not in page and delivered.there.street.name not in page


def test_a_community_sees_its_own_sub_alliance_and_not_the_street_s(delivered: Twins) -> None:
    here = delivered.here
    own = Alliance.objects.create(area=here.community, parent=here.alliance, name="社区子联盟")
    _deliver(here, own, "约定")
    worker = person("shegong", Role.COMMUNITY_STAFF, here.community)
    assert {name for name, _v in _shown(worker, tab="all")} == {f"{here.street.name}约定{n}店" for n in "一二"}
    assert len(_shown(here.clerk, tab="all")) > 2


def test_nobody_else_opens_it(delivered: Twins) -> None:
    here = delivered.here
    for name, role, area in (("a", Role.SYSTEM_ADMIN, here.street), ("b", Role.GRID_LEAD, here.community)):
        assert browser_of(person(name, role, area)).get(PAGE).status_code == 403
    seat = Receipt.objects.exclude(seen_by=None).first()
    assert seat is not None and seat.seen_by is not None
    assert browser_of(seat.seen_by).get(PAGE).status_code == 302


def test_it_is_taken_along_as_a_file_like_every_list(delivered: Twins) -> None:
    page = browser_of(delivered.here.clerk).get(PAGE + "?tab=all").content.decode()
    assert reverse("admin:transfers_export_new") in page and 'value="members.receipts"' in page
    column = RECEIPTS.column("reader")
    assert column is not None and column.open_value is not None
    row = Reading(RECEIPTS, delivered.here.clerk, Chosen(tab="seen")).rows()[0]
    assert column.cell(row) == "欧阳*"
    assert column.open_value(row, delivered.here.clerk) == "欧阳明"
    assert column.open_value(row, delivered.there.clerk) == "欧阳*"


def test_who_has_nobody_to_read_it_is_counted_and_named(delivered: Twins) -> None:
    clerk, street = delivered.here.clerk, delivered.here.street.name
    document = delivered.here.alliance.documents.get()
    page = browser_of(clerk).get(f"/admin/members/document/{document.pk}/change/").content.decode()
    assert "送达4家，其中3家没有联络员" in page
    link = f"{PAGE}?document={document.pk}&amp;tab=unseen&amp;liaison=no"
    assert link in page
    rows = browser_of(clerk).get(link.replace("&amp;", "&")).content.decode()
    assert f"{street}章程一店" in rows and f"{street}章程二店" not in rows


def test_a_unit_that_left_is_not_counted_any_more(delivered: Twins) -> None:
    clerk, street = delivered.here.clerk, delivered.here.street.name
    for name in ("章程一店", "章程二店"):
        membership = Membership.objects.get(unit__name=f"{street}{name}")
        leave_alliance(pk=membership.pk, by=clerk)
    every = {name for name, _version in _shown(clerk, tab="all")}
    assert f"{street}章程一店" not in every and f"{street}章程二店" in every  # it has read it


def test_units_that_were_made_one_are_one_reader(twins: Twins) -> None:
    here, reader = twins.here, person("reader", None, None)
    double = create_unit(name="甲街小", kind="school", area=here.community, by=None, alliance=here.alliance)
    version = create_document(alliance=here.alliance, by=None, kind="charter", title="章程", text="一")
    publish_version(pk=version.pk, by=None)
    for unit in (here.unit, double):
        seat_liaison(unit=unit, user=reader, by=None)
        mark_seen(version_pk=version.pk, unit_id=unit.pk, by=reader)
    merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    address = f"/api/v1/documents/{version.document_id}/receipts/"
    names = sorted(row["unit_name"] for row in api_of(here.clerk).get(address).json()["results"])
    assert names == sorted(name for name, _version in _shown(here.clerk, tab="all")) == ["某某区图书馆", "甲街道小学"]
    (found,) = readings([version.pk]).values()
    assert (found.delivered, found.seen) == (2, 1)
