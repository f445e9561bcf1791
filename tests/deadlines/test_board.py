"""到期与提醒: who sees what, in which words, and that looking changes nothing."""

from __future__ import annotations

import pytest

from tests.cast import Cast, browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "tab", ["stages", "today", "late", "reminders", "trouble", "messages", "tomorrow", "kept", "nonsense"]
)
def test_every_tab_opens_empty(cast: Cast, tab: str) -> None:
    for person in (cast.chengxiang.worker, cast.chengxiang.party_office, cast.chengxiang.system_admin):
        assert browser_of(person).get(f"/admin/due/?tab={tab}").status_code == 200
