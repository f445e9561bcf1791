"""Two rows of one unit made one, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.models import (
    Body,
    BodyKind,
    BodySeat,
    Document,
    DocumentVersion,
    Liaison,
    Membership,
    MemberUnit,
    PartyOrganisation,
    Placement,
    Receipt,
    SeatOffer,
    Strength,
    Tag,
    UnitMerge,
)
from members.services import join_alliance, seat_liaison
from members.services.merging import merge_units, preview_merge, undo_merge
from members.services.seat_offers import offer_seat
from members.states import OfferState
from members.uscc import check_character
from tests.cast import browser_of, resident
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def code(number: int) -> str:
    first = f"91330109MA2{number:06}"
    return first + check_character(first)


@pytest.fixture
def double(twins: Twins) -> MemberUnit:
    """甲街道小学 once more, as somebody registered it."""
    return MemberUnit.objects.create(
        name="甲街道 小学", name_key="甲街道 小学", kind="school", area=twins.here.street, pinyin="jia jie dao xiao xue"
    )


def merge(twins: Twins, double: MemberUnit, **typed: Any) -> UnitMerge:
    said: dict[str, Any] = {"kept_id": twins.here.unit.pk, "gone_id": double.pk, "by": twins.here.clerk}
    return merge_units(**{**said, **typed})


def everything(unit: MemberUnit, twins: Twins) -> dict[str, Any]:
    """A row of everything that can be a unit's."""
    here = twins.here
    membership = join_alliance(alliance=here.alliance, unit=unit, by=None, joined_on=date(2019, 1, 1))
    group = BodyKind.objects.filter(axis="group").first() or BodyKind.objects.create(
        key="g", name="界别小组", axis="group", roles=["成员"]
    )
    body = Body.objects.create(kind=group, name="文教组", area=here.street, alliance=here.alliance)
    charter = Document.objects.create(alliance=here.alliance, kind="charter", title="章程")
    version = DocumentVersion.objects.create(document=charter, number=1)
    tag = Tag.objects.create(near="trade", name="教育", area=here.street)
    unit.tags.add(tag)
    seat = seat_liaison(unit=unit, user=resident("13800004444"), by=None, name="何老师")
    return {
        "membership": membership,
        "placement": Placement.objects.create(membership=membership, group=body, starts_on=date(2019, 1, 1)),
        "seat": seat,
        "offer": offer_seat(unit_id=unit.pk, by=here.clerk, name="新人", phone="13900000007", hands_over=seat.pk),
        "strength": Strength.objects.create(unit=unit, kind="service", name="晚托"),
        "body_seat": BodySeat.objects.create(body=body, role="成员", unit=unit),
        "party": PartyOrganisation.objects.create(name="小学党支部", kind="branch", area=here.street, unit=unit),
        "receipt": Receipt.objects.create(version=version, unit=unit),
        "tag": tag,
    }


def test_everything_of_the_one_is_the_others_and_comes_back_when_undone(twins: Twins, double: MemberUnit) -> None:
    kept, rows = twins.here.unit, everything(double, twins)
    own = Membership.objects.get(unit=kept)
    done = merge(twins, double)
    double.refresh_from_db()
    assert double.merged_into == kept
    for name in ("membership", "seat", "offer", "strength", "body_seat", "party", "receipt"):
        rows[name].refresh_from_db()
        assert rows[name].unit_id == kept.pk, name
    # The older membership stands in front of the kept unit's own, and its place in the matrix ends with it.
    rows["placement"].refresh_from_db()
    assert rows["membership"].left_on == rows["placement"].ends_on == own.joined_on
    assert list(kept.tags.all()) == [rows["tag"]]
    entry = AuditEntry.objects.get(action=Action.UNITS_MERGED)
    assert entry.params == {"kept": kept.pk, "gone": double.pk}
    _merge, stays = undo_merge(pk=done.pk, by=twins.here.clerk)
    assert stays == []
    for name in ("membership", "seat", "offer", "strength", "body_seat", "party", "receipt"):
        rows[name].refresh_from_db()
        assert rows[name].unit_id == double.pk, name
    rows["placement"].refresh_from_db()
    double.refresh_from_db()
    assert rows["membership"].left_on is rows["placement"].ends_on is double.merged_into is None
    assert not kept.tags.exists()
    own.refresh_from_db()
    assert (own.unit, own.left_on) == (kept, None)
    with pytest.raises(RuleBroken):
        undo_merge(pk=done.pk, by=twins.here.clerk)


