"""Load invented needs: everything or nothing, by COPY, as the application's own role."""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import islice
from uuid import uuid5

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from needs.models import Category, Need
from needs.services.unclocked import start_missing_clocks
from needs.states import HANDLERS
from people.models import Area, RoleGrant, User
from people.states import Level
from portal.scale.clocks import STAGE_COLUMNS
from portal.scale.phrases import Said
from portal.scale.rows import EVENT_COLUMNS, NEED_COLUMNS, SPACE, Place, Row, RowMaker

BATCH = 5_000
_SPECIAL = re.compile(r"[\\\t\n\r]")
Say = Callable[[str], None]


def load(texts: Iterator[Said], *, needs: int, seed: int, until: date, say: Say, certain: bool = False) -> float:
    """Load ``needs`` invented needs received before ``until``; returns the seconds it took.

    Raises ``RuleBroken`` where invented needs would stand among real ones, where they are already, and where nobody
    could handle them.
    """
    _refuse_where_it_hurts(certain)
    places = _places()
    if not places:
        raise RuleBroken("没有开通的社区，或社区没有经办人；请先装入演示数据或区划和人员。")
    midnight = datetime(until.year, until.month, until.day, tzinfo=timezone.get_default_timezone())
    categories = list(Category.objects.in_use().values_list("pk", flat=True))
    maker = RowMaker(seed=seed, total=needs, until=midnight, places=places, categories=categories)
    began = time.monotonic()
    # Rows are made one batch ahead while PostgreSQL takes in the one before.
    with transaction.atomic(), ThreadPoolExecutor(1) as ahead:
        batches = deque([ahead.submit(_make, maker, texts, 0, _reserve(min(BATCH, needs)))])
        for start in range(0, needs, BATCH):
            following = start + BATCH
            if following < needs:
                keys = _reserve(min(BATCH, needs - following))
                batches.append(ahead.submit(_make, maker, texts, following, keys))
            _write(*batches.popleft().result())
            done, seconds = min(following, needs), time.monotonic() - began
            if done % (10 * BATCH) == 0 or done == needs:
                say(f"{done:>9,} 件  {seconds:6.1f} 秒  {done / seconds:7,.0f} 件/秒")
        start_missing_clocks()
    return time.monotonic() - began


def _refuse_where_it_hurts(certain: bool) -> None:
    if not settings.DEMO and not certain:
        raise RuleBroken("这里不是演示环境；确实要写入虚构诉求，请加 --i-know。")
    if not settings.DEMO and Need.objects.exists():
        raise RuleBroken("这里已有真实诉求，不能混入虚构的。")
    if Need.objects.filter(client_key=uuid5(SPACE, "0")).exists():
        raise RuleBroken("已经写入过虚构诉求；要换数量或种子，请换一个空库。")


def _places() -> list[Place]:
    """Served communities whose needs somebody may handle."""
    areas = {area.pk: area for area in Area.objects.served()}
    holders: dict[str, set[User]] = defaultdict(set)
    for grant in RoleGrant.objects.active().filter(role__in=HANDLERS, user__is_active=True).select_related("user"):
        holders[grant.area_id].add(grant.user)
    found = []
    for area in sorted(areas.values(), key=lambda area: area.pk):
        street = areas.get(area.street_code)
        if area.level == Level.COMMUNITY and street and street.short_code:
            reaching = set().union(*(users for code, users in holders.items() if area.pk.startswith(code)))
            if reaching:
                by_age = sorted(reaching, key=lambda user: user.pk)
                found.append(Place(area.pk, area.name, street.short_code, by_age))
    return found


def _make(maker: RowMaker, texts: Iterator[Said], start: int, keys: Sequence[int]) -> tuple[str, str, str]:
    """A batch as COPY reads it: needs, their events, their running limits."""
    needs: list[str] = []
    events: list[str] = []
    limits: list[str] = []
    for offset, (pk, said) in enumerate(zip(keys, islice(texts, len(keys)), strict=True)):
        need, happened, running = maker.rows(pk, start + offset, said)
        needs.append(_line(need))
        events += map(_line, happened)
        limits += map(_line, running)
    return "".join(needs), "".join(events), "".join(limits)


def _write(needs: str, events: str, limits: str) -> None:
    _copy("needs_need", NEED_COLUMNS, needs)
    _copy("needs_needevent", EVENT_COLUMNS, events)
    _copy("deadlines_stage", STAGE_COLUMNS, limits)


def _reserve(count: int) -> list[int]:
    """Primary keys from the table's own sequence: nobody else gets them."""
    with connection.cursor() as cursor:
        statement = "SELECT nextval(pg_get_serial_sequence('needs_need', 'id')) FROM generate_series(1, %s)"
        cursor.execute(statement, [count])
        return [pk for (pk,) in cursor.fetchall()]


def _copy(table: str, columns: Sequence[str], lines: str) -> None:
    with connection.cursor() as cursor:
        # Table and columns are this module's own constants.
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(lines))


def _line(row: Row) -> str:
    return "\t".join(map(_field, row)) + "\n"


def _field(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    if not _SPECIAL.search(text):
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
