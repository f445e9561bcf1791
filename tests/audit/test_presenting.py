"""The log as people read it: names in place of keys, a closed mouth about what strangers typed, tiles that lead on."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from audit.services import record
from audit.states import Action
from people.models import User
from tests.audit.conftest import House

LIST = "admin:audit_auditentry_changelist"


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user, "people.backends.PasswordBackend")
    return client


def test_keys_and_codes_are_shown_as_names(house: House) -> None:
    area = house.auditor.areas_of("audit_admin")
    code = next(iter(area))
    entry = record(Action.GRANT, actor=house.auditor, subject=f"u:{house.clerk.pk}", area_code=code)
    client = _as(house.auditor)
    page = client.get(reverse(LIST), {"action__exact": Action.GRANT}).content.decode()
    assert f"{house.clerk.name}（{house.clerk.username}）" in page
    assert f"u:{house.clerk.pk}<" not in page
    one = client.get(reverse("admin:audit_auditentry_change", args=[entry.pk])).content.decode()
    assert f"{house.clerk.name}（{house.clerk.username}）" in one


def test_a_refused_sign_in_says_whose_account_or_that_there_is_none(house: House) -> None:
    door = Client()
    for name in (house.clerk.username, "13800001111"):
        door.post(reverse("admin:login"), {"username": name, "password": "wrong-one"})
    stranger = AuditEntry.objects.filter(action=Action.SIGN_IN_FAILED, subject="").latest("pk")
    page = _as(house.auditor).get(reverse(LIST), {"action__exact": Action.SIGN_IN_FAILED}).content.decode()
    assert "没有这个用户名" in page and stranger.params["name_key"][:6] in page
    assert "13800001111" not in page
    assert f"（{house.clerk.username}）" in page


def test_the_start_page_counts_what_matters_and_leads_there(house: House) -> None:
    record(Action.SIGN_IN_FAILED, actor=None)
    client = _as(house.auditor)
    tiles = {str(tile["label"]): tile for tile in client.get(reverse("admin:index")).context["tiles"]}
    failed = tiles["今天登录失败"]
    assert (failed["value"], failed["tone"]) == ("1", "warn")
    assert tiles["今天登录锁定"]["tone"] == ""
    parts = urlsplit(failed["url"])
    found = client.get(f"{parts.path}?{parts.query}").context["cl"].result_list
    assert [entry.action for entry in found] == [Action.SIGN_IN_FAILED]