def test_the_preview_says_what_is_done_and_writes_nothing(twins: Twins, double: MemberUnit) -> None:
    everything(double, twins)
    before = list(Membership.objects.order_by("pk").values()), list(Liaison.objects.order_by("pk").values())
    preview = preview_merge(kept_id=twins.here.unit.pk, gone_id=double.pk, by=twins.here.clerk)
    assert before == (list(Membership.objects.order_by("pk").values()), list(Liaison.objects.order_by("pk").values()))
    counts = {str(label): count for label, count in preview.lines}
    assert counts["联盟成员"] == counts["联络员席位"] == counts["党组织"] == counts["收到的文件"] == 1
    done = merge(twins, double, seen=preview.seen)
    assert len(done.moved["entries"]) >= sum(counts.values())


def test_what_has_changed_since_the_preview_is_shown_again_instead_of_done(twins: Twins, double: MemberUnit) -> None:
    preview = preview_merge(kept_id=twins.here.unit.pk, gone_id=double.pk, by=twins.here.clerk)
    Strength.objects.create(unit=double, kind="service", name="晚托")
    with pytest.raises(Conflict):
        merge(twins, double, seen=preview.seen)
    page = browser_of(twins.here.clerk).post(
        "/admin/members/merge/", {"kept": twins.here.unit.pk, "gone": double.pk, "seen": preview.seen}
    )
    assert page.status_code == 409 and "刚才有人改过" in page.content.decode()
    assert not UnitMerge.objects.exists()


def test_two_open_memberships_become_one(twins: Twins, double: MemberUnit) -> None:
    late = join_alliance(alliance=twins.here.alliance, unit=double, by=None, joined_on=date(2024, 5, 1))
    abroad = join_alliance(alliance=twins.there.alliance, unit=double, by=None)
    merge(twins, double)
    late.refresh_from_db()
    abroad.refresh_from_db()
    assert (late.unit, late.left_on) == (double, TODAY())
    assert abroad.unit == twins.here.unit
    assert Membership.objects.active().filter(unit=twins.here.unit, alliance=twins.here.alliance).count() == 1


def test_of_two_first_liaisons_one_becomes_the_second_and_a_third_leaves(twins: Twins, double: MemberUnit) -> None:
    first = seat_liaison(unit=twins.here.unit, user=person("zhenzheng", None, None), by=None)
    other = seat_liaison(unit=double, user=person("lingyige", None, None), by=None)
    third = seat_liaison(unit=double, user=person("disange", None, None), by=None, is_second=True)
    done = merge(twins, double)
    seats = [Liaison.objects.get(pk=seat.pk) for seat in (first, other, third)]
    assert [(seat.unit, seat.is_second, seat.ends_on) for seat in seats] == [
        (twins.here.unit, False, None),
        (twins.here.unit, True, None),
        (double, True, TODAY()),
    ]
    undo_merge(pk=done.pk, by=twins.here.clerk)
    seats = [Liaison.objects.get(pk=seat.pk) for seat in (first, other, third)]
    assert [(seat.unit, seat.is_second, seat.ends_on) for seat in seats] == [
        (twins.here.unit, False, None),
        (double, False, None),
        (double, True, None),
    ]


def test_one_person_who_spoke_for_both_speaks_for_the_one(twins: Twins, double: MemberUnit) -> None:
    user = person("liangbian", None, None)
    for unit in (twins.here.unit, double):
        seat_liaison(unit=unit, user=user, by=None)
    merge(twins, double)
    assert [seat.unit for seat in Liaison.objects.active().filter(user=user)] == [twins.here.unit]


def test_an_open_offer_gives_way_where_the_kept_unit_has_asked_too(twins: Twins, double: MemberUnit) -> None:
    ours, theirs = (
        offer_seat(unit_id=unit.pk, by=twins.here.clerk, name="某某", phone=f"1390000000{place}")
        for place, unit in enumerate((twins.here.unit, double))
    )
    merge(twins, double)
    assert SeatOffer.objects.get(pk=ours.pk).state == OfferState.OPEN
    given = SeatOffer.objects.get(pk=theirs.pk)
    assert (given.unit, given.state) == (twins.here.unit, OfferState.WITHDRAWN)


