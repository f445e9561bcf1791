"""The clerk enters an elder who rings: as if they had done it themselves, and known to them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from notifications.models import Message
from people.models import Consent, User
from people.services.consents import withdraw_own
from tests.cast import Cast, browser_of, fresh, resident
from tests.volunteers.things import comer, joined, published
from volunteers.models import Post, SignUp
from volunteers.services import signing
from volunteers.services.behalf import sign_up_for
from volunteers.states import SignUpState

PHONE = "13911112222"


def _entered(post: Post, by: User, **changes: Any) -> SignUp:
    said = {"phone": PHONE, "name": "赵阿婆", "told": True, "client_key": uuid4(), **changes}
    return sign_up_for(post=post.pk, by=fresh(by), **said)


def test_an_elder_who_rings_has_a_seat_a_text_message_and_an_account_of_her_own(cast: Cast) -> None:
    row, post = published(cast.chengxiang, kind="course")
    worker, key = browser_of(cast.chengxiang.worker), str(uuid4())
    page = reverse("admin:volunteers_activity_change", args=[row.pk])
    assert "代居民报名" in worker.get(page).content.decode()
    typed = {"version": row.version, "post": post.pk, "name": "赵阿婆", "phone": PHONE, "companions": 1}
    sent = {f"enrol-{name}": value for name, value in {**typed, "told": "on", "client_key": key}.items()}
    for _twice in range(2):
        assert worker.post(reverse("admin:volunteers_activity_enrol", args=[row.pk]), sent).status_code == 302
    made = SignUp.objects.get()
    assert (made.person.name, made.real_name, made.seats) == ("赵阿婆", "赵阿婆", 2)
    assert (made.by, made.state) == (cast.chengxiang.worker, SignUpState.CONFIRMED)
    told = Message.objects.filter(rule="volunteers.SignedUpForYou", recipient_key=f"u:{made.person_id}")
    assert set(told.values_list("channel", flat=True)) == {"inapp", "sms"}
    consent = Consent.objects.get(source=f"signup:{made.pk}")
    assert (consent.subject_key, consent.channel) == (f"u:{made.person_id}", "spoken")
    sheet = worker.get(reverse("volunteers:today", args=[post.slot_id])).content.decode()
    assert "赵阿婆" in sheet and "社区代报" in sheet


def test_who_is_not_told_or_has_no_name_or_mobile_is_not_entered(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    for wrong, field in (({"told": False}, "told"), ({"name": " "}, "name"), ({"phone": "0571-63310001"}, "phone")):
        with pytest.raises(Invalid) as refused:
            _entered(post, cast.chengxiang.worker, **wrong)
        assert set(refused.value.fields) == {field}
    assert not SignUp.objects.exists() and not User.objects.filter(name="赵阿婆").exists()


def test_the_account_that_is_there_is_found_and_keeps_its_name(cast: Cast) -> None:
    own = resident(PHONE, "赵秀英")
    _row, post = published(cast.chengxiang)
    made = _entered(post, cast.chengxiang.worker)
    own.refresh_from_db()
    assert (made.person, own.name, made.real_name) == (own, "赵秀英", "赵阿婆")
    with pytest.raises(Conflict, match="这位居民"):
        _entered(post, cast.chengxiang.worker)
    with pytest.raises(Conflict):
        _entered(post, cast.chengxiang.worker, client_key=made.client_key, phone="13911113333")


def test_where_it_is_full_she_stands_in_the_line_and_the_office_answers_at_her_word(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    first, other = joined(post, comer()), comer("汤大伯")
    made = _entered(post, cast.chengxiang.worker)
    line = joined(post, other)
    assert made.state == line.state == SignUpState.WAITING
    assert Message.objects.filter(rule="volunteers.OnTheListForYou", channel="sms").exists()
    signing.cancel(pk=first.pk, by=first.person)
    worker = browser_of(cast.chengxiang.clerk)
    url = reverse("volunteers:entered", args=[post.slot_id, made.pk])
    assert "替本人确认" in worker.get(reverse("volunteers:today", args=[post.slot_id])).content.decode()
    worker.post(url, {"accept": "1"})
    made.refresh_from_db()
    assert made.state == SignUpState.CONFIRMED
    worker.post(url)
    made.refresh_from_db()
    line.refresh_from_db()
    assert (made.state, line.state) == (SignUpState.CANCELLED, SignUpState.OFFERED)
    own = reverse("volunteers:entered", args=[post.slot_id, line.pk])
    assert worker.post(own, {"accept": "1"}).status_code == 403, "who signed up alone answers alone"


def test_only_the_office_of_the_place_enters_others(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    for by in (comer(), cast.chengxiang.leader, cast.xiasha.worker):
        with pytest.raises((NotAllowed, NotFound)):
            _entered(post, by)
    assert not SignUp.objects.exists()


def test_whoever_takes_back_what_she_agreed_to_is_signed_up_no_more(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    made = _entered(post, cast.chengxiang.worker)
    consent = Consent.objects.get(source=f"signup:{made.pk}")
    withdraw_own(pk=consent.pk, by=fresh(made.person))
    made.refresh_from_db()
    post.refresh_from_db()
    assert (made.state, made.real_name, post.taken) == (SignUpState.CANCELLED, None, 0)


def test_children_come_with_their_guardian_on_paper(cast: Cast) -> None:
    row, post = published(cast.chengxiang, capacity=9, min_age=6)
    guardian: dict[str, Any] = {"ages": (8,), "guardian_ok": True}
    for wrong, field in (
        ({"guardian_ok": False}, "guardian_ok"),
        ({"ages": (5,)}, "ages"),
        ({"child_alone": True}, "myself"),
    ):
        with pytest.raises(Invalid) as refused:
            _entered(post, cast.chengxiang.worker, **{**guardian, **wrong})
        assert set(refused.value.fields) == {field}
    assert not SignUp.objects.exists()
    page = reverse("admin:volunteers_activity_change", args=[row.pk])
    typed = {"version": row.version, "post": post.pk, "name": "赵阿婆", "phone": PHONE, "ages": "8", "told": "on"}
    sent = {f"enrol-{name}": value for name, value in {**typed, "client_key": str(uuid4())}.items()}
    worker = browser_of(cast.chengxiang.worker)
    assert 'name="enrol-ages"' in worker.get(page).content.decode()
    url = reverse("admin:volunteers_activity_enrol", args=[row.pk])
    assert worker.post(url, sent).status_code == 422
    assert worker.post(url, {**sent, "enrol-guardian_ok": "on"}).status_code == 302
    made = SignUp.objects.get()
    assert (made.seats, made.ages, made.guardian_ok) == (2, [8], True)
    consents = Consent.objects.filter(source=f"signup:{made.pk}", withdrawn_at=None)
    assert set(consents.values_list("channel", flat=True)) == {"spoken", "paper"}
    withdraw_own(pk=consents.get(channel="paper").pk, by=made.person)
    made.refresh_from_db()
    assert made.state == SignUpState.CANCELLED, "what was signed is taken back, and with it the seat"


def test_a_child_that_may_come_alone_does_and_one_below_ten_does_not(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, kind="job", capacity=9, accompanied=False)
    said: dict[str, Any] = {"guardian_ok": True, "child_alone": True}
    with pytest.raises(Invalid):
        _entered(post, cast.chengxiang.worker, ages=(9,), **said)
    made = _entered(post, cast.chengxiang.worker, ages=(15,), **said)
    assert (made.myself, made.seats, made.ages) == (False, 1, [15])
