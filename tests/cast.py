"""The fixed cast: two streets that must not see into each other, and the same people in both.

Every "may X see Y's?" has an answer here: ``cast.chengxiang.worker`` and ``cast.xiasha.worker`` are twins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from members.models import Liaison, MemberUnit
from members.states import UnitKind
from needs.models import Need
from needs.services.intake import NeedDraft, submit_need
from people.models import Area, RoleGrant, User
from people.services.areas import import_areas
from people.services.residents import open_account
from people.states import Role, SignIn

LONG_AGO = date(2026, 1, 1)
"""Since when the cast hold their roles and seats: tests go to days of this year that have passed by now."""
PASSWORD = "Wan-Shou-Qiao-2026"
BACKEND = "people.backends.PasswordBackend"
PHONE_BACKEND = "people.backends.PhoneBackend"
WORDS = "我们楼道里的灯坏了一个多礼拜，晚上看不见台阶。"

AREAS = [
    ("3301", "杭州市", "city", ""),
    ("330109", "萧山区", "district", "3301"),
    ("330114", "钱塘区", "district", "3301"),
    ("330109001", "城厢街道", "street", "330109"),
    ("330109001028", "拱秀社区", "community", "330109001"),
    ("330109001048", "万寿桥社区", "community", "330109001"),
    ("330114001", "下沙街道", "street", "330114"),
    ("330114001001", "头格社区", "community", "330114001"),
    ("330114001003", "智格社区", "community", "330114001"),
]
ROLES = {
    "worker": ("home", Role.COMMUNITY_STAFF),
    "secretary": ("home", Role.COMMUNITY_SECRETARY),
    "grid_lead": ("home", Role.GRID_LEAD),
    "grid_full": ("home", Role.GRID_FULL),
    "grid_part": ("home", Role.GRID_PART),
    "neighbour": ("next_door", Role.COMMUNITY_STAFF),
    "clerk": ("street", Role.STREET_STAFF),
    "section_head": ("street", Role.SECTION_HEAD),
    "party_office": ("street", Role.PARTY_OFFICE),
    "leader": ("street", Role.LEADER),
    "system_admin": ("street", Role.SYSTEM_ADMIN),
    "security_admin": ("street", Role.SECURITY_ADMIN),
    "audit_admin": ("street", Role.AUDIT_ADMIN),
}


@dataclass(frozen=True, kw_only=True)
class Street:
    """One street, two of its communities, somebody of every role, a liaison of a unit."""

    street: Area
    home: Area
    next_door: Area
    worker: User
    secretary: User
    grid_lead: User
    grid_full: User
    grid_part: User
    neighbour: User
    clerk: User
    section_head: User
    party_office: User
    leader: User
    system_admin: User
    security_admin: User
    audit_admin: User
    liaison: User

    def people(self) -> dict[str, User]:
        """Everybody of the street, by what they are."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: person for name, person in named.items() if isinstance(person, User)}


@dataclass(frozen=True)
class Cast:
    """The twins, and somebody who has an account in 城厢 and nothing else."""

    chengxiang: Street
    xiasha: Street
    nobody: User


def build() -> Cast:
    """Everybody, in a few statements: that services make people rightly is another test's business."""
    _make_areas()
    areas = Area.objects.in_bulk()
    nobody = User(username="nobody", name="无名", area_id="330109001")
    nobody.set_unusable_password()
    plans = [
        _plan("cx", areas, "330109001", "330109001048", "330109001028"),
        _plan("xs", areas, "330114001", "330114001003", "330114001001"),
    ]
    User.objects.bulk_create([nobody, *(person for plan in plans for person in plan.people().values())])
    RoleGrant.objects.bulk_create(grant for plan in plans for grant in _grants(plan))
    for plan in plans:
        unit = MemberUnit.objects.create(name=f"{plan.street.name}中医院", kind=UnitKind.HOSPITAL, area=plan.street)
        Liaison.objects.create(unit=unit, user=plan.liaison, title="党办干事", starts_on=LONG_AGO)
    return Cast(*plans, nobody)


_areas_made: list[dict[str, Any]] = []


def _make_areas() -> None:
    """By the importer; the next time in this process as it has made them, where there are none."""
    if _areas_made and not Area.objects.exists():
        Area.objects.bulk_create(Area(**row) for row in _areas_made)
        return
    known = Area.objects.exists()
    import_areas([dict(zip(("code", "name", "level", "parent_code"), row, strict=True)) for row in AREAS], served=True)
    if not known:
        _areas_made[:] = Area.objects.order_by("code").values()


def _plan(mark: str, areas: dict[Any, Area], *codes: str) -> Street:
    """One street, with people who are not stored yet."""
    places = dict(zip(("street", "home", "next_door"), (areas[code] for code in codes), strict=True))
    template = User(username="template")
    template.set_password(PASSWORD)
    return Street(
        **places,
        **{
            name: User(
                username=f"{mark}-{name}", name=f"{mark}{name}"[:30], password=template.password, area=places["street"]
            )
            for name in (*ROLES, "liaison")
        },
    )


def _grants(plan: Street) -> Iterator[RoleGrant]:
    for name, (place, role) in ROLES.items():
        yield RoleGrant(user=getattr(plan, name), role=role, area=getattr(plan, place), starts_on=LONG_AGO)


_phones = count(13800000000)


def draft(area: Area, **changes: Any) -> NeedDraft:
    """What a resident types; ``changes`` are fields typed differently."""
    typed: dict[str, Any] = {
        "client_key": uuid4(),
        "words": WORDS,
        "place": "湘湖路小区 6幢2单元",
        "area_code": area.pk,
        "name": "赵阿婆",
        "phone": str(next(_phones)),
        "consented": True,
        "notice_version": 1,
    }
    return NeedDraft(**{**typed, **changes})


def say_need(area: Area, **changes: Any) -> Need:
    """A need as it stands after a resident has said it."""
    return Need.objects.get(pk=submit_need(draft(area, **changes)).pk)


def resident(phone: str, name: str = "赵阿婆") -> User:
    """Somebody who has signed in with ``phone`` and agreed to the notice."""
    return open_account(phone=phone, name=name, consented=True, notice_version=1)


def fresh(person: User) -> User:
    """``person`` as the next request would load it: nothing remembered."""
    return User.objects.get(pk=person.pk)


def browser_of(person: User | None, **options: Any) -> Client:
    """A browser, signed in as ``person`` (None: a visitor)."""
    client = Client(**options)
    if person is not None:
        client.force_login(fresh(person), PHONE_BACKEND if person.sign_in == SignIn.PHONE else BACKEND)
    return client


def api_of(person: User | None) -> APIClient:
    """A script with a token of ``person`` (None: without any)."""
    client = APIClient(enforce_csrf_checks=True)
    if person is not None:
        _instance, token = AuthToken.objects.create(user=person)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def at_once(work: Callable[[int], Any], threads: int) -> list[Any]:
    """``work(0)``, ``work(1)`` … in as many threads that start together, each with a connection of its own.

    What a thread raises is its result.
    """
    gate = threading.Barrier(threads)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
