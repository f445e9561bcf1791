"""What a unit took back is shown again on its own word, or on the street's with a reason that the unit hears of."""

from __future__ import annotations

import re

import pytest

from alliance.lib.errors import Invalid
from audit.models import AuditEntry
from members.models import MemberUnit
from members.services import create_unit, seat_liaison, set_shown, update_unit
from members.services.merging import merge_units, preview_merge, undo_merge
from notifications.models import Message
from people.models import User
from tests.cast import browser_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def liaison(twins: Twins) -> User:
    """Of a unit that was shown and said no."""
    user = person("liaison", None, None)
    seat_liaison(unit=twins.here.unit, user=user, by=None)
    set_shown(pk=twins.here.unit.pk, by=twins.here.clerk, is_public=True, shows=["intro"])
    set_shown(pk=twins.here.unit.pk, by=user, is_public=False, shows=[])
    return user


def _shown(twins: Twins) -> bool:
    return MemberUnit.objects.get(pk=twins.here.unit.pk).is_public


def test_the_street_shows_it_again_only_with_a_reason_that_the_unit_hears_of(twins: Twins, liaison: User) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)
    page = f"/admin/members/memberunit/{unit.pk}/"
    found = re.search(r'name="shown-seen" value="(\w+)"', desk.get(f"{page}change/").content.decode())
    assert found
    typed = {"shown-seen": found[1], "shown-is_public": "on"}
    refused = desk.post(f"{page}shown/", typed)
    assert refused.status_code == 422 and "单位后来是怎么同意的" in refused.content.decode() and not _shown(twins)
    assert desk.post(f"{page}shown/", {**typed, "shown-agreed": "王主任电话同意"}).status_code == 302
    assert (
        _shown(twins)
        and Message.objects.filter(title__contains="又公开了", body__contains="王主任电话同意").count() == 1
    )
    assert AuditEntry.objects.filter(subject=f"unit:{unit.pk}", reason="王主任电话同意").count() == 1
    # What it agreed to is as before, what it never took back too; of the rest it is still asked.
    set_shown(pk=unit.pk, by=twins.here.clerk, is_public=False, shows=[])
    set_shown(pk=unit.pk, by=twins.here.clerk, is_public=True, shows=["tags"])
    with pytest.raises(Invalid):
        set_shown(pk=unit.pk, by=twins.here.clerk, is_public=True, shows=["tags", "intro"])


def test_neither_the_register_nor_a_table_goes_round_it(twins: Twins, liaison: User) -> None:
    unit = twins.here.unit
    with pytest.raises(Invalid):
        update_unit(pk=unit.pk, by=twins.here.clerk, name=unit.name, kind=unit.kind, area=unit.area, is_public=True)
    assert not _shown(twins)


def test_the_unit_itself_needs_no_reason(twins: Twins, liaison: User) -> None:
    assert "单位怎么同意的" not in browser_of(liaison).get("/desk/unit/profile/").content.decode()
    set_shown(pk=twins.here.unit.pk, by=liaison, is_public=True, shows=["intro"])
    assert _shown(twins)
    set_shown(pk=twins.here.unit.pk, by=twins.here.clerk, is_public=True, shows=[])
    set_shown(pk=twins.here.unit.pk, by=twins.here.clerk, is_public=True, shows=["intro"])


def test_what_one_of_its_parts_took_back_is_asked_for_as_well(twins: Twins, liaison: User) -> None:
    unit = twins.here.unit.pk
    set_shown(pk=unit, by=liaison, is_public=True, shows=["intro", "tags"])
    set_shown(pk=unit, by=liaison, is_public=True, shows=["tags"])
    with pytest.raises(Invalid):
        set_shown(pk=unit, by=twins.here.clerk, is_public=True, shows=["intro", "tags"])
    set_shown(pk=unit, by=twins.here.clerk, is_public=True, shows=[])  # less is always allowed


def test_another_part_that_the_unit_shows_does_not_answer_for_the_one_it_took_back(twins: Twins, liaison: User) -> None:
    unit = twins.here.unit.pk
    set_shown(pk=unit, by=liaison, is_public=True, shows=["party", "intro"])
    set_shown(pk=unit, by=liaison, is_public=True, shows=["intro"])
    set_shown(pk=unit, by=liaison, is_public=True, shows=["intro", "tags"])
    set_shown(pk=unit, by=twins.here.clerk, is_public=True, shows=["intro", "tags", "strengths"])  # never taken back
    with pytest.raises(Invalid):
        set_shown(pk=unit, by=twins.here.clerk, is_public=True, shows=["intro", "tags", "party"])
    set_shown(pk=unit, by=twins.here.clerk, is_public=True, shows=["intro", "tags", "party"], agreed="王主任来电同意")


@pytest.fixture
def double(twins: Twins) -> MemberUnit:
    """The unit once more, shown and taken back by its liaison."""
    here = twins.here
    unit = create_unit(name="甲街小", kind="school", area=here.community, by=None, is_public=True)
    user = person("double", None, None)
    seat_liaison(unit=unit, user=user, by=None)
    set_shown(pk=unit.pk, by=here.clerk, is_public=True, shows=["intro"])
    set_shown(pk=unit.pk, by=user, is_public=False, shows=[])
    return unit


def test_a_merge_remembers_what_was_taken_back_and_undone_it_is_as_before(twins: Twins, double: MemberUnit) -> None:
    here = twins.here
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    with pytest.raises(Invalid):
        set_shown(pk=here.unit.pk, by=here.clerk, is_public=True, shows=[])
    _merge, stays = undo_merge(pk=merge.pk, by=here.clerk)
    here.unit.refresh_from_db()
    assert (stays, here.unit.declined) == ([], [])
    set_shown(pk=here.unit.pk, by=here.clerk, is_public=True, shows=[])
    double.refresh_from_db()
    assert double.declined == ["intro", "name"]


def test_what_either_took_back_is_shown_no_more_once_they_are_one(twins: Twins, double: MemberUnit) -> None:
    here = twins.here
    set_shown(pk=here.unit.pk, by=here.clerk, is_public=True, shows=["intro", "tags"])
    preview = preview_merge(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk)
    assert any("撤回" in str(line) for line in preview.clashes) and _shown(twins)
    merge = merge_units(kept_id=here.unit.pk, gone_id=double.pk, by=here.clerk, seen=preview.seen)
    assert not _shown(twins)
    undo_merge(pk=merge.pk, by=here.clerk)
    here.unit.refresh_from_db()
    assert (here.unit.is_public, here.unit.shows) == (True, ["intro", "tags"])
