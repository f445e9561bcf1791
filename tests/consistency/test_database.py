"""What the database itself holds: who points at whom, what can only grow, what the application may not do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel

from alliance.lib.dbroles import APPLICATION_ROLE, append_only_tables
from tests.consistency.site import World

REPO = Path(__file__).resolve().parents[2]
OURS = (
    *("people", "audit", "files", "notifications", "transfers", "members"),
    *("claims", "resources", "points", "needs", "projects", "volunteers", "meetings", "portal", "desk"),
)
RELEASED = (*OURS, "deadlines")
COUNT = "SELECT count(*) FROM {0}"
STATEMENTS = ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")


def _our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def _ranks() -> dict[str, int]:
    """App → its height, from the layer contract: apps on one line are of one height."""
    contracts = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"].startswith("Rooms"))
    ranks = {}
    for height, line in enumerate(reversed(layers)):
        for name in line.replace("|", ":").split(":"):
            ranks[name.strip().strip("()")] = height
    return ranks


def test_no_foreign_key_points_upward_or_sideways() -> None:
    ranks, wrong = _ranks(), []
    for model in _our_models():
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_label
            here = model._meta.app_label
            if other in OURS and other != here and ranks[other] >= ranks[here]:
                wrong.append(f"{model.__name__}.{field.name} → {other}")
    assert not wrong


def test_nothing_is_deleted_along_with_something_else() -> None:
    """Every foreign key of ours protects what it points at."""
    for model in _our_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                assert field.remote_field.on_delete is models.PROTECT, f"{model.__name__}.{field.name}"


def test_every_constraint_has_a_name_of_its_own() -> None:
    names = [constraint.name for model in _our_models() for constraint in model._meta.constraints]
    assert len(names) == len(set(names))
    assert all(names)


def test_the_tests_run_as_the_application(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION_ROLE,)


def test_the_tables_that_only_grow_are_these(db: None) -> None:
    assert {"needs_needevent", "audit_auditentry", "audit_auditseal", "people_privacynotice"} <= set(
        append_only_tables()
    )


@pytest.mark.parametrize("table", append_only_tables())
def test_a_table_that_only_grows_has_both_guards(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [APPLICATION_ROLE, table, right])
            assert cursor.fetchone() == (False,), right
        cursor.execute("SELECT has_table_privilege(%s, %s, 'INSERT, SELECT')", [APPLICATION_ROLE, table])
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT tgtype::int, tgenabled FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND p.proname = 'tongxin_append_only'",
            [table],
        )
        triggers = dict(cursor.fetchall())
    # pg_trigger.tgtype: 1 row, 2 before, 8 delete, 16 update, 32 truncate.
    assert set(triggers) == {1 | 2 | 8 | 16, 2 | 32}
    assert set(triggers.values()) == {"O"}


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", append_only_tables())
def test_the_application_cannot_rewrite_it(world: World, table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table))
        before = cursor.fetchone()
        assert before > (0,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table))
        assert cursor.fetchone() == before


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", append_only_tables())
def test_the_trigger_alone_refuses_too(world: World, as_owner: Any, table: str, statement: str) -> None:
    """A right granted by mistake is not enough."""
    as_owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_owner.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO {APPLICATION_ROLE}; SET ROLE {APPLICATION_ROLE}")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        as_owner.execute(statement.format(table))
    assert "append-only" in str(refused.value) or "permission denied" in str(refused.value)


@pytest.mark.parametrize("model", [m for m in _our_models() if getattr(m, "append_only", False)])
def test_the_orm_cannot_rewrite_it(world: World, model: Any) -> None:
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(id=row.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_application_cannot_change_the_schema(db: None) -> None:
    for statement in (
        "CREATE TABLE x (id int)",
        "DROP TABLE needs_need",
        "ALTER TABLE needs_needevent DISABLE TRIGGER ALL",
        "DROP FUNCTION tongxin_append_only CASCADE",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_session_settings_that_switch_triggers_off_are_not_the_applications(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


def test_every_statement_waits_for_a_lock_three_seconds_at_most(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)


@pytest.mark.parametrize("model", _our_models())
def test_personal_columns_are_encrypted(model: type[models.Model]) -> None:
    """A column named after what identifies a person holds ciphertext or a digest."""
    telling = ("phone", "contact_name", "helped_name", "id_card", "tracking_code", "link_token", "address")
    public = {"Activity.phone", "Area.phone", "Resource.phone", "Resource.address"}  # of offices, halls and stations
    for field in model._meta.concrete_fields:
        label = f"{model.__name__}.{field.name}"
        if any(word in field.name for word in telling) and not field.name.endswith(("_index", "_key")):
            assert type(field).__name__ == "EncryptedField" or label in public, label


def _added_later() -> set[tuple[str, str]]:
    """(table, column) of every column that a later migration added to a table of the first release."""
    migrations = {key: one for key, one in MigrationLoader(connection).disk_migrations.items() if key[0] in RELEASED}
    first = {
        (app, operation.name_lower)
        for (app, name), migration in migrations.items()
        for operation in migration.operations
        if name.startswith("0001") and isinstance(operation, CreateModel)
    }
    found = set()
    for (app, name), migration in migrations.items():
        for operation in migration.operations:
            if name.startswith("0001") or not isinstance(operation, AddField):
                continue
            if (app, operation.model_name_lower) in first:
                model = apps.get_model(app, operation.model_name)
                found.add((model._meta.db_table, model._meta.get_field(operation.name).column))
    return found


def test_columns_added_later_do_not_break_processes_that_do_not_know_them(db: None) -> None:
    """During an upgrade the processes of before go on writing: what may not be empty fills itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_nullable = 'NO' AND column_default IS NULL"
            " AND is_generated = 'NEVER'"
        )
        demanding = set(cursor.fetchall())
    added = _added_later()
    assert ("needs_need", "erase_on_end") in added and ("people_user", "email") in added
    assert ("needs_need", "words") in demanding, "a column that old processes know may demand a value"
    assert not added & demanding, sorted(added & demanding)
