"""Seals cover every entry, in whatever order transactions commit, and show what was changed since."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.models import AuditEntry, AuditSeal
from audit.services import record, seal, verify
from audit.states import Action
from audit.tasks import seal as seal_task


def _write(count: int = 3) -> list[AuditEntry]:
    return [record(Action.DIAL, actor=None, subject=f"XQ-CX-20261121-{n:04d}", params={"n": n}) for n in range(count)]


def _in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """``work`` with a connection of its own that is closed afterwards."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


@pytest.mark.django_db
def test_nothing_to_seal_makes_no_seal() -> None:
    assert seal() is None
    assert verify() == []


@pytest.mark.django_db
def test_every_entry_is_sealed_once_and_the_chain_holds() -> None:
    _write(3)
    first = seal()
    _write(2)
    second = seal()
    assert first is not None
    assert second is not None
    assert (first.count, second.count) == (3, 2)
    assert second.first == first.up_to + 1
    assert second.previous_hash == first.hash
    assert seal() is None
    assert verify() == []


@pytest.mark.django_db
def test_running_the_task_twice_changes_nothing_the_second_time() -> None:
    _write()
    seal_task()
    seal_task()
    assert AuditSeal.objects.count() == 1


@pytest.mark.django_db
def test_entries_of_a_transaction_that_failed_leave_a_gap_that_seals_do_not_mind() -> None:
    _write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _write(1)
        raise ZeroDivisionError
    _write(1)
    made = seal()
    assert made is not None
    assert made.count == 2
    assert verify() == []


EDITS = {
    "changed": "UPDATE audit_auditentry SET subject = 'XQ-CX-20261121-9999' WHERE id = %s",
    "missing": "DELETE FROM audit_auditentry WHERE id = %s",
    "added": "INSERT INTO audit_auditentry"
    " (at, actor_label, action, subject, area_code, reason, params, ip, ip_key, id)"
    " SELECT at, '', 'dial', 'XQ-CX-20261121-8888', '', '', '{}', '', '', id - 1 FROM audit_auditentry"
    " WHERE id = %s",
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", EDITS)
def test_what_the_owner_changes_behind_our_back_is_found(kind: str, as_owner: Any) -> None:
    _write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _write(1)
        raise ZeroDivisionError
    after_a_gap, _last = _write(2)
    seal()
    assert verify() == []
    as_owner.execute(EDITS[kind], [after_a_gap.pk])
    assert kind in [problem.kind for problem in verify()]


@pytest.mark.django_db
def test_a_seal_taken_out_of_the_chain_is_found(as_owner: Any) -> None:
    for _round in range(3):
        _write(2)
        seal()
    middle = AuditSeal.objects.order_by("pk")[1]
    as_owner.execute("DELETE FROM audit_auditseal WHERE id = %s", [middle.pk])
    assert [problem.kind for problem in verify()] == ["broken", "uncovered"]


SMUGGLED = EDITS["added"].replace("id - 1", "id - 1000000")


@pytest.mark.django_db
def test_no_entry_stands_where_no_seal_reaches(as_owner: Any) -> None:
    (entry,) = _write(1)
    seal()
    with pytest.raises(IntegrityError), transaction.atomic():
        as_owner.execute(SMUGGLED, [entry.pk])
    # A table cannot be altered while its foreign keys wait for the end of the transaction.
    as_owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    as_owner.execute("ALTER TABLE audit_auditentry DROP CONSTRAINT audit_id_from_one")
    as_owner.execute(SMUGGLED, [entry.pk])
    assert [problem.kind for problem in verify()] == ["uncovered"]


@pytest.mark.django_db
def test_a_chain_cut_at_its_end_is_found_by_a_digest_noted_outside(as_owner: Any) -> None:
    for _round in range(2):
        _write(2)
        seal()
    head = AuditSeal.objects.latest("pk")
    assert verify(head=head.hash) == []
    as_owner.execute("DELETE FROM audit_auditseal WHERE id = %s", [head.pk])
    as_owner.execute("DELETE FROM audit_auditentry WHERE id >= %s", [head.first])
    assert verify() == []
    assert [problem.kind for problem in verify(head=head.hash)] == ["head"]


@pytest.mark.django_db
def test_entries_that_nobody_seals_are_reported() -> None:
    AuditEntry.objects.create(action=Action.DIAL, at=timezone.now() - timedelta(days=2))
    assert [problem.kind for problem in verify()] == ["late"]


@pytest.mark.django_db
def test_the_command_says_that_all_is_well_or_fails(as_owner: Any) -> None:
    _write()
    made = seal()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert made is not None
    assert made.hash in out.getvalue()
    as_owner.execute("UPDATE audit_auditentry SET reason = 'x'")
    with pytest.raises(CommandError):
        call_command("verify_audit", stderr=StringIO())


def naive_boundary() -> int | None:
    """Control: what one would write without knowing that ids are drawn before commits."""
    return AuditEntry.objects.aggregate(highest=Max("pk"))["highest"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_is_still_open_is_not_skipped() -> None:
    drawn, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> int:
        with transaction.atomic():
            entry = record(Action.DIAL, actor=None, subject="slow")
            drawn.set()
            assert may_commit.wait(10)
        return entry.pk

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(_in_thread(slow_writer))
        assert drawn.wait(10)
        fast = record(Action.DIAL, actor=None, subject="fast")
        boundary, early = naive_boundary(), seal()
        may_commit.set()
        slow_id = slow.result(10)
    # The control has teeth: the naive boundary lies above an entry nobody could see yet.
    assert boundary == fast.pk > slow_id
    assert early is None
    late = seal()
    assert late is not None
    assert (late.count, late.up_to) == (2, fast.pk)
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_sealing_and_writing_from_many_sides_leaves_one_unbroken_chain() -> None:
    def writer() -> None:
        for _n in range(15):
            with transaction.atomic():
                _write(2)

    def sealer() -> None:
        for _n in range(25):
            seal()

    with ThreadPoolExecutor(6) as pool:
        for future in [pool.submit(_in_thread(work)) for work in (writer, sealer, writer, sealer, writer, sealer)]:
            future.result(60)
    seal()
    assert sum(AuditSeal.objects.values_list("count", flat=True)) == AuditEntry.objects.count() == 90
    assert verify() == []
