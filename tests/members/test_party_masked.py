"""The secretary of a party organisation: whole for whoever keeps the place, masked for everybody else who reads."""

from __future__ import annotations

import pytest
from django.urls import reverse

from members.models import PartyOrganisation
from tests.cast import browser_of
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(twins: Twins) -> PartyOrganisation:
    return PartyOrganisation.objects.create(
        name="甲小学党支部", kind="branch", area=twins.here.community, secretary="沈大伟"
    )


@pytest.mark.parametrize("who", ["clerk", "worker", "administrator"])
def test_the_list_masks_the_secretary(twins: Twins, branch: PartyOrganisation, who: str) -> None:
    page = browser_of(getattr(twins.here, who)).get(reverse("admin:members_partyorganisation_changelist"))
    shown = page.content.decode()
    assert "沈*伟" in shown and "沈大伟" not in shown


@pytest.mark.parametrize(("who", "whole"), [("clerk", True), ("worker", True), ("administrator", False)])
def test_the_page_shows_it_whole_only_to_who_keeps_the_place(
    twins: Twins, branch: PartyOrganisation, who: str, whole: bool
) -> None:
    address = reverse("admin:members_partyorganisation_change", args=[branch.pk])
    page = browser_of(getattr(twins.here, who)).get(address)
    shown = page.content.decode()
    assert page.status_code == 200 and branch.name in shown
    assert ("沈大伟" in shown) is whole and ("沈*伟" in shown) is not whole
