"""What is looked at for a proposal: of the community, then the newest of the street.

By hand: somebody waits for the answer, and compiling took three times as long as PostgreSQL took to answer. Each kind
is a walk of its own along ``resource_usable_here`` and ``resource_usable_in_street``, so that neither the number of
kinds nor that of resources makes it longer. By words alone the community's are read one by one (``OFFSET 0``), since a
word that many have would bring the whole street's out of the search index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from alliance.lib.search import either
from people.querysets import STREET_LENGTH
from resources.models import Resource

NEAREST, NEWEST = 60, 60
COMMUNITY_LENGTH = 12

# What fits: as ``ResourceQuerySet.usable``, ``given`` and ``serving`` (tests/resources/test_ranking.py compares).
_THERE = """there AS MATERIALIZED (
    SELECT unit_id FROM members_membership m
    JOIN members_alliance a ON a.id = m.alliance_id JOIN members_memberunit u ON u.id = m.unit_id
    WHERE a.street_code = %(street)s AND m.joined_on <= %(today)s AND (m.left_on IS NULL OR m.left_on > %(today)s)
        AND u.suspended_at IS NULL)"""
_GIVEN = "AND (unit_id IS NULL OR unit_id IN (SELECT unit_id FROM there))"
_BY_KIND = """
WITH k AS MATERIALIZED (
    SELECT id, key, form, name, name_en, said, named FROM (
        SELECT *, parent_id IS NOT NULL AND (strpos(%(words)s, lower(name)) > 0
            OR EXISTS (SELECT FROM unnest(said) phrase WHERE strpos(%(words)s, phrase) > 0)) AS named
        FROM resources_resourcekind
    ) every WHERE {kinds}),
    {there}
(SELECT r.id, area_id, k.key, k.form, capacity, quantity, search_text, unit_id, k.name, k.name_en, k.said
FROM k CROSS JOIN LATERAL (
    SELECT id, area_id, capacity, quantity, search_text, unit_id FROM resources_resource
    WHERE area_id = %(community)s AND kind_id = k.id AND state = 'usable'
        AND (until IS NULL OR until >= %(today)s) AND serves_id = ANY (%(codes)s) {whom}
        {given}
    LIMIT %(nearest)s
) r ORDER BY k.named DESC LIMIT %(nearest)s)
UNION ALL
(SELECT r.id, area_id, k.key, k.form, capacity, quantity, search_text, unit_id, k.name, k.name_en, k.said
FROM k CROSS JOIN LATERAL (
    SELECT id, area_id, capacity, quantity, search_text, unit_id, offered_at FROM resources_resource
    WHERE street_code = %(street)s AND kind_id = k.id AND state = 'usable'
        AND (until IS NULL OR until >= %(today)s) AND serves_id = ANY (%(codes)s) {whom}
        {given}
    ORDER BY offered_at DESC, id DESC LIMIT %(newest)s
) r ORDER BY k.named DESC, offered_at DESC, r.id DESC LIMIT %(newest)s)
"""
_ASKED = "named OR key = ANY (%(kinds)s)"
_BESIDE = "parent_id IN (SELECT parent_id FROM resources_resourcekind WHERE key = ANY (%(kinds)s))"
_BY_WORDS = """
WITH away AS MATERIALIZED (SELECT id FROM members_memberunit WHERE suspended_at IS NOT NULL)
SELECT r.id, area_id, k.key, k.form, capacity, quantity, search_text, unit_id, k.name, k.name_en, k.said FROM (
    (SELECT id, kind_id, area_id, capacity, quantity, search_text, unit_id FROM (
        SELECT * FROM resources_resource WHERE area_id = %(community)s AND state = 'usable' OFFSET 0
    ) near WHERE search @@ %(words)s::tsquery
        AND (until IS NULL OR until >= %(today)s) AND serves_id = ANY (%(codes)s) {whom}
        AND (unit_id IS NULL OR unit_id NOT IN (SELECT id FROM away))
    LIMIT %(nearest)s)
    UNION ALL
    (SELECT id, kind_id, area_id, capacity, quantity, search_text, unit_id FROM resources_resource
    WHERE street_code = %(street)s AND search @@ %(words)s::tsquery AND state = 'usable'
        AND (until IS NULL OR until >= %(today)s) AND serves_id = ANY (%(codes)s) {whom}
        AND (unit_id IS NULL OR unit_id NOT IN (SELECT id FROM away))
    ORDER BY offered_at DESC, id DESC LIMIT %(newest)s)
) r JOIN resources_resourcekind k ON k.id = r.kind_id
"""
_TIMES = """
SELECT resource_id, count(*) FROM resources_booking
WHERE resource_id = ANY (%s) AND state = 'used' GROUP BY resource_id
"""


class Row(NamedTuple):
    """One of them, with all that can be said of it without asking again."""

    pk: int
    area: str
    kind: str
    form: str
    capacity: int | None
    quantity: int
    text: str
    unit: int | None
    kind_name: str = ""
    kind_name_en: str = ""
    kind_said: Sequence[str] = ()
    """In what ordinary words it is asked for."""


def row_of(resource: Resource) -> Row:
    """A single one, as if it had been looked up; its kind is loaded."""
    kind, size = resource.kind, (resource.capacity, resource.quantity)
    text, unit = resource.search_text, resource.unit_id
    names = kind.name, kind.name_en
    return Row(resource.pk, resource.area_id, kind.key, kind.form, *size, text, unit, *names, kind_said=kind.said)


def of_kinds(
    area: str, kinds: Collection[str], for_units: bool | None, *, words: str = "", beside: bool = False
) -> list[Row]:
    """Of the ``kinds`` and of those that the folded ``words`` name; or of all under the same headings."""
    statement = _BY_KIND.replace("{kinds}", _BESIDE if beside else _ASKED)
    return _read(statement, area, for_units, kinds=list(kinds), words=words)


def of_words(area: str, pairs: Collection[str], for_units: bool | None) -> list[Row]:
    """Those in whose words one of the ``pairs`` of characters stands."""
    return _read(_BY_WORDS, area, for_units, words=either(pairs))


def _read(statement: str, area: str, for_units: bool | None, **more: Any) -> list[Row]:
    whom = "" if for_units is None else "AND for_units" if for_units else "AND for_people"
    values = {
        "today": timezone.localdate(),
        "codes": [area[:length] for length in range(STREET_LENGTH, len(area) + 1)],
        "community": area[:COMMUNITY_LENGTH],
        "street": area[:STREET_LENGTH],
        "nearest": NEAREST,
        "newest": NEWEST,
        **more,
    }
    with connection.cursor() as cursor:
        whole = statement.replace("{whom}", whom).replace("{there}", _THERE).replace("{given}", _GIVEN)
        cursor.execute(whole, values)
        return list({row[0]: Row(*row) for row in cursor.fetchall()}.values())


def times_used(keys: Sequence[int]) -> dict[int, int]:
    """By resource: how often it was used after a booking."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, [list(keys)])
        return dict(cursor.fetchall())
