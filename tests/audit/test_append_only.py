"""The application cannot change the log; the owner can, which is what the seals are for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import AuditEntry, AuditSeal
from audit.services import record, seal
from audit.states import Action

STATEMENTS = {
    "update": "UPDATE audit_{0} SET id = id",
    "delete": "DELETE FROM audit_{0}",
    "truncate": "TRUNCATE audit_{0}",
}


@pytest.fixture
def sealed(db: None) -> AuditSeal:
    record(Action.DIAL, actor=None, subject="XQ-CX-20261121-0007")
    made = seal()
    assert made is not None
    with connection.cursor() as cursor:
        # A table cannot be truncated while its foreign keys wait for the end of the transaction.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return made


@pytest.mark.parametrize("table", ["auditentry", "auditseal"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_cannot(statement: str, table: str, sealed: AuditSeal) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[statement].format(table))
    assert AuditEntry.objects.exists()
    assert AuditSeal.objects.exists()


@pytest.mark.parametrize("table", ["auditentry", "auditseal"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_trigger_refuses_even_with_the_right_granted_by_mistake(
    statement: str, table: str, sealed: AuditSeal, as_owner: Any
) -> None:
    as_owner.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON audit_{table} TO tongxin_app; SET ROLE tongxin_app")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        as_owner.execute(STATEMENTS[statement].format(table))


@pytest.mark.parametrize("table", ["auditentry", "auditseal"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_control_the_owner_can(statement: str, table: str, sealed: AuditSeal, as_owner: Any) -> None:
    as_owner.execute(STATEMENTS[statement].format(table))
    as_owner.execute("SELECT count(*) FROM audit_auditentry")
    entries = as_owner.fetchone()[0]
    as_owner.execute("SELECT count(*) FROM audit_auditseal")
    rows = {"auditentry": entries, "auditseal": as_owner.fetchone()[0]}
    assert rows[table] == (1 if statement == "update" else 0)
