"""Who sees which entries of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from people.querysets import STREET_LENGTH
from people.states import Role, SignIn

if TYPE_CHECKING:
    from audit.models import AuditEntry, AuditSeal  # noqa: F401 - named in the strings below


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Any) -> Self:
        """Audit administrators see the entries of their areas, and those that belong to no area.

        An entry without an area (an unknown name at the door) names nobody: every street may see it. Residents'
        comings and goings have no area either, and are no street's: a district or wider sees them.
        """
        codes = user.areas_of(Role.AUDIT_ADMIN)
        if not codes:
            return self.none()
        condition = Q(area_code="")
        if not any(len(code) < STREET_LENGTH for code in codes):
            condition &= ~(Q(actor__isnull=False, actor__sign_in=SignIn.PHONE) | Q(params__has_key="phone_key"))
        for code in codes:
            condition |= Q(area_code__startswith=code)
        return self.filter(condition)

    def between(self, after: int, up_to: int) -> Self:
        """Entries ``after`` < id ≤ ``up_to``, in the order in which they are sealed."""
        return self.filter(pk__gt=after, pk__lte=up_to).order_by("pk")


class AuditSealQuerySet(models.QuerySet["AuditSeal"]):
    def visible_to(self, user: Any) -> Self:
        """A seal tells nothing but that it is there: every audit administrator sees all of them."""
        return self if user.has_role(Role.AUDIT_ADMIN) else self.none()
