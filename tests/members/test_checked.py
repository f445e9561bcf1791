"""Saving a row of the register: the table decides, and says the sentence of the rule that was broken."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.lib.errors import Invalid
from members.models import Membership, MemberUnit
from members.services import create_unit, join_alliance
from members.services.alliances import ALREADY_MEMBER
from members.services.checked import save_checked
from people.models import Area
from tests.members.conftest import Twins

pytestmark = pytest.mark.django_db


def test_a_row_that_breaks_no_rule_is_written_without_being_asked_about(twins: Twins) -> None:
    unit = MemberUnit(name="丙小学", kind="school", area=twins.here.street)
    with CaptureQueriesContext(connection) as asked:
        save_checked(unit, raced="")
    kinds = [query["sql"].split()[0] for query in asked.captured_queries]
    assert kinds == ["SAVEPOINT", "INSERT", "RELEASE"]


def test_what_the_table_refuses_is_said_in_the_words_of_the_rule(twins: Twins) -> None:
    """Of several broken rules each, as in a form."""
    here = twins.here
    create_unit(name="丙小学", kind="school", area=here.street, by=None)
    join_alliance(alliance=here.alliance, unit=MemberUnit.objects.get(name="丙小学"), by=None)
    twice = Membership(alliance=here.alliance, unit=MemberUnit.objects.get(name="丙小学"))
    with pytest.raises(Invalid) as caught:
        save_checked(twice, raced="太晚")
    assert str(ALREADY_MEMBER) in str(caught.value.message) and twice.pk is None
    with pytest.raises(Invalid) as caught:
        save_checked(MemberUnit(name="", kind="不知道", area=here.street), raced="")
    assert set(caught.value.fields) == {"name", "kind"}


def test_a_foreign_key_given_as_a_bare_key_is_looked_up(twins: Twins) -> None:
    """Read objects are trusted, keys are not; the database itself would notice only at the end."""
    with pytest.raises(Invalid) as caught:
        save_checked(MemberUnit(name="丙小学", kind="school", area_id="330199001"), raced="")
    assert set(caught.value.fields) == {"area"}
    with pytest.raises(Invalid) as caught:
        save_checked(MemberUnit(name="丙小学", kind="school", area=Area(code="330199001", name="无")), raced="")
    assert set(caught.value.fields) == {"area"}
