"""Pictures of a day: two people look, everybody on them agrees, and a no hides them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from files.services import hold_own, own_key
from people.models import Consent, User
from people.services.consents import withdraw_own
from people.services.residents import erase_account
from tests.cast import Cast, Street, api_of, browser_of
from tests.files.pictures import photo, upload, with_exif
from tests.volunteers.things import begun, comer, joined, published, volunteer
from volunteers.models import DayPhoto, PhotoConsent, PhotoShown, SignUp, Slot, Volunteer
from volunteers.services import noting
from volunteers.services.photo_consents import agree_to_photos, refuse_photos
from volunteers.services.photos import add_photos, look_at, name_people, remove_photo


def _were_there(here: Street, people: int = 1, **party: Any) -> list[SignUp]:
    """So many who came to one day, which is over."""
    _row, post = published(here, capacity=12)
    rows = [joined(post, comer(), **party) for _n in range(people)]
    slot = begun(post, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=here.worker, signups=[row.pk for row in rows], paper=True)
    return list(SignUp.objects.filter(post=post).select_related("person", "post__slot__activity").order_by("pk"))


def _taken(slot: Slot, by: User, people: Mapping[int, bool] | None = None, **said: Any) -> DayPhoto:
    """A picture of the day, its colour its own."""
    key, colour = uuid4(), (DayPhoto.objects.count() * 40 % 255, 90, 20)
    hold_own(upload(photo(colour=colour)), key=key, user=by)
    given = {"nobody": not people, "people": people or {}, **said}
    (row,) = add_photos(slot=slot.pk, by=by, hold_key=own_key(by, key), **given)
    return row


def _public() -> set[int]:
    return set(DayPhoto.objects.public().values_list("pk", flat=True))


def test_it_is_public_once_a_second_person_looked_and_everybody_on_it_agrees(cast: Cast) -> None:
    here = cast.chengxiang
    one, other = _were_there(here, 2)
    row = _taken(one.post.slot, here.worker, {one.pk: False, other.pk: False})
    agree_to_photos(pk=one.pk, by=one.person)
    agree_to_photos(pk=other.pk, by=other.person)
    assert _public() == set(), "nobody else has looked"
    with pytest.raises(RuleBroken):
        look_at(pk=row.pk, by=here.worker, version=row.version)
    look_at(pk=row.pk, by=here.clerk, version=row.version)
    assert _public() == {row.pk}
    refuse_photos(pk=other.pk, by=other.person)
    assert _public() == set(), "one says no"
    agree_to_photos(pk=other.pk, by=other.person)
    assert _public() == {row.pk}, "the control: with a yes again it is there again"
    said = list(Consent.objects.filter(source=f"photos:{other.pk}").order_by("pk"))
    assert [one.withdrawn_at is None for one in said] == [False, True], "every yes and its end stays"
    withdraw_own(pk=said[1].pk, by=other.person)
    assert _public() == set(), "taken back where all consents stand"


def test_who_is_on_it_said_anew_has_to_be_looked_at_again(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here)
    row = _taken(one.post.slot, here.worker)
    look_at(pk=row.pk, by=here.clerk, version=1)
    assert _public() == {row.pk}, "nobody on it can be recognised"
    with pytest.raises(Conflict):
        name_people(pk=row.pk, by=here.clerk, version=1, nobody=False, people={one.pk: False})
    changed = name_people(pk=row.pk, by=here.clerk, version=2, nobody=False, people={one.pk: False})
    agree_to_photos(pk=one.pk, by=one.person)
    assert _public() == set() and changed.looked_at is None
    with pytest.raises(RuleBroken):
        look_at(pk=row.pk, by=here.clerk, version=3)
    look_at(pk=row.pk, by=here.worker, version=3)
    assert _public() == {row.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        DayPhoto.objects.filter(pk=row.pk).update(looked_by=here.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PhotoShown.objects.create(photo=row, signup=one)


def test_children_are_their_guardians_to_decide(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here, ages=(8,), guardian_ok=True)
    row = _taken(one.post.slot, here.worker, {one.pk: True})
    look_at(pk=row.pk, by=here.clerk, version=1)
    agree_to_photos(pk=one.pk, by=one.person)
    assert _public() == set(), "said for oneself alone"
    agree_to_photos(pk=one.pk, by=one.person, guardian=True)
    assert _public() == {row.pk}
    child = volunteer(one.person, here.home)
    Volunteer.objects.filter(pk=child.pk).update(born="2015-01-01", guardian_agreed_on="2026-01-01")
    with pytest.raises(Invalid):
        agree_to_photos(pk=one.pk, by=one.person)
    assert agree_to_photos(pk=one.pk, by=one.person, guardian=True).guardian, "the control"


def test_what_cannot_be_said_of_a_picture(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here)
    slot, elsewhere = one.post.slot, _were_there(here)[0]
    wrong: list[dict[str, Any]] = [
        {"nobody": False},
        {"nobody": True, "people": {one.pk: False}},
        {"nobody": False, "people": {elsewhere.pk: False}},
        {"nobody": False, "people": {one.pk: True}},
        {"caption": "字" * 61},
    ]
    for said in wrong:
        with pytest.raises(Invalid):
            _taken(slot, here.worker, **said)
    for by in (cast.xiasha.worker, one.person):
        with pytest.raises(NotAllowed):
            _taken(slot, by)
    with pytest.raises(Invalid):
        add_photos(slot=slot.pk, by=here.worker, hold_key="", nobody=True)
    _row, ahead = published(here)
    with pytest.raises(RuleBroken):
        _taken(ahead.slot, here.worker)
    with pytest.raises(NotAllowed):
        agree_to_photos(pk=one.pk, by=here.worker)
    with pytest.raises(NotFound):
        agree_to_photos(pk=one.pk, by=elsewhere.person)
    assert not DayPhoto.objects.exists() and not PhotoConsent.objects.exists()


def test_the_same_picture_is_one_and_tells_no_place(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here)
    for again in range(2):
        key = uuid4()
        hold_own(upload(with_exif()), key=key, user=here.worker)
        made = add_photos(slot=one.post.slot_id, by=here.worker, hold_key=own_key(here.worker, key), nobody=True)
        assert len(made) == (0 if again else 1)
    with DayPhoto.objects.get().file.file.open() as file:
        assert b"Exif" not in file.read()


def test_removed_it_is_gone_and_so_are_pictures_of_whoever_goes(cast: Cast) -> None:
    here = cast.chengxiang
    one, other = _were_there(here, 2)
    row = _taken(one.post.slot, here.worker, {one.pk: False})
    kept = _taken(one.post.slot, here.worker, {other.pk: False})
    gone = _taken(one.post.slot, here.worker)
    with pytest.raises(NotFound):
        remove_photo(pk=gone.pk, by=one.person)
    remove_photo(pk=gone.pk, by=here.worker)
    agree_to_photos(pk=one.pk, by=one.person)
    erase_account(user=one.person)
    assert set(DayPhoto.objects.values_list("pk", flat=True)) == {kept.pk} and row.pk != kept.pk
    assert PhotoConsent.objects.get().withdrawn_at is not None


def test_who_sees_it_before_it_is_public(cast: Cast) -> None:
    here = cast.chengxiang
    one, other = _were_there(here, 2)
    row = _taken(one.post.slot, here.worker, {one.pk: False})
    for user, sees in ((one.person, True), (other.person, False), (here.clerk, True), (cast.xiasha.worker, False)):
        assert DayPhoto.objects.visible_to(user).filter(pk=row.pk).exists() is sees, user


def test_the_pages_from_the_first_look_to_the_public_one(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here)
    slot, worker, clerk, person = one.post.slot, browser_of(here.worker), browser_of(here.clerk), browser_of(one.person)
    page, public = (
        reverse("volunteers:day_photos", args=[slot.pk]),
        reverse("volunteers:activity", args=[slot.activity_id]),
    )
    key = str(uuid4())
    refused = worker.post(page, {"hold_key": key, "photos": upload(photo()), "caption": "馆里听讲解"})
    assert refused.status_code == 422 and "1张照片收好了" in refused.content.decode()
    sent = worker.post(page, {"hold_key": key, "caption": "馆里听讲解", "who": [one.pk]})
    assert sent["Location"] == page
    row = DayPhoto.objects.get()
    file = reverse("volunteers:photo", args=[row.pk])
    assert "不公开，1人没有同意" in worker.get(page).content.decode()
    mine, say = (reverse(f"volunteers:{name}", args=[one.pk]) for name in ("signup", "signup_photos"))
    assert f'href="{file}"' in person.get(mine).content.decode(), "one sees what one is on before one decides"
    assert person.post(say, {"agree": "1"})["Location"] == mine
    look = reverse("volunteers:photo_look", args=[row.pk])
    worker.post(look, {"version": row.version})
    stranger = browser_of(None)
    assert stranger.get(file).status_code == 404 and file not in stranger.get(public).content.decode()
    clerk.post(look, {"version": row.version})
    assert f'href="{file}"' in stranger.get(public).content.decode()
    answer = stranger.get(f"{file}?small=1")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert person.post(say, {})["Location"] == mine
    assert stranger.get(file).status_code == 404 and file not in stranger.get(public).content.decode()
    who = reverse("volunteers:photo_who", args=[row.pk])
    assert f'value="{one.pk}" checked' in worker.get(who).content.decode()
    assert worker.post(who, {"version": 99, "nobody": "on"}).status_code == 409
    assert worker.post(who, {"version": 2, "nobody": "on"})["Location"] == page
    for url in (page, who):
        assert person.get(url).status_code in (403, 404) and browser_of(cast.xiasha.worker).get(url).status_code in (
            403,
            404,
        )
    worker.post(reverse("volunteers:photo_remove", args=[row.pk]))
    assert not DayPhoto.objects.exists()


def test_one_agrees_while_signing_up(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    person = comer()
    url = reverse("volunteers:sign_up", args=[post.pk])
    typed = {"post": post.pk, "myself": "on", "companions": "0", "client_key": str(uuid4())}
    assert browser_of(person).post(url, {**typed, "photos": "on"}).status_code == 302
    assert PhotoConsent.objects.get().signup.person == person
    other = comer()
    assert browser_of(other).post(url, {**typed, "client_key": str(uuid4())}).status_code == 302
    assert PhotoConsent.objects.count() == 1, "the control: nothing is agreed to that was not ticked"


def test_over_the_api_one_agrees_and_everybody_reads_what_is_public(cast: Cast) -> None:
    here = cast.chengxiang
    (one,) = _were_there(here)
    row = _taken(one.post.slot, here.worker, {one.pk: False})
    look_at(pk=row.pk, by=here.clerk, version=1)
    url, say = f"/api/v1/activities/{one.post.slot.activity_id}/photos/", f"/api/v1/activity-signups/{one.pk}/photos/"
    assert api_of(comer()).get(url).json() == []
    assert api_of(comer()).post(say, {"agree": True}, format="json").status_code == 404
    assert api_of(one.person).post(say, {"agree": True}, format="json").json() == {"agree": True, "guardian": False}
    assert [one["id"] for one in api_of(comer()).get(url).json()] == [row.pk]
    assert api_of(one.person).post(say, {"agree": False}, format="json").json()["agree"] is False
    assert api_of(comer()).get(url).json() == []
