"""Hours as they were: when each came and left, in half hours; put right by a further person and a further row."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed
from tests.cast import Cast, browser_of, fresh
from tests.volunteers.test_attending import duty, helper
from tests.volunteers.things import begun, joined
from volunteers.models import Attendance, Hours, SignUp, Slot
from volunteers.services import hours, noting
from volunteers.services.noting import Times

pytestmark = pytest.mark.django_db


def _day(cast: Cast, people: int = 2) -> tuple[Slot, list[SignUp]]:
    here = cast.chengxiang
    post = duty(here)
    rows = [joined(post, helper(here)) for _n in range(people)]
    return begun(post, hours_ago=4, lasted=3), rows


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def test_hours_are_of_when_each_came_and_left(cast: Cast) -> None:
    here, (slot, rows) = cast.chengxiang, _day(cast, 3)
    late, early, whole = rows
    times: dict[int, Times] = {
        late.pk: (slot.starts + timedelta(minutes=50), None),
        early.pk: (None, slot.starts + timedelta(minutes=100)),
    }
    noting.note_present(slot=slot.pk, by=here.worker, signups=[one.pk for one in rows], paper=True, times=times)
    hours.confirm_day(slot=slot.pk, by=here.secretary)
    found = dict(Hours.objects.values_list("person", "minutes"))
    assert found == {late.person_id: 120, early.person_id: 90, whole.person_id: 180}


@pytest.mark.parametrize(("came", "left"), [(-90, None), (190, None), (None, 190), (60, 30)])
def test_times_outside_the_day_are_refused_and_nobody_is_noted(cast: Cast, came: int | None, left: int | None) -> None:
    slot, (first, second) = _day(cast)
    at = [None if n is None else slot.starts + timedelta(minutes=n) for n in (came, left)]
    with pytest.raises(Invalid) as refused:
        noting.note_present(
            slot=slot.pk,
            by=cast.chengxiang.worker,
            signups=[first.pk, second.pk],
            paper=True,
            times={second.pk: (at[0], at[1])},
        )
    assert second.person.name in str(refused.value.fields["came"][0])
    assert not Attendance.objects.exists()


def test_the_roll_asks_for_times_and_keeps_what_was_typed(cast: Cast) -> None:
    slot, (first, _second) = _day(cast)
    browser, page = browser_of(cast.chengxiang.worker), _today(slot)
    assert f"came-{first.pk}" not in browser.get(page).content.decode()
    assert f"came-{first.pk}" in browser.get(page + "?times=1").content.decode()
    typed = {"who": [first.pk], "paper": "1", f"came-{first.pk}": _clock(slot.starts + timedelta(minutes=60))}
    for wrong in ("25:00", _clock(slot.ends + timedelta(hours=1))):
        refused = browser.post(_present(slot), {**typed, f"left-{first.pk}": wrong})
        text = refused.content.decode()
        assert refused.status_code == 422 and f'value="{typed[f"came-{first.pk}"]}"' in text and " checked" in text
    browser.post(_present(slot), {**typed, f"left-{first.pk}": _clock(slot.starts + timedelta(minutes=130))})
    there = Attendance.objects.get()
    assert (there.came_at, there.left_at) == (
        slot.starts + timedelta(minutes=60),
        slot.starts + timedelta(minutes=130),
    )


def _today(slot: Slot) -> str:
    return reverse("volunteers:today", args=[slot.pk])


def _present(slot: Slot) -> str:
    return reverse("volunteers:present", args=[slot.pk])


def test_hours_are_put_right_on_the_page_by_neither_who_noted_nor_who_confirmed(cast: Cast) -> None:
    here, (slot, (row, _other)) = cast.chengxiang, _day(cast)
    noting.note_present(slot=slot.pk, by=here.worker, signups=[row.pk], paper=True)
    hours.confirm_day(slot=slot.pk, by=here.clerk)
    made, who = Hours.objects.get(), row.person.volunteer
    with pytest.raises(NotAllowed, match="另一位"):
        hours.correct_hours(pk=made.pk, by=fresh(here.clerk), minutes=60, why="早走了")
    page = reverse("admin:volunteers_volunteer_change", args=[who.pk])
    typed = {"hours-row": made.pk, "hours-minutes": 60, "hours-why": "早走了", "hours-version": who.version}
    act = reverse("admin:volunteers_volunteer_hours", args=[who.pk])
    assert browser_of(here.clerk).post(act, typed).status_code == 403
    assert "更正时长" not in browser_of(here.worker).get(page).content.decode(), "the street's to put right"
    assert browser_of(here.worker).post(act, typed).status_code == 403
    assert browser_of(here.party_office).post(act, {**typed, "hours-why": ""}).status_code == 422
    assert Hours.objects.count() == 1
    browser = browser_of(here.party_office)
    assert "更正时长" in browser.get(page).content.decode()
    assert browser.post(act, typed).status_code == 302
    fixed = Hours.objects.get(corrects=made)
    assert (fixed.minutes, fixed.why, fixed.by) == (-120, "早走了", here.party_office)
    assert hours.minutes_of(row.person) == 60


def test_control_without_the_second_look_who_noted_could_raise_their_own_note(cast: Cast) -> None:
    """The rows themselves would take it: it is the service that asks for a second person."""
    here, (slot, (row, _other)) = cast.chengxiang, _day(cast)
    noting.note_present(slot=slot.pk, by=here.clerk, signups=[row.pk], paper=True)
    hours.confirm_day(slot=slot.pk, by=here.secretary)
    made = Hours.objects.get()
    with pytest.raises(NotAllowed, match="另一位"):
        hours.correct_hours(pk=made.pk, by=fresh(here.clerk), minutes=480, why="记少了")
    more = {"source": "test:control", "label": made.label, "why": "记少了", "by": here.clerk}
    Hours.objects.create(
        person=row.person,
        street=made.street,
        attendance=made.attendance,
        corrects=made,
        day=made.day,
        minutes=300,
        **more,
    )
    assert hours.minutes_of(row.person) == 480
