"""联盟登记 on the workbench: what waits for whoever keeps a street's register, and for nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import BodyKind, Membership
from members.services import create_unit, join_alliance
from members.services.bodies import create_body
from members.services.documents import create_document, publish_version
from members.services.duplicates import possible_duplicates
from members.services.keeping import to_keep
from members.services.placing import Cell, Move, place_members
from members.services.receipts import mark_seen
from members.services.seat_offers import offer_seat, withdraw_seat_offer
from members.states import DocumentKind, UnitKind
from people.models import User
from tests.cast import browser_of
from tests.members.conftest import Side, Twins, person

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")


def _page(user: User) -> str:
    response: Any = browser_of(user).get(INDEX)
    return str(response.content.decode())


def _charter(side: Side) -> Any:
    return create_document(alliance=side.alliance, by=side.clerk, kind=DocumentKind.CHARTER, title="章程", text="一")


def test_offers_without_answer(twins: Twins) -> None:
    here = twins.here
    assert "都理好了" in _page(here.clerk)
    other = create_unit(name="嘉街道小学", kind=UnitKind.SCHOOL, area=here.community, by=None, alliance=here.alliance)
    offer = offer_seat(unit_id=other.pk, by=here.clerk, name="钱进", phone="13900000001", title="", words="")
    assert to_keep(here.clerk).offers == 1
    page = _page(here.clerk)
    link = re.search(r'href="([^"]+)"><span>1位联络员还没答复邀请', page)
    assert "都理好了" not in page and link
    desk = browser_of(here.clerk)
    asked = reverse("admin:members_seatoffer_changelist")
    assert "钱进" not in desk.get(asked + "?tab=taken").content.decode(), "control"
    assert "钱进" in desk.get(link[1]).content.decode()
    withdraw_seat_offer(pk=offer.pk, by=here.clerk)
    assert to_keep(here.clerk).offers == 0


def test_the_workbench_leads_to_possible_duplicates_and_compares_no_names(
    twins: Twins,
) -> None:
    here, address = twins.here, reverse("admin:members_duplicates")
    with CaptureQueriesContext(connection) as few:
        assert f'<a class="whole" href="{address}">' in _page(here.clerk).split("联盟登记")[1]
    for number in range(3):
        create_unit(name=f"甲街道小学{number}", kind=UnitKind.SCHOOL, area=here.community, by=None)
    with CaptureQueriesContext(connection) as many:
        _page(here.clerk)
    assert len(many) == len(few) and not [row for row in many if "members_distinct" in row["sql"]]
    with CaptureQueriesContext(connection) as asked:
        browser_of(here.clerk).get(address)
    assert [row for row in asked if "members_distinct" in row["sql"]], "control"


def test_pairs_that_only_another_street_may_settle_are_asked_of_nobody_here(twins: Twins) -> None:
    for name in ("乙街道第一小学", "乙街道 第一小学"):
        unit = create_unit(name=name, kind=UnitKind.SCHOOL, area=twins.there.street, by=None)
        join_alliance(alliance=twins.here.alliance, unit=unit, by=None)
    assert possible_duplicates(twins.here.clerk) == []
    assert len(possible_duplicates(twins.there.clerk)) == 1


def test_a_draft_waits_until_it_is_published_and_then_those_who_have_not_read_it(twins: Twins) -> None:
    here = twins.here
    version = _charter(here)
    waits = to_keep(here.clerk)
    assert [one.title for one in waits.drafts] == ["章程"] and waits.unread == []
    publish_version(pk=version.pk, by=here.clerk)
    waits = to_keep(here.clerk)
    assert waits.drafts == [] and [(one.title, n) for one, n in waits.unread] == [("章程", 2)]
    assert reverse("admin:members_document_change", args=[version.document_id]) in _page(here.clerk)
    liaison = person("liaison", None, None)
    here.unit.seats.create(user=liaison)
    mark_seen(version_pk=version.pk, unit_id=here.unit.pk, by=liaison)
    assert [n for _one, n in to_keep(here.clerk).unread] == [1]


def test_who_stands_in_no_group_is_counted_where_there_are_groups(twins: Twins) -> None:
    here = twins.here
    assert to_keep(here.clerk).unplaced == []
    kind = BodyKind.objects.get(key="group")
    group = create_body(kind=kind, name="民生服务", area=here.street, alliance=here.alliance, by=here.clerk)
    assert to_keep(here.clerk).unplaced == [(here.alliance, 2)]
    member = Membership.objects.get(alliance=here.alliance, unit=here.unit)
    place_members(alliance=here.alliance.pk, moves=[Move(member.pk, Cell(), Cell(group.pk, None))], by=here.clerk)
    assert to_keep(here.clerk).unplaced == [(here.alliance, 1)]


def test_nobody_else_is_told_and_nothing_of_another_street(twins: Twins) -> None:
    _charter(twins.there)
    assert to_keep(twins.here.clerk).drafts == [] and "都理好了" in _page(twins.here.clerk)
    assert [one.title for one in to_keep(twins.there.clerk).drafts] == ["章程"]
    for other in (twins.here.worker, twins.here.administrator):
        assert "联盟登记" not in _page(other)