def test_the_code_goes_with_the_unit_and_two_codes_are_two_units(twins: Twins, double: MemberUnit) -> None:
    MemberUnit.objects.filter(pk=double.pk).update(uscc=code(1))
    done = merge(twins, double)
    assert MemberUnit.objects.get(pk=twins.here.unit.pk).uscc == code(1)
    assert MemberUnit.objects.get(pk=double.pk).uscc is None
    undo_merge(pk=done.pk, by=twins.here.clerk)
    assert MemberUnit.objects.get(pk=double.pk).uscc == code(1)
    MemberUnit.objects.filter(pk=twins.here.unit.pk).update(uscc=code(2))
    with pytest.raises(RuleBroken):
        merge(twins, double)


def test_what_somebody_has_changed_since_stays_and_is_said(twins: Twins, double: MemberUnit) -> None:
    rows = everything(double, twins)
    done = merge(twins, double)
    third = MemberUnit.objects.create(name="第三", kind="other", area=twins.here.street)
    PartyOrganisation.objects.filter(pk=rows["party"].pk).update(unit=third)
    _merge, stays = undo_merge(pk=done.pk, by=twins.here.clerk)
    assert [(entry["model"], entry["pk"]) for entry in stays] == [("members.PartyOrganisation", rows["party"].pk)]
    assert PartyOrganisation.objects.get(pk=rows["party"].pk).unit == third
    assert Strength.objects.get(pk=rows["strength"].pk).unit == double


def test_the_gone_unit_is_in_no_list_and_no_picker_and_its_address_leads_on(twins: Twins, double: MemberUnit) -> None:
    join_alliance(alliance=twins.here.alliance, unit=double, by=None)
    merge(twins, double)
    clerk = browser_of(twins.here.clerk)
    for page in ("/admin/members/memberunit/", "/admin/members/membership/add/", "/admin/members/liaison/add/"):
        shown = clerk.get(page).content.decode()
        assert "甲街道小学" in shown and "甲街道 小学" not in shown, page
    assert double not in MemberUnit.objects.members_in(twins.here.street.pk)
    assert double not in MemberUnit.objects.visible_to(twins.here.clerk)
    answer = clerk.get(f"/admin/members/memberunit/{double.pk}/change/")
    assert answer["Location"] == f"/admin/members/memberunit/{twins.here.unit.pk}/change/"
    assert browser_of(twins.there.clerk).get(f"/admin/members/memberunit/{double.pk}/change/").status_code == 404


def test_nothing_is_written_to_a_merged_unit_any_more(twins: Twins, double: MemberUnit) -> None:
    strength = Strength.objects.create(unit=twins.here.unit, kind="service", name="晚托")
    merge(twins, double)
    for write in (
        lambda: Strength.objects.create(unit=double, kind="service", name="新的"),
        lambda: Strength.objects.filter(pk=strength.pk).update(unit=double),
        lambda: Liaison.objects.create(unit=double, user=twins.here.clerk),
        lambda: Membership.objects.create(unit=double, alliance=twins.there.alliance),
    ):
        with pytest.raises(OperationalError), transaction.atomic():
            write()


def test_a_chain_of_merges_is_undone_from_its_end(twins: Twins, double: MemberUnit) -> None:
    third = MemberUnit.objects.create(name="甲小", kind="school", area=twins.here.street)
    first = merge_units(kept_id=double.pk, gone_id=third.pk, by=twins.here.clerk)
    second = merge(twins, double)
    assert MemberUnit.objects.get(pk=third.pk).merged_into == twins.here.unit
    with pytest.raises(RuleBroken):
        undo_merge(pk=first.pk, by=twins.here.clerk)
    undo_merge(pk=second.pk, by=twins.here.clerk)
    assert MemberUnit.objects.get(pk=third.pk).merged_into == double
    undo_merge(pk=first.pk, by=twins.here.clerk)
    assert not MemberUnit.objects.filter(merged_into__isnull=False).exists()
