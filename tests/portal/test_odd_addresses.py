"""Addresses nobody was ever given: they are not found, whoever asks, and nothing breaks."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.cast import Cast, browser_of

pytestmark = pytest.mark.django_db
ODD = "x\x00"


def _with_words() -> list[str]:
    """Every address that takes words, with a NUL in them."""
    found = []
    for name, ways in get_resolver().reverse_dict.lists():
        for way in ways:
            arguments = way[0][0][1]
            if isinstance(name, str) and arguments:
                try:
                    found.append(reverse(name, kwargs=dict.fromkeys(arguments, ODD)))
                except NoReverseMatch:
                    continue
    for space in ("projects", "members", "needs", "resources", "portal", "desk", "notifications"):
        for name, ways in get_resolver().namespace_dict[space][1].reverse_dict.lists():
            for way in ways:
                arguments = way[0][0][1]
                if isinstance(name, str) and arguments:
                    try:
                        found.append(reverse(f"{space}:{name}", kwargs=dict.fromkeys(arguments, ODD)))
                    except NoReverseMatch:
                        continue
    return sorted(set(found))


def test_an_address_with_a_nul_in_it_is_not_found(cast: Cast) -> None:
    addresses = _with_words()
    assert {"/fair/x%00/", "/deeds/x%00/", "/agreements/x%00/"} <= set(addresses)
    for address in addresses:
        for who in (None, cast.chengxiang.clerk):
            assert browser_of(who).get(address).status_code == 404, address


def test_over_the_api_it_is_said_as_everything_else_is(cast: Cast) -> None:
    answer = browser_of(cast.chengxiang.clerk).get("/api/v1/needs/%00/")
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"
