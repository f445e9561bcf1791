"""Every page of volunteering in every dress: narrow, dark, large, English. Visitors, residents, organisers, staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.conftest import Doors
from tests.journeys.test_pages import DRESSES, _check, _dressed

if TYPE_CHECKING:
    from tests.cast import Street
    from tests.journeys.site import Site

SOON = 15
"""Seconds that looking at a page takes at most."""


def _busy(here: Street) -> dict[str, Any]:
    """A volunteer with a team, papers and hours, who comes to a trip that is full; others wait, were there, or not."""
    from tests.consistency.activity_rows import coming
    from tests.consistency.volunteer_rows import given
    from tests.volunteers.givers import SECTION
    from tests.volunteers.test_attending import duty, helper
    from tests.volunteers.things import begun, comer, joined, published
    from volunteers.models import Section, Team
    from volunteers.services import noting

    for before in Team.objects.filter(name="湾嫂志愿服务队"):  # of another dress: names are given once
        Team.objects.filter(pk=before.pk).update(name=f"从前的{before.pk}")
    for before in Section.objects.filter(name=SECTION["name"]):
        Section.objects.filter(pk=before.pk).update(name=f"从前的{before.pk}")
    who = comer("演示孙大伯")
    rows: dict[str, Any] = {"who": who, **given(here, who), **coming(here, who)}
    _full, rows["full"] = published(here, capacity=1, starts=96)
    joined(rows["full"], comer("演示张阿姨"))
    rows["waiting"] = joined(rows["full"], who)
    over = duty(here)
    there = [joined(over, helper(here)) for _n in range(3)]
    slot = rows["over"] = begun(over, hours_ago=4, lasted=3)
    noting.note_present(slot=slot.pk, by=here.worker, signups=[there[0].pk], paper=True)
    noting.note_missing(slot=slot.pk, by=here.worker, signups=[there[1].pk])
    noting.appeal(pk=there[1].pk, by=there[1].person, version=None, words="我来了，从后门进的。")
    rows["missed"] = there[1]
    return rows


def _see(page: Any, paths: list[str], *, public: bool) -> None:
    """Every one of ``paths``, with all that is folded away unfolded."""
    for path in paths:
        answer = page.goto(path)
        assert answer and answer.status == 200, (path, answer and answer.status)
        soon = answer.headers.get("refresh", "60").partition(";")[0]
        if int(soon) < SOON:  # the code on the wall: looked at while it stays as it is
            page.wait_for_event("load")
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true })")
        _check(page, public=public)


@pytest.mark.parametrize("dress", DRESSES)
def test_every_page_of_volunteering(doors: Doors, site: Site, dress: str) -> None:
    from tests.cast import fresh

    here = site.cast.chengxiang
    rows = _busy(here)
    trip, slot, team = rows["volunteers/activity"].pk, rows["volunteers/slot"].pk, rows["volunteers/team"].pk
    full, signup = rows["full"].slot.activity_id, rows["volunteers/signup"].pk
    public = ["/activities/", f"/activities/{trip}/", f"/activities/{full}/", f"/activities/{trip}/poster/"]
    section = rows["volunteers/section"].pk
    public += ["/volunteer/", "/volunteer/teams/", f"/volunteer/teams/{team}/", "/volunteer/check/"]
    public += ["/volunteer/sections/", f"/volunteer/sections/{section}/"]
    _see(_dressed(doors, dress), public, public=True)
    own = [f"/activities/{trip}/", "/my/activities/", f"/my/activities/{signup}/", f"/activities/days/{slot}/here/"]
    own += [f"/my/activities/{rows['waiting'].pk}/", "/my/volunteer/", "/my/volunteer/change/", "/my/volunteer/leave/"]
    own += ["/my/volunteer/certificates/", f"/my/volunteer/certificates/{rows['volunteers/certificate'].pk}/"]
    own += ["/my/volunteer/card/", f"/volunteer/teams/{team}/", f"/volunteer/teams/{team}/pledge/"]
    own += [f"/volunteer/teams/{team}/leave/", f"/volunteer/sections/{section}/"]
    _see(_dressed(doors, dress, who=fresh(rows["who"])), own, public=True)
    missed = rows["missed"]
    _see(_dressed(doors, dress, who=fresh(missed.person)), [f"/my/activities/{missed.pk}/"], public=True)
    _see(_dressed(doors, dress, who=here.worker), _of_the_day(slot, rows["over"].pk), public=True)
    _see(_dressed(doors, dress, who=here.clerk), _of_staff(rows), public=False)


def _of_the_day(ahead: int, over: int) -> list[str]:
    """The organiser's phone."""
    return [f"/activities/days/{day}/{page}" for day in (ahead, over) for page in ("", "code/", "sheet/")]


def _of_staff(rows: dict[str, Any]) -> list[str]:
    kinds = ("activity", "volunteer", "team", "section", "partyreport")
    lists = [f"/admin/volunteers/{kind}/" for kind in (*kinds, "insurance")]
    pages = [f"/admin/volunteers/{kind}/{rows[f'volunteers/{kind}'].pk}/change/" for kind in kinds]
    return [*lists, *pages, "/admin/volunteers/activity/add/"]
