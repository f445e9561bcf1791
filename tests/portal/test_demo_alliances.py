"""The demo's alliances stand as they were reported, and whatever is invented says so."""

from __future__ import annotations

from collections import Counter

import pytest

from members.defaults import load_body_kinds
from members.models import (
    Alliance,
    Body,
    BodySeat,
    Brand,
    Building,
    DocumentVersion,
    Figure,
    Liaison,
    MemberUnit,
    PartyOrganisation,
    Placement,
)
from members.services.receipts import readings, unread_count
from people.models import Area
from portal.demo import alliance_data as data
from portal.demo import alliances, cast, loading, papers


@pytest.fixture
def demo(db: None) -> None:
    load_body_kinds()
    loading.load_areas()
    alliances.load_alliances()
    papers.load_documents()


@pytest.mark.usefixtures("demo")
def test_the_alliances_stand_as_reported() -> None:
    _members_and_figures()
    _the_matrix_has_no_empty_cell()
    _eight_grids_each_with_three_parties()
    _what_is_invented_says_so()
    _documents_are_half_read()


def _members_and_figures() -> None:
    at_streets = Alliance.objects.filter(parent=None)
    assert {one.area.name for one in at_streets} == {"城厢街道", "下沙街道", "北山街道", "西兴街道"}
    assert Alliance.objects.filter(parent__brand="聚沙").count() == 20
    assert Area.objects.filter(parent=cast.XIASHA, name__endswith="社区").count() == 21
    assert data.XS_LEFT_OUT in Figure.objects.get(label="社区子联盟").source
    assert not Alliance.objects.filter(area__name=data.XS_LEFT_OUT).exists()
    published = {name for name, _kind in (*cast.UNITS, cast.BARBER, data.CX_TWIN, *data.CX_PARTIES)}
    assert set(MemberUnit.objects.members_in(cast.CHENGXIANG).values_list("name", flat=True)) == published
    assert len(published) == 25 + 1 + 4
    for one in at_streets:
        assert one.figures.exists()
    assert all("报道" in source and "示例" in source for source in Figure.objects.values_list("source", flat=True))


def _the_matrix_has_no_empty_cell() -> None:
    cells = Counter(Placement.objects.active().values_list("group__name", "zone__name"))
    assert (len(cells), sum(cells.values())) == (4 * 7, 104)
    heads = Body.objects.filter(kind__axis__gt="")
    assert all(Counter(body.seats.values_list("role", flat=True)) == {"召集人": 1, "联系人": 1} for body in heads)


def _eight_grids_each_with_three_parties() -> None:
    grids = Area.objects.filter(parent=data.IOT)
    assert grids.count() == 8
    for grid in grids:
        assert PartyOrganisation.objects.filter(area=grid).count() == 1
        assert set(Body.objects.filter(area=grid).values_list("kind__key", flat=True)) == {"building", "property"}
        assert MemberUnit.objects.filter(grid=grid, building__area=grid).count() == 2
    assert Building.objects.count() == 44


def _what_is_invented_says_so() -> None:
    published = {name for name, _kind in (*cast.UNITS, cast.BARBER, data.CX_TWIN, *data.CX_PARTIES, data.XS_UNIT)}
    assert [one.name for one in MemberUnit.objects.exclude(name__in=published) if "演示" not in one.name] == []
    assert [seat.name for seat in BodySeat.objects.exclude(name="") if "演示" not in seat.name] == []
    assert Brand.objects.count() == len(data.BS_BRANDS)
    assert not Area.objects.served().filter(code__startswith=cast.BEISHAN).exists()
    assert not Area.objects.served().filter(code__startswith=data.XIXING).exists()


def _documents_are_half_read() -> None:
    """Delivered to every unit; some have seen them, some have not, and one nobody has."""
    versions = DocumentVersion.objects.select_related("document__alliance").order_by("pk")
    assert all("演示" in version.document.title and version.published_at for version in versions)
    assert {version.document.alliance.area_id for version in versions} == {cast.BEISHAN, cast.CHENGXIANG}
    found = [readings([version.pk])[version.pk] for version in versions]
    assert [(one.delivered, one.seen) for one in found] == [(104, 14), (104, 7), (104, 0), (30, 1), (30, 0)]
    assert unread_count(Liaison.objects.get(user__username="lianluo1").unit_id) == 1
