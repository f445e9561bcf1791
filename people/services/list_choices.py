"""What somebody last chose on a list: kept when they say so with a button, never by looking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from people.models import ListChoice, User


def recall(*, user: User, key: str) -> tuple[dict[str, str], list[str]]:
    """The remembered filter of the list ``key`` and its columns; empty where nothing was chosen."""
    found = ListChoice.objects.filter(user_id=user.pk, key=key).first()
    return (dict(found.query), list(found.columns)) if found else ({}, [])


def remember_query(*, user: User, key: str, query: Mapping[str, str]) -> None:
    """Keep this filter; an empty one is forgotten. The columns stay."""
    _keep(user, key, query=dict(query))


def remember_columns(*, user: User, key: str, columns: Iterable[str]) -> None:
    """Keep these columns; none means those every list begins with. The filter stays."""
    _keep(user, key, columns=list(columns))


@transaction.atomic
def _keep(user: User, key: str, **values: object) -> None:
    ListChoice.objects.update_or_create(user_id=user.pk, key=key, defaults=values)
    ListChoice.objects.filter(user_id=user.pk, key=key, query={}, columns=[]).delete()
