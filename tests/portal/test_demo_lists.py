"""The demo's two lists: all marked, some filled in, one taken up and listed."""

from __future__ import annotations

import pytest

from needs.models import ListLine, ListRound, Need
from needs.services.list_units import tally
from portal.demo import alliances, lists, loading

pytestmark = pytest.mark.django_db


def test_some_units_have_filled_theirs_in_and_the_street_has_work() -> None:
    loading.load_areas()
    loading.load_people()
    alliances.load_alliances()
    lists.load_lists()
    found = tally(ListRound.objects.get())
    assert (found.sent, found.gives, found.needs, found.taken, found.waiting) == (2, 3, 3, 1, 2)
    assert found.missing > 10 and ListLine.objects.filter(state="draft").count() == 1
    assert not ListLine.objects.exclude(what__endswith="（演示）").exists()
    assert "演示" in Need.objects.in_public_list().get().listed_words
