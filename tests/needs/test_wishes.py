"""A wish: registered, verified, approved by another, published, taken down, published again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.public_text import Warned
from audit.models import AuditEntry
from audit.states import Action
from needs.models import Wish, WishEvent
from needs.services import wishes
from needs.services.wish_policy import save_policy
from needs.services.wish_stages import stage_of
from needs.states.wish import Approver, WishStage, WishState, WishVerb
from notifications.models import Message
from tests.cast import Cast, fresh
from tests.needs.wishing import CANARIES, again, raised, typed, verified

RULES: Any = Message.objects


def _told(rule: str, person: Any) -> int:
    return RULES.filter(rule=f"needs.{rule}", recipient_key=f"u:{person.pk}").count()


def _verbs(wish: Wish) -> list[str]:
    return list(WishEvent.objects.filter(wish=wish).order_by("id").values_list("verb", flat=True))


def test_a_wish_goes_from_the_desk_to_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    assert wish.number.startswith("XY-") and wish.state == WishState.TO_VERIFY
    wishes.verify_wish(pk=wish.pk, by=fresh(here.worker), version=1, how="上门看过")
    assert _told("WishToApprove", here.secretary) == 1
    wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=2)
    wish = again(wish)
    offer = wish.offer
    assert offer is not None and offer.subject == f"wish:{wish.pk}" and offer.title == wish.item
    assert offer.for_units and offer.for_people and offer.deliver_within == timedelta(days=15)
    last = timezone.localtime(offer.closes_at - timedelta(microseconds=1)).date()
    assert last == timezone.localdate(offer.opens_at) + timedelta(days=15)
    assert stage_of(wish) == WishStage.OPEN
    assert _verbs(wish) == [WishVerb.RAISE, WishVerb.VERIFY, WishVerb.APPROVE]
    assert _told("WishPublished", here.worker) == 1


def test_a_second_tap_finds_the_first_wish(cast: Cast) -> None:
    key = uuid4()
    first = raised(cast.chengxiang, client_key=key)
    assert raised(cast.chengxiang, client_key=key).pk == first.pk
    assert Wish.objects.count() == 1
    with pytest.raises(Conflict):
        raised(cast.chengxiang, client_key=key, item="一盏灯")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cap_yuan", 501),
        ("cap_yuan", 0),
        ("cap_yuan", None),
        ("shares", 21),
        ("shares", -1),
        ("item", ""),
        ("item", "被" * 41),
        ("item", "200元现金"),
        ("item", "一个红包"),
        ("called", ""),
        ("beneficiary", " "),
        ("kind", "money"),
        ("delivery", "post"),
        ("phone", "12345"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        raised(cast.chengxiang, **{field: value})
    assert list(refused.value.fields) == [field]
    assert not Wish.objects.exists()


def test_an_hour_of_company_has_no_cap(cast: Cast) -> None:
    assert raised(cast.chengxiang, kind="company", item="陪着去医院", cap_yuan=None).cap_yuan is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("item", "金丝雀名的被子"), ("story", "打１３９１２３４５６７８"), ("called", "13912345678")],
)
def test_public_words_that_look_personal_come_back_once(cast: Cast, field: str, value: str) -> None:
    with pytest.raises(Warned) as warned:
        raised(cast.chengxiang, **{field: value})
    assert not Wish.objects.exists()
    assert getattr(raised(cast.chengxiang, seen_warnings=warned.value.mark, **{field: value}), field) == value


def test_only_the_community_registers_and_another_street_is_not_found(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    for person in (here.clerk, here.grid_part, here.leader):
        with pytest.raises(NotAllowed):
            raised(here, by=person)
    for person in (there.worker, here.neighbour, here.system_admin):
        with pytest.raises(NotFound):
            raised(here, by=person)
    with pytest.raises(Invalid):
        wishes.raise_wish(client_key=uuid4(), by=fresh(here.worker), area=here.street.pk, **typed())


def test_whoever_verified_never_approves(cast: Cast, as_owner: Any) -> None:
    here = cast.chengxiang
    wish = raised(here)
    wishes.verify_wish(pk=wish.pk, by=fresh(here.secretary), version=None, how="上门看过")
    for decide in (
        lambda: wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None),
        lambda: wishes.reject_wish(pk=wish.pk, by=fresh(here.secretary), version=None, words="不行"),
    ):
        with pytest.raises(NotAllowed, match="两个人"):
            decide()
    # A colleague who asks once more takes it over.
    wishes.verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="打电话问过")
    wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    assert again(wish).state == WishState.PUBLISHED


def test_the_table_itself_refuses_one_pair_of_eyes(cast: Cast) -> None:
    wish = verified(cast.chengxiang)
    with pytest.raises(IntegrityError, match="wish_approved_by_another"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(decided_by=wish.verified_by)
    other = cast.chengxiang.secretary
    assert Wish.objects.filter(pk=wish.pk).update(decided_by=other) == 1  # the same row, two people: taken


def test_whoever_registered_may_approve_what_another_verified(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here, by=here.secretary)
    assert wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None).state == WishState.PUBLISHED


def test_nothing_is_approved_unverified(cast: Cast) -> None:
    wish = raised(cast.chengxiang)
    with pytest.raises(RuleBroken, match="核实"):
        wishes.approve_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=None)
    wishes.reject_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=None, words="不是心愿")
    assert again(wish).state == WishState.REJECTED


def test_the_streets_setting_says_who_approves(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    for person in (here.worker, here.section_head, here.party_office, here.clerk, here.leader):
        with pytest.raises(NotAllowed):
            wishes.approve_wish(pk=wish.pk, by=fresh(person), version=None)
    save_policy(by=fresh(here.party_office), street_code=here.street.pk, approver=Approver.STREET)
    entry = AuditEntry.objects.get(action=Action.WISH_POLICY_CHANGED)
    assert entry.params == {"approver": ["secretary", "street"]}
    with pytest.raises(NotAllowed):
        wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    wishes.approve_wish(pk=wish.pk, by=fresh(here.section_head), version=None)
    # The other street goes its own way.
    wishes.approve_wish(pk=verified(cast.xiasha).pk, by=fresh(cast.xiasha.secretary), version=None)


def test_the_setting_is_the_party_offices(cast: Cast) -> None:
    here = cast.chengxiang
    for person, error in ((here.clerk, NotAllowed), (here.worker, NotFound), (cast.xiasha.party_office, NotFound)):
        with pytest.raises(error):
            save_policy(by=fresh(person), street_code=here.street.pk, approver=Approver.STREET)
    with pytest.raises(Invalid):
        save_policy(by=fresh(here.party_office), street_code=here.street.pk, approver="anybody")


def test_another_streets_wish_is_nowhere(cast: Cast) -> None:
    wish = verified(cast.chengxiang)
    twin = cast.xiasha
    for attempt in (
        lambda: wishes.verify_wish(pk=wish.pk, by=fresh(twin.worker), version=None, how="看过"),
        lambda: wishes.approve_wish(pk=wish.pk, by=fresh(twin.secretary), version=None),
        lambda: wishes.withdraw_wish(pk=wish.pk, by=fresh(twin.worker), version=None, words="不要了"),
        lambda: wishes.reveal_household(pk=wish.pk, by=fresh(twin.worker)),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_stale_form_is_told(cast: Cast) -> None:
    wish = verified(cast.chengxiang)
    with pytest.raises(Conflict):
        wishes.approve_wish(pk=wish.pk, by=fresh(cast.chengxiang.secretary), version=1)


def test_a_change_after_verifying_wants_verifying_again_and_keeps_the_household(cast: Cast) -> None:
    here = cast.chengxiang
    wish = verified(here)
    changes = typed(item="一床薄被子", beneficiary="", household="", phone="")
    wishes.edit_wish(pk=wish.pk, by=fresh(here.worker), version=wish.version, **changes)
    wish = again(wish)
    assert wish.item == "一床薄被子" and wish.verified_by_id is None
    assert {name: getattr(wish, name) for name in CANARIES} == CANARIES
    assert _told("WishToApprove", here.secretary) == 1
    assert not Message.objects.filter(rule="needs.WishToApprove", state="sent").exists()
    with pytest.raises(RuleBroken):
        wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)


def test_the_household_is_ciphertext(cast: Cast) -> None:
    wish = raised(cast.chengxiang)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(w)::text FROM needs_wish w WHERE id = %s", [wish.pk])
        (row,) = cursor.fetchone()
        cursor.execute("SELECT coalesce(string_agg(row_to_json(e)::text, ''), '') FROM needs_wishevent e")
        row += cursor.fetchone()[0]
    assert wish.item in row
    assert not [canary for canary in CANARIES.values() if canary in row]


def test_looking_at_the_household_is_logged(cast: Cast) -> None:
    here = cast.chengxiang
    wish = raised(here)
    assert wishes.reveal_household(pk=wish.pk, by=fresh(here.worker)).beneficiary == CANARIES["beneficiary"]
    with pytest.raises(Invalid):
        wishes.reveal_household(pk=wish.pk, by=fresh(here.clerk))
    wishes.reveal_household(pk=wish.pk, by=fresh(here.clerk), reason="陪同送达")
    for person in (here.leader, here.grid_part):
        with pytest.raises(NotAllowed):
            wishes.reveal_household(pk=wish.pk, by=fresh(person), reason="看看")
    entries = AuditEntry.objects.filter(action=Action.REVEAL, subject=wish.number)
    assert sorted(entries.values_list("reason", flat=True)) == ["", "陪同送达"]
