"""Which resources fit, the best first, each with its reasons in words. It proposes; people decide.

In scope first: the street, the kinds asked for. Wider only when few are found: kinds of the same heading, then what
the words alone find in the street. One query for the candidates, two for what is known of the best of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from alliance.lib.search import lexemes
from resources.models import Resource
from resources.services.candidates import COMMUNITY_LENGTH, Row, of_kinds, of_words, times_used
from resources.services.free import obstacles
from resources.states import Form

LOOKED_INTO = 20
FEW = 3
COMMON = frozenset(
    {"希望", "能不", "不能", "一下", "我们", "有没", "没有", "可以", "社区", "小区", "需要", "想要", "请问"}
)
"""Pairs that stand in almost every sentence say nothing about what is wanted."""


@dataclass(frozen=True)
class Criteria:
    """What is wanted, where: kinds by key, words as they were said, how many people, when."""

    area: str
    kinds: Collection[str] = ()
    words: str = ""
    people: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    for_units: bool | None = None
    forms: Collection[str] = ()
    """Used in one of these ways; none named: in any."""


@dataclass(frozen=True)
class Proposal:
    """One resource that fits, and why."""

    resource: int
    score: float
    reasons: list[Text] = field(default_factory=list)


def rank(criteria: Criteria, *, most: int = 5) -> list[Proposal]:
    """The ``most`` resources that fit best. Of a suspended unit, or not serving the place: never."""
    wanted = pairs(criteria.words)
    found = _used_so(of_kinds(criteria.area, criteria.kinds, criteria.for_units), criteria) if criteria.kinds else []
    if len(found) < FEW:
        found = _used_so(_wider(criteria, wanted, found), criteria)
    best = sorted(found, key=lambda row: (-score(row, criteria, wanted), row.pk))[:LOOKED_INTO]
    looked = _second_look(best, criteria, wanted)
    return [
        Proposal(row.pk, value, [*_reasons(row, criteria, wanted), *more])
        for value, row, more in sorted(looked, key=lambda one: (-one[0], one[1].pk))[:most]
    ]


def _used_so(rows: list[Row], criteria: Criteria) -> list[Row]:
    return [row for row in rows if row.form in criteria.forms] if criteria.forms else rows


def _wider(criteria: Criteria, wanted: Collection[str], found: list[Row]) -> list[Row]:
    known = {row.pk: row for row in found}
    if criteria.kinds:
        for row in of_kinds(criteria.area, criteria.kinds, criteria.for_units, beside=True):
            known.setdefault(row.pk, row)
    if wanted and len(known) < FEW:
        for row in of_words(criteria.area, wanted, criteria.for_units):
            known.setdefault(row.pk, row)
    return list(known.values())


def pairs(words: str) -> frozenset[str]:
    """The pairs of characters of ``words`` that say something."""
    return frozenset(pair for pair in lexemes(words) if len(pair) == 2 and pair.isalnum()) - COMMON


def judge(row: Row, criteria: Criteria) -> Proposal | None:
    """Whether and why ``row`` fits what is wanted, without asking the database; nearness alone is no reason."""
    wanted = pairs(criteria.words)
    if not _used_so([row], criteria) or (row.kind not in criteria.kinds and not _shared(row, wanted)):
        return None
    return Proposal(row.pk, score(row, criteria, wanted), _reasons(row, criteria, wanted))


def score(row: Row, criteria: Criteria, wanted: frozenset[str]) -> float:
    """What can be said of it without asking the database."""
    value = 4.0 if row.kind in criteria.kinds else 0.0
    if _is_near(row, criteria):
        value += 3
    if shared := _shared(row, wanted):
        value += 2 * len(shared) / len(wanted) ** 0.5
    if criteria.people and row.form == Form.SPACE and row.capacity:
        fits = 1.0 if row.capacity <= 4 * criteria.people else 0.5
        value += fits if row.capacity >= criteria.people else -5
    return value


def _is_near(row: Row, criteria: Criteria) -> bool:
    community = criteria.area[:COMMUNITY_LENGTH]
    return len(community) == COMMUNITY_LENGTH and row.area.startswith(community)


def _shared(row: Row, wanted: frozenset[str]) -> set[str]:
    return {pair for pair in wanted if pair in row.text}  # the text is folded already


def _reasons(row: Row, criteria: Criteria, wanted: frozenset[str]) -> list[Text]:
    found: list[Text] = []
    if row.kind in criteria.kinds:
        found.append(_("正是要找的种类"))
    if _is_near(row, criteria):
        found.append(_("就在本社区"))
    if shared := _shared(row, wanted):
        found.append(_("说到了“%(words)s”") % {"words": _("、").join(_joined(shared, row.text)[:2])})
    if criteria.people and row.form == Form.SPACE and row.capacity and row.capacity >= criteria.people:
        found.append(_("坐得下%(n)d人") % {"n": criteria.people})
    return found


def _joined(shared: Iterable[str], text: str) -> list[str]:
    """Pairs that follow each other in ``text`` as one word, the longest first: 理发 + 发师 → 理发师."""
    pairs, runs, run = set(shared), list[str](), ""
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair in pairs:
            run = run + pair[1] if run else pair
        elif run:
            runs, run = [*runs, run], ""
    if run:
        runs.append(run)
    return sorted(dict.fromkeys(runs), key=lambda word: (-len(word), text.index(word)))


def _second_look(
    best: Sequence[Row], criteria: Criteria, wanted: frozenset[str]
) -> list[tuple[float, Row, list[Text]]]:
    """With what is known of the best: whether they can be had at the time, how often they were of use before."""
    keys = [row.pk for row in best]
    times, why_not = times_used(keys), _why_not(keys, criteria)
    done = []
    for row in best:
        value, reasons = score(row, criteria, wanted), list[Text]()
        if why_not is not None and row.form != Form.WALK_IN:
            value += -6 if row.pk in why_not else 2
            reasons.append(why_not.get(row.pk, _("那个时间还空着")))
        if count := times.get(row.pk):
            value += min(count, 10) / 10
            reasons.append(_("帮过%(n)d次") % {"n": count})
        done.append((value, row, reasons))
    return done


def _why_not(keys: Sequence[int], criteria: Criteria) -> dict[int, Text] | None:
    """By resource that cannot be had at the time asked for: why, as the finder says it; None: no time is asked for."""
    if criteria.starts is None or criteria.ends is None:
        return None
    rows = Resource.objects.filter(pk__in=keys).select_related("kind", "unit", "within")
    return obstacles(list(rows), criteria.starts, criteria.ends, criteria.people)
