"""Django's own lists write days and moments as all other lists do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.dates import day_of
from people.models import RoleGrant
from tests.cast import Cast, browser_of

pytestmark = pytest.mark.django_db


def test_a_role_says_from_which_day_to_which(cast: Cast) -> None:
    here, today = cast.chengxiang, timezone.localdate()
    far = today.replace(year=today.year - 1, day=1)
    RoleGrant.objects.filter(user=here.worker).update(starts_on=far, ends_on=today + timedelta(days=1))
    RoleGrant.objects.filter(user=here.clerk).update(starts_on=today)
    page = browser_of(here.system_admin).get("/admin/people/rolegrant/").content.decode()
    row = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{here.worker.name}.*?</tr>", page, re.S)
    assert row and day_of(far) in row[0] and day_of(today + timedelta(days=1)) in row[0]
    assert f">{today.month}月{today.day}日<" in page and f"{today.year}年{today.month}月{today.day}日" not in page
    assert "—" in page  # most have no end


def test_what_happened_today_says_so(cast: Cast) -> None:
    browser_of(cast.chengxiang.system_admin).post(
        "/admin/people/area/330109001/change/", {"is_served": "on", "short_code": "CX", "phone": "0571-1"}
    )
    page = browser_of(cast.chengxiang.audit_admin).get("/admin/audit/auditentry/").content.decode()
    assert re.search(r">\s*今天 \d\d:\d\d", page)
