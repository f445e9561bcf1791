"""A wish: registered, verified, approved by another, published, taken down, published again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from claims.models import Claim, Offer
from claims.services import steps
from claims.states import Ending, OfferState
from needs.models import Wish, WishEvent
from needs.services import wishes
from needs.services.public_text import Warned
from needs.services.wish_from_need import wish_from_need
from needs.services.wish_policy import save_policy
from needs.services.wish_stages import stage_of
from needs.states import State, Verb
from needs.states.wish import Approver, WishStage, WishState, WishVerb
from notifications.models import Message
from tests.cast import Cast, fresh, say_need
from tests.needs.wishing import CANARIES, again, published, raised, taken, typed, unit_of, verified

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
    with pytest.raises(Warned):
        raised(cast.chengxiang, **{field: value})
    assert not Wish.objects.exists()
    assert getattr(raised(cast.chengxiang, seen_warnings=True, **{field: value}), field) == value


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


def test_a_withdrawn_wish_leaves_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    with pytest.raises(Invalid):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words=" ")
    wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里买了")
    wish = again(wish)
    assert stage_of(wish) == WishStage.WITHDRAWN
    assert wish.offer is not None and wish.offer.ending == Ending.WITHDRAWN
    assert WishVerb.LAPSED not in _verbs(wish)


def test_a_wish_in_somebodys_hands_is_not_withdrawn(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    taken(here, wish)
    with pytest.raises(RuleBroken):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里买了")
    assert again(wish).state == WishState.PUBLISHED


def test_the_keepers_hear_what_becomes_of_it(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    claim = taken(here, wish)
    assert stage_of(again(wish)) == WishStage.UNDER_WAY
    steps.send(claim_id=claim.pk, by=fresh(here.liaison))
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="放在社区了")
    steps.not_there(claim_id=claim.pk, by=fresh(here.worker), note="还没看到")
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison), note="现在到了")
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    assert stage_of(again(wish)) == WishStage.FULFILLED
    assert _verbs(wish)[3:] == [
        WishVerb.CLAIMED,
        WishVerb.SENT,
        WishVerb.DELIVERED,
        WishVerb.NOT_THERE,
        WishVerb.DELIVERED,
        WishVerb.FULFILLED,
    ]
    claimed = WishEvent.objects.get(wish=wish, verb=WishVerb.CLAIMED)
    assert claimed.params["claimer"] == str(unit_of(here))
    for rule, times in (("WishClaimed", 1), ("WishSent", 1), ("WishDelivered", 2)):
        assert (_told(rule, here.worker), _told(rule, here.secretary)) == (times, times), rule
    # Whoever did it is not told.
    assert (_told("WishFulfilled", here.worker), _told("WishFulfilled", here.secretary)) == (0, 1)
    with pytest.raises(RuleBroken, match="圆"):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="算了")


def _close(wish: Wish) -> None:
    """As the due does when the window has passed."""
    Offer.objects.filter(pk=wish.offer_id).update(
        state=OfferState.CLOSED, ending=Ending.LAPSED, ended_at=timezone.now(), closes_at=timezone.now()
    )


def test_what_nobody_took_is_published_again(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here)
    with pytest.raises(RuleBroken):
        wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    first = wish.offer_id
    _close(wish)
    assert stage_of(again(wish)) == WishStage.UNCLAIMED
    wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    wish = again(wish)
    assert wish.offer_id != first and stage_of(wish) == WishStage.OPEN


def test_of_several_shares_only_what_is_left_is_published_again(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here, shares=3)
    claim = taken(here, wish)
    assert stage_of(again(wish)) == WishStage.OPEN
    assert Wish.objects.under_way().filter(pk=wish.pk).exists()
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    _close(wish)
    assert stage_of(again(wish)) == WishStage.FULFILLED
    wishes.reopen_wish(pk=wish.pk, by=fresh(here.worker), version=None)
    offer = again(wish).offer
    assert offer is not None and offer.shares == 2


def test_the_lists_agree_with_the_word_of_each_wish(cast: Cast) -> None:
    here = cast.chengxiang
    made = [raised(here), verified(here), published(here), published(here), published(here), published(here)]
    taken(here, made[3])
    done = taken(here, made[4])
    steps.deliver(claim_id=done.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=done.pk, by=fresh(here.worker))
    _close(made[5])
    every = Wish.objects.all()
    lists = {
        WishStage.OPEN: every.claimable(),
        WishStage.UNDER_WAY: every.under_way(),
        WishStage.FULFILLED: every.fulfilled(),
        WishStage.UNCLAIMED: every.unclaimed(),
    }
    for stage, rows in lists.items():
        found = set(rows.values_list("pk", flat=True))
        assert found == {wish.pk for wish in made if stage_of(again(wish)) == stage}, stage
        assert len(found) == 1
    assert list(every.to_verify()) == [made[0]] and list(every.to_approve()) == [made[1]]


def test_a_need_becomes_a_wish_and_is_accepted_with_it(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home, name="王小丽", words="家里冷，想要一床被子")
    key = uuid4()
    given = typed(beneficiary="", phone="")
    arguments = {"need_pk": need.pk, "by": fresh(here.worker), "version": need.version, "client_key": key, **given}
    wish = wish_from_need(**arguments)
    need.refresh_from_db()
    assert (need.state, need.holder_id) == (State.IN_PROGRESS, here.worker.pk) and need.reply_by
    assert need.events.filter(verb=Verb.WISH).count() == 1
    assert (wish.need_id, wish.beneficiary, wish.phone) == (need.pk, need.contact_name, need.contact_phone)
    assert wish_from_need(**arguments).pk == wish.pk
    with pytest.raises(NotFound):
        wish_from_need(**{**arguments, "by": fresh(cast.xiasha.worker), "client_key": uuid4()})


def test_the_holder_of_the_need_hears_that_it_came_true(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    wish = wish_from_need(need_pk=need.pk, by=fresh(here.worker), version=None, client_key=uuid4(), **typed())
    wishes.verify_wish(pk=wish.pk, by=fresh(here.worker), version=None, how="上门看过")
    wishes.approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None)
    claim = taken(here, wish)
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=claim.pk, by=fresh(here.secretary))
    assert _told("NeedWishFulfilled", here.worker) == 1
    assert Claim.objects.count() == 1
