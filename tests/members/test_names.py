"""Names are found by pairs of characters: as a plain scan finds them, kept by the database, served by the index."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from alliance.lib.listing import Chosen, Reading
from alliance.lib.search import named, vector, words_of
from alliance.lib.text import fold
from members.listings.liaisons import LIAISONS
from members.listings.party import PARTY
from members.listings.units import UNITS
from members.models import Body, BodyKind, Document, Liaison, MemberUnit, PartyOrganisation
from members.services import create_unit
from members.states import DocumentKind, PartyKind, UnitKind
from tests.lib.test_search import ODD, SEED
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
CHARACTERS = "城厢街道江寺社区中国工商银行萧山支行第一小学湘湖路17号"
MANY = 8_000


def _names(chance: random.Random, count: int) -> list[str]:
    pool = CHARACTERS + "".join(ODD) + "　Ａ  \u200b"
    return ["".join(chance.choice(pool) for _place in range(chance.randint(1, 24))) for _number in range(count)]


def _units(twins: Twins, names: list[str], **values: Any) -> list[MemberUnit]:
    rows = [MemberUnit(name=name, kind=UnitKind.BANK, area=twins.here.community, **values) for name in names]
    return MemberUnit.objects.bulk_create(rows)


def _found(term: str) -> set[int]:
    return set(named(MemberUnit.objects.all(), term).values_list("pk", flat=True))


def test_the_database_folds_and_cuts_as_the_house_does(twins: Twins) -> None:
    rows = _units(twins, _names(random.Random(SEED), 300))
    found = MemberUnit.objects.in_bulk([row.pk for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM members_memberunit WHERE id = ANY(%s) AND search = ANY(%s::tsvector[])",
            [list(found), [vector(row.name) for row in rows]],
        )
        assert {pk for (pk,) in cursor.fetchall()} == set(found)
    for row in rows:
        assert found[row.pk].search_text == fold(row.name), f"seed {SEED}: {row.name!r}"


def test_recall_and_precision_equal_a_plain_scan(twins: Twins) -> None:
    chance = random.Random(SEED)
    there = {row.pk: fold(row.name) for row in _units(twins, _names(chance, 200))}
    terms = {chance.choice(CHARACTERS) + chance.choice(CHARACTERS) for _time in range(60)} | set(ODD)
    for text in there.values():
        for length in (1, 2, 3, 5):
            start = chance.randrange(max(1, len(text) - length))
            terms.add(text[start : start + length])
    for term in sorted(terms):
        expected = {pk for pk, text in there.items() if all(word in text for word in words_of(term))}
        assert _found(term) & set(there) == expected, f"seed {SEED}: {term!r}"


def test_whoever_writes_a_name_the_search_keeps_up(twins: Twins) -> None:
    (unit,) = _units(twins, ["平安银行"])
    MemberUnit.objects.filter(pk=unit.pk).update(name="招商银行", initials="zsyh")
    assert (_found("平安"), _found("招商"), _found("zsyh")) == (set(), {unit.pk}, {unit.pk})


def test_every_list_finds_through_what_its_rows_belong_to(twins: Twins) -> None:
    here = twins.here
    bank = create_unit(name="平安银行", kind=UnitKind.BANK, area=here.community, by=None, alliance=here.alliance)
    seat = Liaison.objects.create(unit=bank, user=person("l1", None, None), name="欧阳建国")
    branch = PartyOrganisation.objects.create(name="第一支部", area=here.community, kind=PartyKind.BRANCH, unit=bank)
    kind = BodyKind.objects.create(key="k", name="界别联席", roles=["成员"])
    body = Body.objects.create(kind=kind, name="金融组", area=here.street)
    document = Document.objects.create(alliance=here.alliance, title="章程", kind=DocumentKind.values[0])
    for rows, through, words, pk in (
        (Liaison.objects.all(), "unit", ("欧阳", "平安", "pinganyin", "pa", "欧阳 平安"), seat.pk),
        (PartyOrganisation.objects.all(), "unit", ("一支", "平安银", "平安 支部"), branch.pk),
        (Body.objects.all(), "kind", ("金融", "界别", "界别 金融"), body.pk),
        (Document.objects.all(), "alliance", ("章程", "甲联盟"), document.pk),
    ):
        for word in words:
            found = named(rows, word, through=(through,))  # type: ignore[type-var]
            assert pk in found.values_list("pk", flat=True), word
        for word in ("欧阳 工商", "没有"):
            assert not named(rows, word, through=(through,)).exists(), word  # type: ignore[type-var]


@pytest.fixture
def many(twins: Twins, as_owner: Any) -> Twins:
    """A district's worth of units, each with a seat, one in a thousand of them a 白蚁 station."""
    names = [f"{'白蚁' if number % 1000 == 0 else '街道便民'}服务站{number}号" for number in range(MANY)]
    units = _units(twins, names, pinyin="fuwuzhan", initials="fwz")
    someone = person("l1", None, None)
    Liaison.objects.bulk_create([Liaison(unit=unit, user=someone, name=f"张{unit.pk}") for unit in units])
    rows = [PartyOrganisation(name=unit.name, area=unit.area, kind=PartyKind.BRANCH, unit=unit) for unit in units]
    PartyOrganisation.objects.bulk_create(rows)
    as_owner.execute("ANALYZE members_memberunit, members_liaison, members_partyorganisation, members_membership")
    return twins


def _plan(rows: Any) -> str:
    return str(rows.explain())


def test_at_scale_the_index_serves_the_search(many: Twins) -> None:
    clerk = many.here.clerk
    for listing, index in ((UNITS, "unit_search"), (PARTY, "party_search"), (LIAISONS, "liaison_search")):
        rows = Reading(listing, clerk, Chosen(q="白蚁")).narrowed()
        assert len(rows.values("pk")) == MANY // 1000
        plan = _plan(rows.order_by().values("pk"))
        assert f"Bitmap Index Scan on {index}" in plan, plan
        assert "unit_search" in plan
        for table in ("members_memberunit", "members_liaison", "members_partyorganisation"):
            assert f"Seq Scan on {table}" not in plan, plan
    # The control: the same words looked for in the column itself read the whole table.
    assert "Seq Scan on members_memberunit" in _plan(MemberUnit.objects.filter(name__icontains="白蚁").order_by())
