"""What staff meet beside the straight way: refusals inside the workbench's frame, and at the right field."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from needs.services.handling import accept_need
from tests.cast import Cast, browser_of, say_need

pytestmark = pytest.mark.django_db
FRAME = 'id="nav-sidebar"'


@pytest.mark.parametrize(
    ("path", "status"), [("needs/need/999999/change/", 404), ("nowhere/", 404), ("audit/auditentry/", 403)]
)
def test_an_error_inside_the_workbench_keeps_its_frame(cast: Cast, path: str, status: int) -> None:
    page = browser_of(cast.chengxiang.worker).get(f"/admin/{path}")
    assert page.status_code == status
    text = page.content.decode()
    assert FRAME in text and reverse("admin:needs_need_changelist") in text


def test_a_form_kept_open_too_long_keeps_the_frame_too(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.chengxiang.worker, "people.backends.PasswordBackend")
    page = client.post(reverse("admin:inbox"), {"read": "all"})
    assert page.status_code == 403
    assert FRAME in page.content.decode()


def test_an_error_elsewhere_or_of_a_stranger_stays_public(cast: Cast, client: Client) -> None:
    assert FRAME not in client.get("/admin/nowhere/", follow=True).content.decode()
    assert FRAME not in browser_of(cast.chengxiang.worker).get("/nowhere/").content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_missing_reason_is_said_at_its_field(cast: Cast, htmx: bool) -> None:
    need = say_need(cast.chengxiang.home, phone="13912345678")
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    client = browser_of(cast.chengxiang.secretary)
    answer = client.post(
        reverse("admin:needs_need_dial", args=[need.pk]),
        {"reason": " "},
        headers={"HX-Request": "true"} if htmx else {},
    )
    page = answer.content.decode()
    assert 'id="reveal" open' in page and "请写一句为什么要看" in page and 'aria-invalid="true"' in page
    assert "13912345678" not in page and "139 1234 5678" not in page
    assert answer.status_code == (200 if htmx else 422)
    assert answer.headers.get("HX-Retarget") == ("#reveal" if htmx else None)


def test_who_answers_in_anothers_need_is_told_so(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    address = reverse("admin:needs_need_change", args=[need.pk])
    warning = f"这件在{cast.chengxiang.worker.name}手里"
    assert warning in browser_of(cast.chengxiang.secretary).get(address).content.decode()
    assert warning not in browser_of(cast.chengxiang.worker).get(address).content.decode()
