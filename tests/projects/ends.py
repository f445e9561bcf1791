"""Agreements and projects of the tests' own that come to their end: one asks, another one agrees."""

from __future__ import annotations

from typing import Any

from people.models import User
from projects import services
from projects.models import Agreement, Project
from tests.cast import Street, fresh


def closed(street: Street, row: Agreement) -> Agreement:
    services.ask_close(pk=row.pk, by=fresh(street.clerk), version=None, words="都办好了")
    return services.agree_to_end(pk=row.pk, by=fresh(street.leader), version=None)


def ended(street: Street, row: Agreement, words: str = "区里统一安排了") -> Agreement:
    services.ask_end(pk=row.pk, by=fresh(street.clerk), version=None, words=words)
    return services.agree_to_end(pk=row.pk, by=fresh(street.leader), version=None)


def finished(street: Street, row: Project, outcome: str, **more: Any) -> Project:
    services.ask_finish(pk=row.pk, by=fresh(street.clerk), version=None, outcome=outcome, **more)
    return agreed(street.leader, row)


def stopped(street: Street, row: Project, words: str) -> Project:
    services.stop_project(pk=row.pk, by=fresh(street.clerk), version=None, words=words)
    return agreed(street.leader, row)


def agreed(user: User, row: Project) -> Project:
    return services.agree_to_end_project(pk=row.pk, by=fresh(user), version=None)
