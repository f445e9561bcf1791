"""Agreements of the tests' own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from members.models import MemberUnit
from people.models import User
from projects import services
from projects.models import Agreement, Ask
from tests.cast import Street, fresh
from tests.claims.things import alliance_of, another_unit, unit_of

Who = tuple[MemberUnit, User]


def today() -> date:
    return timezone.localdate()


def typed(*units: MemberUnit, **changes: Any) -> dict[str, Any]:
    """What is typed of an agreement with ``units``."""
    said: dict[str, Any] = {
        "theme": "清厢之旅",
        "aim": "一起办行走的党课。\n每年五趟。",
        "office_duties": "联系参观点。",
        "starts_on": today(),
        "ends_on": today() + timedelta(days=364),
        "parties": [{"unit": unit.pk, "duties": "安排车辆。"} for unit in units],
        "targets": [{"name": "参加党员", "amount": "600", "measure": "人次"}],
    }
    return {**said, **changes}


def two_units(street: Street) -> tuple[Who, Who]:
    """The street's unit and another one, with who speaks for them."""
    alliance_of(street)
    return (unit_of(street), street.liaison), another_unit(street)


def drafted(street: Street, *units: MemberUnit, by: User | None = None, **changes: Any) -> Agreement:
    """By the street's clerk."""
    alliance_of(street)
    return services.draft_agreement(
        client_key=uuid4(),
        by=fresh(by or street.clerk),
        area=street.street.pk,
        **typed(*(units or (unit_of(street),)), **changes),
    )


def sent(street: Street, *units: MemberUnit, **changes: Any) -> Agreement:
    row = drafted(street, *units, **changes)
    return services.send_paper(of=Agreement, pk=row.pk, by=fresh(street.clerk), version=row.version)


def ask_of(row: Any, unit: MemberUnit) -> Ask:
    """What ``unit`` was asked last."""
    return (
        Ask.objects.filter(party__unit=unit).order_by("-pk").select_related("party").filter(void_at=None, answer="")[0]
    )


def say_yes(unit: MemberUnit, user: User, **more: Any) -> Ask:
    return services.answer_ask(pk=ask_of(None, unit).pk, by=fresh(user), yes=True, **more)


def approved(street: Street, *who: Who, **changes: Any) -> Agreement:
    """Confirmed by every unit, and approved by the party office."""
    who = who or ((unit_of(street), street.liaison),)
    row = sent(street, *(unit for unit, _user in who), **changes)
    for unit, user in who:
        say_yes(unit, user)
    row.refresh_from_db()
    return services.approve_paper(of=Agreement, pk=row.pk, by=fresh(street.party_office), version=row.version)


def signed(street: Street, *who: Who, **changes: Any) -> Agreement:
    alliance_of(street)
    row = approved(street, *who, **changes)
    return sign(row, street.clerk)


def sign(row: Any, by: User, **changes: Any) -> Any:
    said = {"signed_on": today(), "place": "街道党群服务中心", **changes}
    return services.sign_paper(of=type(row), pk=row.pk, by=fresh(by), version=row.version, **said)


def again(row: Any) -> Any:
    """``row`` as the next request would load it."""
    return type(row).objects.get(pk=row.pk)
