"""Small stumbling stones on the pages of the register: what was typed stays, and a sentence says what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid
from members.models import Liaison, Membership, MemberUnit, SeatOffer
from members.services import create_alliance, create_unit, describe_unit, join_alliance, seat_liaison
from members.services.body_seats import add_body_seat
from members.services.documents import create_document
from members.services.duplicates import possible_duplicates
from tests.cast import browser_of
from tests.members.conftest import Twins, person
from tests.members.offering import answer, ask, token_of
from tests.members.test_bodies import committee
from tests.members.test_matrix_pages import move, page_of
from tests.members.test_placing import NOWHERE, Board

pytestmark = pytest.mark.django_db


def test_a_hand_over_to_another_unit_is_said_at_the_field_and_nothing_typed_is_lost(twins: Twins) -> None:
    user = person("liaison", None, None)
    seat = seat_liaison(unit=twins.here.unit, user=user, by=None)
    other = create_unit(name="甲街道中学", kind="school", area=twins.here.street, by=None)
    typed = {"unit": other.pk, "hands_over": seat.pk, "name": "王明", "phone": "13800005678", "words": "请接着办"}
    said = {**typed, "starts_on": timezone.localdate().isoformat()}
    refused = browser_of(twins.here.clerk).post("/admin/members/seatoffer/add/", said)
    page = refused.content.decode()
    assert refused.status_code == 200 and "请接着办" in page and "要接的席位是“" in page
    assert not SeatOffer.objects.exists() and Liaison.objects.get(pk=seat.pk).ends_on is None


def test_publishing_twice_says_who_did(twins: Twins) -> None:
    draft = create_document(alliance=twins.here.alliance, kind="charter", title="章程", text="一", by=None)
    page = f"/admin/members/document/{draft.document_id}/"
    sent = {"draft": draft.pk, "version": draft.version}
    first, second = browser_of(twins.here.clerk), browser_of(twins.here.clerk)
    assert first.post(f"{page}publish/", sent).status_code == 302
    again = second.post(f"{page}publish/", sent, follow=True)
    assert again.status_code == 200 and f"已经由{twins.here.clerk.name}发布了" in again.content.decode()


def test_whoever_took_a_seat_is_shown_the_way_in(twins: Twins, settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"
    done = answer(token_of(ask(twins)), "take")
    page = (done if done.status_code == 200 else browser_of(None).get(done["Location"])).content.decode()
    assert 'href="/sign-in/?next=/desk/"' in page and "去登录" in page and "登录用收到短信的手机号" in page
    assert "不用再做什么" not in page


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 1, 1), date(2099, 1, 1)])
def test_days_far_off_are_asked_back(twins: Twins, day: date) -> None:
    unit = create_unit(name="甲街道中学", kind="school", area=twins.here.street, by=None)
    with pytest.raises(Invalid):
        join_alliance(alliance=twins.here.alliance, unit=unit, by=twins.here.clerk, joined_on=day)
    with pytest.raises(Invalid):
        add_body_seat(pk=committee(twins).pk, by=twins.here.clerk, role="主任", name="王某", starts_on=day)
    with pytest.raises(Invalid):
        create_alliance(area=twins.here.community, name="x", parent=twins.here.alliance, founded_on=day, by=None)


def test_the_first_members_of_long_ago_are_taken(twins: Twins) -> None:
    unit = create_unit(name="甲街道中学", kind="school", area=twins.here.street, by=None)
    joined = join_alliance(alliance=twins.here.alliance, unit=unit, by=twins.here.clerk, joined_on=date(1998, 7, 1))
    assert Membership.objects.get(pk=joined.pk).joined_on == date(1998, 7, 1)


def test_a_move_to_where_they_stand_is_no_move(twins: Twins) -> None:
    board = Board(twins.here)
    desk = browser_of(board.side.clerk)
    same = move(desk, board, NOWHERE)
    assert same.status_code == 302 and same["Location"].endswith("#moved")
    shown = desk.get(f"{page_of(board)}?cell=-.-").content.decode()
    assert "没有变化" in shown and "移到了" not in shown


def test_a_liaison_of_two_units_is_back_at_the_one_that_was_saved(twins: Twins) -> None:
    user = person("liaison", None, None)
    other = create_unit(name="甲街道中学", kind="school", area=twins.here.street, by=None)
    for unit in (twins.here.unit, other):
        seat_liaison(unit=unit, user=user, by=None)
    browser = browser_of(user)
    browser.get(f"/desk/unit/profile/?unit={other.pk}")  # the second tab has switched
    from members.services.profile import stamp

    typed: dict[str, Any] = {"intro-unit": twins.here.unit.pk, "intro-intro": "操场大"}
    typed["intro-seen"] = stamp(MemberUnit.objects.get(pk=twins.here.unit.pk), "intro")
    saved = browser.post("/desk/unit/profile/intro/", typed, follow=True)
    page = saved.content.decode()
    assert "操场大" in page and f"已保存“{twins.here.unit}”" in page


def test_names_that_differ_are_not_called_the_same(twins: Twins) -> None:
    describe_unit(pk=twins.here.unit.pk, by=None, intro="")
    for name in ("杭州演示饮用水有限公司", "演示饮用水有限公司"):
        create_unit(name=name, kind="other", area=twins.here.street, by=None)
    assert possible_duplicates(twins.here.clerk)
    page = browser_of(twins.here.clerk).get("/admin/members/duplicates/").content.decode()
    assert "去掉地名和后缀后相同" in page and "名称相同" not in page


def test_a_unit_is_found_by_the_initials_of_its_whole_name_and_of_its_short_one(twins: Twins) -> None:
    unit = create_unit(
        name="杭州萧山平安演示公司", short_name="平安演示", kind="other", area=twins.here.street, by=None
    )
    desk = browser_of(twins.here.clerk)
    for typed in ("hzxspa", "pays", "PAYS", "平安", "pinganyanshi"):
        assert str(unit) in desk.get(f"/admin/members/memberunit/?q={typed}").content.decode(), typed
    assert unit.pinyin == "pinganyanshi"
