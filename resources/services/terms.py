"""When a resource is open and how one books it, kept together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from django.db import transaction

from people.models import User
from resources.models import Resource
from resources.services.hours import own_spans
from resources.services.offering import ResourceFields, change_hours, edit_resource, hold
from resources.states import ResourceVerb


@transaction.atomic
def set_terms(
    *, pk: int, by: User, version: int | None, spans: Iterable[tuple[int, int, int]], **rules: Unpack[ResourceFields]
) -> Resource:
    """The hours of the week and the ``rules``, both or neither; what is as it was is not written again.

    Raises as ``hold``, ``set_hours`` and ``edit_resource``.
    """
    row = hold(pk, by, ResourceVerb.EDIT, version)
    wanted = sorted(list(span) for span in spans)
    if wanted != own_spans(row):
        row = change_hours(pk=pk, by=by, version=row.version, spans=[(day, a, b) for day, a, b in wanted])
    if any(getattr(row, name) != value for name, value in rules.items()):
        row = edit_resource(pk=pk, by=by, version=row.version, **rules)
    return row
