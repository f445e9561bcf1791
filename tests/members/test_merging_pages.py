"""Who may merge, what is shown as perhaps the same, and the pages of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from members.models import (
    Distinct,
    MemberUnit,
    UnitMerge,
)
from members.services.duplicates import keep_apart, look_alikes, possible_duplicates
from members.services.merging import merge_units, undo_merge
from members.uscc import check_character
from tests.cast import browser_of
from tests.members.conftest import Twins

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


def test_only_whoever_keeps_both_merges_and_undoes(twins: Twins, double: MemberUnit) -> None:
    with pytest.raises(NotFound):
        merge(twins, double, by=twins.there.clerk)
    with pytest.raises(NotAllowed):
        merge(twins, double, by=twins.here.worker)
    with pytest.raises(NotAllowed):
        merge_units(kept_id=twins.shared.pk, gone_id=twins.there.unit.pk, by=_both(twins))
    with pytest.raises(RuleBroken):
        merge(twins, double, kept_id=double.pk)
    done = merge(twins, double)
    with pytest.raises(RuleBroken):
        merge(twins, double)
    with pytest.raises(NotFound):
        undo_merge(pk=done.pk, by=twins.there.clerk)
    with pytest.raises(NotAllowed):
        undo_merge(pk=done.pk, by=twins.here.worker)


def _both(twins: Twins) -> Any:
    """Keeps the register here and reads there."""
    from people.services.accounts import grant_role
    from people.states import Role
    from tests.cast import fresh

    grant_role(user=twins.here.clerk, role=Role.LEADER, area=twins.there.street, by=None)
    return fresh(twins.here.clerk)


def test_pairs_are_shown_until_somebody_says_they_are_two(twins: Twins, double: MemberUnit) -> None:
    (pair,) = possible_duplicates(twins.here.clerk)
    assert {pair.first, pair.second} == {twins.here.unit, double}
    clerk = browser_of(twins.here.clerk)
    assert "甲街道 小学" in clerk.get("/admin/members/duplicates/").content.decode()
    ends = {"first": double.pk, "second": twins.here.unit.pk}
    for _time in range(2):
        assert clerk.post("/admin/members/duplicates/apart/", ends).status_code == 302
    assert Distinct.objects.count() == 1
    assert possible_duplicates(twins.here.clerk) == []
    with pytest.raises(NotFound):
        keep_apart(first_id=double.pk, second_id=twins.here.unit.pk, by=twins.there.clerk)
    with pytest.raises(NotAllowed):
        keep_apart(first_id=double.pk, second_id=twins.here.unit.pk, by=twins.here.worker)


def test_a_name_just_typed_is_looked_up_and_never_refused(twins: Twins) -> None:
    assert look_alikes(by=twins.here.clerk, name="甲街道 小学（新）") == [twins.here.unit]
    MemberUnit.objects.filter(pk=twins.there.unit.pk).update(name="海棠幼儿园")
    assert look_alikes(by=twins.there.clerk, name="甲街道小学") == []
    assert look_alikes(by=twins.here.clerk, name=" ") == []
    clerk = browser_of(twins.here.clerk)
    assert "甲街道小学" in clerk.get("/admin/members/alike/", {"name": "甲街道 小学"}).content.decode()
    typed = {"name": "甲街道 小学", "kind": "school", "area": twins.here.street.pk}
    assert clerk.post("/admin/members/memberunit/add/", typed).status_code == 302
    assert MemberUnit.objects.filter(name="甲街道 小学").exists()


def test_the_pages_do_it_all(twins: Twins, double: MemberUnit) -> None:
    clerk = browser_of(twins.here.clerk)
    page = clerk.get("/admin/members/merge/", {"kept": twins.here.unit.pk, "gone": double.pk})
    seen = page.context["preview"].seen
    ends = {"kept": twins.here.unit.pk, "gone": double.pk, "seen": seen}
    assert clerk.post("/admin/members/merge/", ends).status_code == 302
    assert "合并过的" in clerk.get("/admin/members/duplicates/").content.decode()
    (done,) = UnitMerge.objects.all()
    assert clerk.post(f"/admin/members/merges/{done.pk}/undo/").status_code == 302
    assert MemberUnit.objects.get(pk=double.pk).merged_into is None
    for address in ("/admin/members/merge/", "/admin/members/merge/?kept=x&gone=9"):
        assert clerk.get(address).status_code == 404
    for stranger, status in ((twins.here.worker, 403), (twins.there.clerk, 404)):
        assert browser_of(stranger).get("/admin/members/merge/", ends).status_code == status
    assert done.at <= timezone.now() + timedelta(seconds=1)


def test_the_preview_names_what_the_public_reads_no_more(twins: Twins, double: MemberUnit) -> None:
    MemberUnit.objects.filter(pk=twins.here.unit.pk).update(is_public=False, intro="我们是小学。")
    MemberUnit.objects.filter(pk=double.pk).update(is_public=True, shows=["intro"], intro="另一份。", floor="3层")
    page = _preview(twins, double)
    assert "合并后居民看不到" in page and "用保留的单位的，并入的一份不再显示" in page
    assert "保留的单位没填，用并入的：楼层" in page
    MemberUnit.objects.filter(pk=twins.here.unit.pk).update(is_public=True)
    page = _preview(twins, double)
    assert "公开着简介，保留的没有公开" in page


def _preview(twins: Twins, double: MemberUnit) -> str:
    address = f"/admin/members/merge/?kept={twins.here.unit.pk}&gone={double.pk}"
    return str(browser_of(twins.here.clerk).get(address).content.decode())
