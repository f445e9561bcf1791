"""Two streets with an audit administrator each, and somebody who works in the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from people.models import Area, User

PASSWORD = "Wan-Shou-Qiao-2026"


@dataclass(frozen=True)
class House:
    """The people of these tests."""

    street: Area
    other_street: Area
    auditor: User
    other_auditor: User
    clerk: User


@pytest.fixture
def house(db: None) -> House:
    # Imported here: pytest may read this file before Django is set up.
    from people.models import Area, User
    from people.services.accounts import create_user, grant_role
    from people.states import Level, Role

    def person(username: str, name: str, role: str, area: Area) -> User:
        user = create_user(username=username, name=name, password=PASSWORD)
        grant_role(user=user, role=role, area=area, by=None)
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        return User.objects.get(pk=user.pk)

    district = Area.objects.create(code="330109", name="某某区", level=Level.DISTRICT)
    street = Area.objects.create(code="330109001", name="甲街道", level=Level.STREET, parent=district)
    other = Area.objects.create(code="330109002", name="乙街道", level=Level.STREET, parent=district)
    return House(
        street=street,
        other_street=other,
        auditor=person("shenji1", "申一", Role.AUDIT_ADMIN, street),
        other_auditor=person("shenji2", "申二", Role.AUDIT_ADMIN, other),
        clerk=person("xujia", "许佳", Role.STREET_STAFF, street),
    )
