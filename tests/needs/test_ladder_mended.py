"""The first response's ladder as it stood before: mended where nobody has changed it, left where somebody has."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from deadlines.models import ChaseStep

pytestmark = pytest.mark.django_db
KIND = "needs.first_response"
BEFORE = [(0, "supervisor"), (1, "party_office")]
AFTER = [(0, "hands"), (1, "supervisor"), (3, "party_office")]
mend = import_module("needs.migrations.0016_first_response_ladder").mend_ladder


def ladder(*steps: tuple[int, str]) -> list[tuple[int, str]]:
    """The ladder after ``steps``, if given, took its place and it was mended."""
    if steps:
        ChaseStep.objects.filter(kind=KIND).delete()
        ChaseStep.objects.bulk_create(ChaseStep(kind=KIND, offset=at, audience=to) for at, to in steps)
    mend(apps, None)
    return list(ChaseStep.objects.filter(kind=KIND).order_by("offset").values_list("offset", "audience"))


def test_as_it_was_it_is_mended_once() -> None:
    assert ladder(*BEFORE) == AFTER
    assert ladder() == AFTER


def test_what_a_street_has_changed_stays() -> None:
    own = [(0, "supervisor"), (2, "party_office")]
    assert ladder(*own) == own


def test_a_rung_that_was_switched_off_stays_off() -> None:
    ladder(*AFTER)
    ChaseStep.objects.filter(kind=KIND).delete()
    ChaseStep.objects.bulk_create(ChaseStep(kind=KIND, offset=at, audience=to, is_active=at == 0) for at, to in BEFORE)
    assert ladder() == BEFORE
