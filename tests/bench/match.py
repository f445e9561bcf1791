"""Bar: one need matched to 100,000 resources, in scope first, against a loop over everything of the kind."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from tests.bench.bars import Bar, interleaved

COUNT, SEED, BATCH = 100_000, 20261123, 2_000
TIMES, WORD_TIMES, NAIVE_TIMES = 60, 10, 3
WORDS = "老人腿脚不方便，想请人上门理发，最好是周末"
THINGS = [
    "理发",
    "剪发",
    "义诊",
    "量血压",
    "修电器",
    "修水管",
    "法律咨询",
    "心理疏导",
    "书画",
    "合唱",
    "舞蹈",
    "羽毛球",
    "会议",
    "讲座",
    "折叠椅",
    "音响",
    "帐篷",
    "大巴",
    "停车",
    "图书",
]
WHO = ["老人", "居民", "儿童", "小哥", "企业", "残疾人", "志愿者", "党员"]


def bars() -> Iterator[Bar]:
    from people.models import Area
    from resources.models import Resource, ResourceKind
    from resources.services.candidates import Row
    from resources.services.ranking import Criteria, pairs, rank, score

    streets = list(Area.objects.filter(level="street", is_served=True).order_by("pk"))
    communities = {street.pk: list(Area.objects.filter(parent=street, level="community")) for street in streets}
    _fill(Resource, ResourceKind, communities)
    home = next(places[0] for places in communities.values() if places)
    criteria = Criteria(home.pk, kinds=["haircut"], words=WORDS)
    wanted = pairs(WORDS)

    def ours() -> None:
        assert len(rank(criteria)) == 5

    def by_words() -> None:
        assert len(rank(replace(criteria, kinds=()))) == 5

    def plain() -> None:
        rows = Resource.objects.filter(kind__key="haircut", state="usable").select_related("kind")
        found = [
            Row(r.pk, r.area_id, r.kind.key, r.kind.form, r.capacity, r.quantity, r.search_text, r.unit_id)
            for r in rows
        ]
        sorted(found, key=lambda row: -score(row, criteria, wanted))[:5]

    calls = {"match in scope": (ours, TIMES), "by words alone": (by_words, WORD_TIMES)}
    medians = interleaved({**calls, "loop over the kind": (plain, NAIVE_TIMES)})
    yield Bar("match/loop", medians["loop over the kind"] / medians["match in scope"], 5.0)
    yield Bar("match p50", medians["match in scope"] * 1000, 5.0, "ms", at_most=True)


def _fill(resource: Any, kinds: Any, communities: Any) -> None:
    """Resources of every kind in every community, from a seed."""
    dice, now = random.Random(SEED), timezone.now()
    sorts, places = list(kinds.objects.sorts()), [area for some in communities.values() for area in some]
    by = resource._meta.get_field("offered_by").related_model.objects.order_by("pk").first()
    began = time.monotonic()
    for start in range(0, COUNT, BATCH):
        resource.objects.bulk_create(_one(resource, dice, sorts, places, by, now, start + n) for n in range(BATCH))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE resources_resource")
    print(f"{COUNT:,} resources after {time.monotonic() - began:.0f} s", flush=True)


def _one(resource: Any, dice: random.Random, sorts: Any, places: Any, by: Any, now: Any, number: int) -> Any:
    kind, area = dice.choice(sorts), dice.choice(places)
    name = f"{dice.choice(THINGS)}{number}"
    words = f"为{dice.choice(WHO)}{dice.choice(THINGS)}，{dice.choice(THINGS)}，周{dice.randint(1, 7)}下午"
    return resource(
        number=f"ZY-BENCH-{number}",
        client_key=UUID(int=dice.getrandbits(128)),
        kind=kind,
        area=area,
        serves_id=area.pk[:9],
        name=name,
        words=words,
        capacity=dice.randint(10, 200),
        state="usable",
        offered_by=by,
        offered_at=now,
        search_text=f"{name} {words} {kind.name}",
    )
