"""Who was registered by a guardian grows up; what is kept of a volunteer is handed out whole."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from tests.cast import Cast
from tests.volunteers.givers import month_ago, person, register_as, registered, team_in
from tests.volunteers.test_registering import GUARDIAN
from volunteers.contributions_people import my_data
from volunteers.models import Volunteer
from volunteers.services import papers
from volunteers.services.belonging import join_team
from volunteers.services.growing import born_before, forget_guardians
from volunteers.services.volunteer_fields import month_of
from volunteers.states.people import CHILD, age_on


def _child(cast: Cast, years: int) -> Volunteer:
    row = registered(cast.chengxiang, is_child=True, born=month_ago(9), shows=True, **GUARDIAN)
    Volunteer.objects.filter(pk=row.pk).update(born=month_of(month_ago(years)))
    return row


def test_at_fourteen_nothing_of_the_guardian_is_kept(cast: Cast) -> None:
    grown, still = _child(cast, 14), _child(cast, 13)
    assert forget_guardians() == 1
    grown.refresh_from_db()
    assert (grown.born, grown.guardian_name, grown.guardian_phone, grown.guardian_agreed_on) == (None, "", "", None)
    assert not grown.shows, "who is shown in public says so oneself"
    last = grown.events.order_by("-pk").first()
    assert last is not None and (last.verb, last.actor) == ("grow", None)
    still.refresh_from_db()
    assert still.born is not None and still.guardian_name == "王秀英" and still.shows
    assert forget_guardians() == 0


def test_it_is_the_end_of_the_month_of_birth_that_counts() -> None:
    for today in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 12, 1), date(2028, 2, 29)):
        for back in range(12 * CHILD - 3, 12 * CHILD + 4):
            months = today.year * 12 + today.month - 1 - back
            born = date(months // 12, months % 12 + 1, 1)
            assert (born < born_before(today)) is (age_on(born, today) >= CHILD), (born, today)


def test_what_is_kept_of_a_volunteer_is_handed_out_whole(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    row = register_as(person(), here, is_child=True, born=month_ago(9), **GUARDIAN)
    join_team(pk=team_in(here).pk, by=row.user)
    papers.insure_volunteer(
        pk=row.pk,
        by=here.worker,
        version=None,
        insurer="太平洋",
        policy_number="P-1",
        starts_on=today,
        ends_on=today + timedelta(days=9),
    )
    found = my_data(row.user)
    own = found["volunteer"][0]
    assert (own["born"], own["guardian"], own["guardian_phone"]) == (month_ago(9), "王秀英", "13800000001")
    assert own["guardian_agreed"] == today.isoformat()
    assert found["insurances"][0]["policy"] == "P-1" and found["volunteer_teams"][0]["left"] == ""
