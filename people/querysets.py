"""Which rows of people, grants and areas one sees, and how rows are limited to areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance.lib.locking import LockingQuerySet
from alliance.lib.text import clean
from people.states import ADMIN_ROLES, Level, Role, SignIn

if TYPE_CHECKING:
    from people.models import (  # noqa: F401 (named in strings below)
        Area,
        CalendarLink,
        Consent,
        RoleGrant,
        SignInCode,
        User,
    )

STREET_LENGTH = 9


def within(codes: Iterable[str], *, area: str = "area__code", street: str = "street_code") -> Q:
    """The condition that a row lies in one of the areas ``codes`` (or below). No codes: no rows.

    A street is compared with the stored ``street_code``, which leads the list indexes; other areas by prefix.
    """
    condition = Q(pk__in=[])
    for code in set(codes):
        condition |= (
            Q(**{street: code}) if len(code) == STREET_LENGTH and street else Q(**{f"{area}__startswith": code})
        )
    return condition


class AreaQuerySet(LockingQuerySet["Area"]):
    """Areas are public names: everybody may see them."""

    def visible_to(self, user: Any) -> Self:
        return self

    def served(self) -> Self:
        """Streets that take needs: those with at least one alliance or grant are marked ``is_served``."""
        return self.filter(is_served=True)

    def takes_needs(self, code: str) -> Self:
        """The open street or community ``code`` (as typed), or no row: no case is sent to a whole district."""
        return self.served().filter(pk=clean(code), level__in=[Level.STREET, Level.COMMUNITY])

    def find_by_name(self, name: str) -> Area | None:
        """The area officially named ``name`` or known by it as an alias."""
        return self.filter(Q(name=name) | Q(aliases__contains=[name])).first()


class GrantQuerySet(LockingQuerySet["RoleGrant"]):
    def active(self, on: date | None = None) -> Self:
        """Grants in force on ``on`` (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def unended(self) -> Self:
        """Grants in force today or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=timezone.localdate()))

    def visible_to(self, user: Any) -> Self:
        if user.has_role(*ADMIN_ROLES):
            return self.filter(within(user.areas_of(*ADMIN_ROLES), street=""))
        return self.filter(user_id=user.pk)


class UserQuerySet(LockingQuerySet["User"]):
    def visible_to(self, user: Any) -> Self:
        """System and security administrators see the accounts at home or with a role in their areas."""
        codes = user.areas_of(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
        if not codes:
            return self.filter(pk=user.pk)
        granted = self.model._default_manager.filter(within(codes, area="grants__area__code", street=""))
        at_home = within(codes, area="area__code", street="")
        return self.filter(at_home | Q(pk__in=granted.values("pk")) | Q(pk=user.pk))


class ConsentQuerySet(LockingQuerySet["Consent"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for audit administrators those given in their areas as well."""
        given_there = within(user.areas_of(Role.AUDIT_ADMIN), area="area_code", street="")
        return self.filter(given_there | Q(subject_key=f"u:{user.pk}"))

    def own(self, user: User, sources: Iterable[str] = ()) -> Self:
        """What the person agreed to: with the account, and with the phone that opens it, since it is theirs or for one
        of ``sources`` (``consents_of``)."""
        mine = Q(subject_key=f"u:{user.pk}")
        if user.sign_in == SignIn.PHONE and user.phone_index:
            theirs = Q(given_at__gte=user.phone_since) | Q(source__in=list(sources))
            mine |= Q(theirs, subject_key=f"p:{user.phone_index}")
        return self.filter(mine)


class SignInCodeQuerySet(LockingQuerySet["SignInCode"]):
    def sent_to(self, phone_index: str, purpose: str) -> Self:
        """The codes of a phone for ``purpose``, newest first."""
        return self.filter(phone_index=phone_index, purpose=purpose).order_by("-id")

    def newest_of(self, phone_index: str, purpose: str) -> SignInCode | None:
        """The newest code of a phone for ``purpose``, locked: the only one that counts."""
        return self.select_for_update(of=("self",), no_key=True).sent_to(phone_index, purpose).first()


class CalendarLinkQuerySet(LockingQuerySet["CalendarLink"]):
    def live(self) -> Self:
        """In use."""
        return self.filter(revoked_at__isnull=True)


class ScopedQuerySet(models.QuerySet[Any]):
    """Mixin for rows that carry ``area`` and the generated ``street_code``."""

    def in_areas(self, codes: Iterable[str]) -> Self:
        return self.filter(within(codes))
