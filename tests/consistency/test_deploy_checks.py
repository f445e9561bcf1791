"""What the deployment check says of a database role that could rewrite history."""

from __future__ import annotations

import pytest
from django.db import connection

from alliance.checks import role_cannot_change_history


@pytest.mark.django_db
def test_the_applications_role_passes_and_the_owner_is_refused() -> None:
    assert role_cannot_change_history(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        try:
            problems = role_cannot_change_history(databases=["default"])
        finally:
            cursor.execute("SET ROLE tongxin_app")
    assert [problem.id for problem in problems] == ["tongxin.E002"]
