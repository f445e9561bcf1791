"""What a list can be asked: its own filters, in words that can be words; nothing about other columns."""

from __future__ import annotations

import pytest

from people.models import User
from people.services.accounts import create_user
from tests.cast import Cast, browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=pbkdf2",
        "phone__contains=g",
        "phone_index=x",
        "session_epoch__gte=1",
        "grants__role=leader",
        "name__contains=a",
        "created_at__gte=2026-01-01",
    ],
)
def test_a_column_that_is_no_filter_answers_nothing(cast: Cast, query: str) -> None:
    assert browser_of(cast.chengxiang.system_admin).get(f"/admin/people/user/?{query}").status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("people/rolegrant/", "user__password__startswith=p"),
        ("people/rolegrant/", "role__startswith=l"),
        ("people/rolegrant/", "role__regex=l"),
        ("people/area/", "parent__name__contains=x"),
        ("notifications/message/", "title__contains=x"),
        ("notifications/message/", "params__number=x"),
    ],
)
def test_nor_does_another_question_about_a_filter(cast: Cast, path: str, query: str) -> None:
    assert browser_of(cast.chengxiang.system_admin).get(f"/admin/{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("who", "path", "query"),
    [
        ("system_admin", "people/rolegrant/", "role__exact=leader"),
        ("system_admin", "people/area/", "is_served__exact=1"),
        ("system_admin", "people/user/", "seat=none&is_active__exact=1&must_change_password__exact=0"),
        ("audit_admin", "audit/auditentry/", "at__gte=2026-11-01+00:00:00%2B08:00&at__lt=2026-12-01+00:00:00%2B08:00"),
        ("clerk", "members/memberunit/", "kind__exact=hospital&is_public__exact=0"),
    ],
)
def test_control_the_filters_of_the_page_work(cast: Cast, who: str, path: str, query: str) -> None:
    assert browser_of(getattr(cast.chengxiang, who)).get(f"/admin/{path}?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/admin/people/user/?q=%00",
        "/admin/people/area/?q=a%00b",
        "/admin/people/rolegrant/?role__exact=%00",
        "/admin/autocomplete/?term=%00&app_label=people&model_name=rolegrant&field_name=user",
        "/admin/autocomplete/?term=a%00&app_label=people&model_name=rolegrant&field_name=area",
    ],
)
def test_signs_that_are_no_signs_are_no_fault(cast: Cast, address: str) -> None:
    assert browser_of(cast.chengxiang.system_admin).get(address, follow=True).status_code == 200


def test_a_person_is_found_however_the_name_is_typed(cast: Cast) -> None:
    create_user(username="linlan", name="林岚", by=cast.chengxiang.system_admin)
    page = browser_of(cast.chengxiang.system_admin).get("/admin/people/user/", {"q": "林\u200b岚\x00"})
    assert "林岚" in page.content.decode()
    assert User.objects.filter(name="林岚").exists()
