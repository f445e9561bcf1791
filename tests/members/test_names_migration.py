"""How the columns of names come into a table that is full: one statement, and once more does no harm."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from alliance.lib.search import AddNames

pytestmark = pytest.mark.django_db
NAMES = import_module("members.migrations.0007_names")
BEFORE = ("members", "0006_published_versions")


def _columns(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = 'members_memberunit' AND is_generated = 'ALWAYS'"
    )
    return {row[0] for row in cursor.fetchall()} - {"street_code"}


def test_both_columns_come_in_one_statement_and_a_second_attempt_goes_on(as_owner: Any) -> None:
    before = MigrationLoader(connection).project_state(BEFORE)
    after = before.clone()
    adding = AddNames("memberunit", NAMES.FOUND_BY["memberunit"])
    adding.state_forwards("members", after)
    with connection.schema_editor(atomic=False) as editor:
        adding.database_backwards("members", editor, after, before)
        assert _columns(as_owner) == set(), "control: they are gone"
        with CaptureQueriesContext(connection) as asked:
            adding.database_forwards("members", editor, before, after)
        assert len([row for row in asked if "ALTER TABLE" in row["sql"]]) == 1
        adding.database_forwards("members", editor, before, after)
    assert _columns(as_owner) == {"search", "search_text"}


def test_no_table_waits_for_another() -> None:
    assert NAMES.Migration.atomic is False
    added = [one.name for one in NAMES.Migration.operations if isinstance(one, AddNames)]
    assert sorted(added) == sorted(NAMES.FOUND_BY)
