"""Every way somebody could try to change what was signed. Each is a name and something that should be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, models

from alliance.lib.errors import DomainError
from people.models import User
from projects import services
from projects.frozen import ALIVE
from projects.models import Agreement, Amendment, Ask, Party, Target

Attack = tuple[str, Callable[[], Any]]
MADE = {"street_code", "search_text", "search"}


def another(field: Any, value: Any) -> Any:
    """A value that ``field`` may have and does not."""
    if field.is_relation:
        return field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True).first()
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, date):
        return value - timedelta(days=1)
    if value is None:
        return field.to_python("2026-01-01") if isinstance(field, models.DateField) else "1"
    if isinstance(field, models.UUIDField):
        return uuid4()
    if field.name in {"sha256", "asked_sha256"}:
        return "0" * 64
    if field.choices:
        return next(choice for choice, _label in field.choices if choice != value)
    return f"{value}改"[-(field.max_length or 10_000) :]


def columns(row: models.Model) -> Iterator[Any]:
    """Those that stand once it is signed."""
    alive = {*ALIVE[row._meta.db_table], *MADE}
    yield from (field for field in row._meta.concrete_fields if field.column not in alive and not field.primary_key)


def by_columns(row: Any) -> Iterator[Attack]:
    """One column after another: by the ORM in three ways, and by SQL."""
    model, table = type(row), row._meta.db_table
    for field in columns(row):
        value = another(field, getattr(row, field.attname))
        if value is None:
            continue  # nobody else there to point to
        name = f"{model.__name__}.{field.name}"

        def update(field: Any = field, value: Any = value) -> None:
            model.objects.filter(pk=row.pk).update(**{field.attname: value})

        def save(field: Any = field, value: Any = value, *, some: bool) -> None:
            copy = model.objects.get(pk=row.pk)
            setattr(copy, field.attname, value)
            copy.save(update_fields=[field.attname] if some else None)

        def sql(field: Any = field, value: Any = value) -> None:
            _run(f'UPDATE {table} SET "{field.column}" = %s WHERE id = %s', [_plain(value), row.pk])  # noqa: S608

        yield f"{name} update()", update
        yield f"{name} save()", lambda save=save: save(some=False)
        yield f"{name} save(update_fields)", lambda save=save: save(some=True)
        yield f"{name} SQL", sql


def _plain(value: Any) -> Any:
    return str(value) if not isinstance(value, bool | int | date | Decimal) else value


def _run(statement: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def by_rows(row: Agreement) -> Iterator[Attack]:
    """Parts that come, go or move; whole tables; triggers that are switched off."""
    party, target = row.parties.get(), row.targets.get()
    amendment, ask = row.amendments.get(), Ask.objects.filter(party=party, amendment=None).get()
    other = party.unit.__class__.objects.exclude(pk=party.unit_id)[0]
    yield "another party", lambda: Party.objects.create(agreement=row, unit=other, name=other.name, duties="车")
    yield (
        "bulk parties",
        lambda: Party.objects.bulk_create([Party(agreement=row, unit=other, name=other.name, duties="车")]),
    )
    yield "another target", lambda: Target.objects.create(agreement=row, name="新指标", amount=1, measure="次")
    yield "party goes", party.delete
    yield "parties go", row.parties.all().delete
    yield "target goes", target.delete
    yield "another unit as party", lambda: _at_once(lambda: row.parties.update(unit=other))
    for one in (row, amendment, ask):
        yield (
            f"{type(one).__name__} goes",
            lambda one=one: one._meta.model.objects.filter(pk=one.pk)._raw_delete("default"),
        )
    for table in ("agreement", "amendment", "ask", "party", "target", "agreementevent"):
        name = f"projects_{table}"
        yield f"{name} emptied", lambda name=name: _run(f"TRUNCATE {name} CASCADE")
        yield f"{name} trigger off", lambda name=name: _run(f"ALTER TABLE {name} DISABLE TRIGGER ALL")
        if table not in {"party", "target"}:
            yield f"{name} deleted", lambda name=name: _run(f"DELETE FROM {name}")  # noqa: S608
    yield "replica", lambda: _run("SET session_replication_role = replica")
    yield "function", lambda: _run("DROP FUNCTION tongxin_signed_stands CASCADE")
    for name, value in (("answer", "no"), ("sha256", "0" * 64), ("turn", 99), ("answered_at", "2020-01-01T00:00Z")):
        yield (
            f"the answer's {name}",
            lambda name=name, value=value: Ask.objects.filter(pk=ask.pk).update(**{name: value}),
        )
    yield "signed without being asked", lambda: _signed_out_of_nothing(row)


def _at_once(change: Callable[[], Any]) -> None:
    """With what the database would look at when it commits."""
    change()
    _run("SET CONSTRAINTS ALL IMMEDIATE")


def _signed_out_of_nothing(row: Agreement) -> None:
    """A second one, signed as it is written."""
    copy = Agreement.objects.get(pk=row.pk)
    copy.pk, copy.client_key, copy.number, copy._state.adding = None, uuid4(), f"{row.number}-x", True
    copy.save(force_insert=True)


def by_services(row: Agreement, by: User, typed: dict[str, Any]) -> Iterator[Attack]:
    """The verbs that change a draft, on what was signed."""
    amendment, given = row.amendments.get(), {"by": by, "version": None}
    yield "edit_agreement", lambda: services.edit_agreement(pk=row.pk, **given, **typed)
    yield "edit_amendment", lambda: services.edit_amendment(pk=amendment.pk, **given, words="别的")
    for of, one in ((Agreement, row), (Amendment, amendment)):
        yield f"send {of.__name__}", lambda of=of, one=one: services.send_paper(of=of, pk=one.pk, **given)
        yield (
            f"recall {of.__name__}",
            lambda of=of, one=one: services.recall_paper(of=of, pk=one.pk, **given, words="改"),
        )
        yield f"drop {of.__name__}", lambda of=of, one=one: services.drop_paper(of=of, pk=one.pk, **given, words="改")
        yield (
            f"refuse {of.__name__}",
            lambda of=of, one=one: services.refuse_paper(of=of, pk=one.pk, **given, words="改"),
        )
        yield (
            f"sign {of.__name__}",
            lambda of=of, one=one: services.sign_paper(
                of=of, pk=one.pk, **given, signed_on=date(2026, 1, 1), place="别处"
            ),
        )


def refused(attack: Callable[[], Any]) -> str:
    """What the attack came to: the kind of refusal, or empty if it went through. Nothing of it stays."""
    from django.db import DatabaseError, transaction

    class Undone(Exception):
        pass

    try:
        with transaction.atomic():
            attack()
            raise Undone
    except Undone:
        return ""
    except (DatabaseError, DomainError) as error:
        return type(error).__name__
