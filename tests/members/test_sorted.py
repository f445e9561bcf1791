"""Party organisations, units and buildings stand by sound and number, page by page, also those of before the key."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from alliance.lib.listing import Chosen, Reading, find
from members.models import PartyOrganisation
from members.services import create_organisation
from members.services.party import Entry
from members.states import PartyKind
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db
NAMES = ["第一党支部", "第二党支部", "第三党支部", "第十党支部", "第十一党支部"]


@pytest.fixture
def branches(twins: Twins) -> list[PartyOrganisation]:
    by, area = twins.here.clerk, twins.here.street
    entries = [Entry(name=name, kind=PartyKind.BRANCH, area=area) for name in sorted(NAMES)]
    return [create_organisation(by=by, entry=entry) for entry in entries]


def _read(user: Any, size: int, sort: str = "") -> list[str]:
    reading, cursor, found = Reading(find("members.party"), user, Chosen(sort=sort)), "", []
    while True:
        rows, cursor = reading.slice(cursor, size)
        found += [row.name for row in rows if row.name in NAMES]
        if not cursor:
            return found


@pytest.mark.parametrize("size", [1, 2, 50])
def test_branches_stand_by_their_number_on_pages_of_any_size(
    twins: Twins, branches: list[PartyOrganisation], size: int
) -> None:
    assert _read(twins.here.clerk, size) == NAMES
    assert _read(twins.here.clerk, size, "-name") == NAMES[::-1]


def test_the_page_shows_them_so(twins: Twins, branches: list[PartyOrganisation], client: Any) -> None:
    client.force_login(twins.here.clerk)
    page = client.get(reverse("admin:members_partyorganisation_changelist")).content.decode()
    places = [page.index(name) for name in NAMES]
    assert places == sorted(places)


def test_a_new_name_is_a_new_place(twins: Twins, branches: list[PartyOrganisation]) -> None:
    first = PartyOrganisation.objects.get(name=NAMES[0])
    first.name = "第十二党支部"
    first.save()
    assert PartyOrganisation.objects.filter(pk__in=[one.pk for one in branches]).last() == first


def test_rows_of_before_are_given_their_key(twins: Twins, branches: list[PartyOrganisation], as_owner: Any) -> None:
    keys = dict(PartyOrganisation.objects.values_list("pk", "sorted_as"))
    assert all(keys.values())
    PartyOrganisation.objects.update(sorted_as="")
    import_module("members.migrations.0011_sorted_as_filled").fill(apps, None)
    assert dict(PartyOrganisation.objects.values_list("pk", "sorted_as")) == keys
