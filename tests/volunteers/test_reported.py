"""报志愿浙江: only those who agreed, what stands today, masked unless somebody who may says why."""

from __future__ import annotations

import pytest
from django.urls import reverse

from alliance.lib.errors import Invalid, NotAllowed
from audit.models import AuditEntry
from audit.states import Action
from tests.cast import Cast, browser_of
from tests.transfers.exported import exported, rows_of
from tests.volunteers.givers import registered, worked
from volunteers.models import Hours, Volunteer
from volunteers.services.registering import leave

pytestmark = pytest.mark.django_db
LISTING, ALL = "volunteers.hours", {"tab": "all"}


def _corrected(first: Hours, minutes: int) -> None:
    said = {name: getattr(first, name) for name in ("person", "street", "day", "label", "by")}
    Hours.objects.create(**said, corrects=first, source=f"{first.source}:again", minutes=minutes, why="记多了")


def test_only_those_who_agreed_with_what_stands_today(cast: Cast) -> None:
    here = cast.chengxiang
    agreed, silent = registered(here, name="刘小河", reports_hours=True), registered(here, name="王小明")
    there = registered(cast.xiasha, name="欧阳小河", reports_hours=True)
    for who in (agreed, silent):
        worked(who.user, here, minutes=150)
    _corrected(worked(agreed.user, here, minutes=120, label="护学"), -30)
    _corrected(worked(agreed.user, here, minutes=60, label="记错的"), -60)
    worked(there.user, cast.xiasha)
    rows = rows_of(exported(here.clerk, LISTING, query=ALL))
    assert sorted((row[4], row[6]) for row in rows) == [("巡河", 2.5), ("护学", 1.5)]
    assert {row[1] for row in rows} == {"刘*河"} and all("****" in row[2] for row in rows)
    assert all("王" not in str(row) and "欧阳" not in str(row) for row in rows)
    leave(pk=agreed.pk, by=agreed.user)
    assert (
        rows_of(exported(here.clerk, LISTING, query=ALL)) == []
        and not Volunteer.objects.get(pk=agreed.pk).reports_hours
    )


def test_names_in_full_want_a_reason_which_is_on_record(cast: Cast) -> None:
    here = cast.chengxiang
    row = registered(here, name="刘小河", reports_hours=True)
    worked(row.user, here)
    with pytest.raises(Invalid):
        exported(here.clerk, LISTING, unmasked=True)
    for nobody in (here.worker, cast.nobody):
        with pytest.raises(NotAllowed):
            exported(nobody, LISTING)
    (found,) = rows_of(exported(here.clerk, LISTING, query=ALL, unmasked=True, why="十一月报志愿浙江"))
    assert found[1] == "刘小河" and "".join(str(found[2]).split()) == row.user.phone
    entry = AuditEntry.objects.get(action=Action.EXPORT)
    assert (entry.reason, entry.params["unmasked"]) == ("十一月报志愿浙江", True)
    page = browser_of(here.clerk).get(reverse("admin:volunteers_hours_changelist"), {"tab": "all"}).content.decode()
    assert "刘*河" in page and "刘小河" not in page and row.user.phone not in page
    assert browser_of(here.worker).get(reverse("admin:volunteers_hours_changelist")).status_code == 403


def test_one_says_so_on_ones_own_page_and_takes_it_back(cast: Cast) -> None:
    row = registered(cast.chengxiang)
    client, page = browser_of(row.user), reverse("volunteers:change")
    typed = {"name": row.name, "area": row.area_id, "reach": "street", "version": row.version}
    assert 'name="reports_hours"' in client.get(page).content.decode() and not row.reports_hours
    assert client.post(page, {**typed, "reports_hours": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.reports_hours
    assert client.post(page, {**typed, "version": row.version}).status_code == 302
    row.refresh_from_db()
    assert not row.reports_hours
