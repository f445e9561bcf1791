"""The log on the workbench: read by audit administrators of the street, changed by nobody."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from audit.services import record, seal
from audit.states import Action
from people.models import User
from tests.audit.conftest import House

LIST = "admin:audit_auditentry_changelist"
ONE = "admin:audit_auditentry_change"


def _as(user: User) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(user, "people.backends.PasswordBackend")
    return client


def _two_streets(house: House) -> tuple[AuditEntry, AuditEntry]:
    here = record(Action.REVEAL, actor=house.clerk, subject="XQ-JJ-20261121-0001", area_code="330109001001")
    there = record(Action.REVEAL, actor=house.clerk, subject="XQ-YJ-20261121-0002", area_code="330109002001")
    return here, there


def test_the_list_shows_the_own_street_and_not_the_other(house: House) -> None:
    _two_streets(house)
    page = _as(house.auditor).get(reverse(LIST)).content.decode()
    assert "XQ-JJ-20261121-0001" in page
    assert "XQ-YJ-20261121-0002" not in page


def test_an_entry_is_read_and_an_entry_of_the_other_street_is_not(house: House) -> None:
    here, there = _two_streets(house)
    client = _as(house.auditor)
    page = client.get(reverse(ONE, args=[here.pk]))
    assert page.status_code == 200
    assert "查看联系方式" in page.content.decode()
    assert "XQ-YJ" not in client.get(reverse(ONE, args=[there.pk]), follow=True).content.decode()


def test_filtered_by_action_and_searched_by_person_or_subject(house: House) -> None:
    _two_streets(house)
    record(Action.EXPORT, actor=house.auditor, subject="2026-11", area_code="330109001")
    client = _as(house.auditor)

    def found(**query: str) -> set[str]:
        return {entry.subject for entry in client.get(reverse(LIST), query).context["cl"].result_list}

    assert found(action__exact=Action.EXPORT) == {"2026-11"}
    assert "XQ-JJ-20261121-0001" in found(q="许佳")
    assert "2026-11" not in found(q="许佳")
    assert found(q="XQ-JJ-20261121-0001") == {"XQ-JJ-20261121-0001"}
    assert "XQ-JJ-20261121-0001" in found(q="xujia")
    assert found(q="没有这个人") == set()


def test_the_start_page_shows_the_newest_entries_and_where_one_is(house: House) -> None:
    here, there = _two_streets(house)
    page = _as(house.auditor).get(reverse("admin:index"))
    words = page.content.decode()
    assert "XQ-JJ-20261121-0001" in words and reverse(ONE, args=[here.pk]) in words
    assert "XQ-YJ-20261121-0002" not in words and reverse(ONE, args=[there.pk]) not in words
    assert [item["label"] for section in page.context["nav"] for item in section["items"] if item["current"]] == [
        "工作台"
    ]
    assert 'id="base-data"' not in words  # nothing to set up: the menu has all the lists already


def test_nobody_writes_the_log_by_hand(house: House) -> None:
    here, _there = _two_streets(house)
    client = _as(house.auditor)
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert client.post(reverse(ONE, args=[here.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_delete", args=[here.pk]), {"post": "yes"}).status_code == 403
    here.refresh_from_db()
    assert here.reason == ""


def test_who_is_no_audit_administrator_sees_neither_log_nor_seals(house: House) -> None:
    _two_streets(house)
    seal()
    client = _as(house.clerk)
    for name in (LIST, "admin:audit_auditseal_changelist"):
        assert client.get(reverse(name)).status_code == 403
    assert _as(house.auditor).get(reverse("admin:audit_auditseal_changelist")).status_code == 200
