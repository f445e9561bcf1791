"""Which resources fit, the best first, each with its reasons in words. It proposes; people decide.

In scope first: the street, the kinds asked for. Wider only when few are found: kinds of the same heading, then what
the words alone find in the street. One query for the candidates, two for what is known of the best of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from alliance.lib.search import lexemes
from alliance.lib.text import fold
from resources.models import Resource, ResourceKind
from resources.services.candidates import COMMUNITY_LENGTH, Row, of_kinds, of_words, times_used
from resources.services.free import obstacles
from resources.states import Form

LOOKED_INTO = 20
FEW = 3
COMMON = re.compile(
    "希望|能不能|能不|不能|一下|我们|有没有|有没|没有|可以|社区|小区|需要|想要|请问|上门(?!诊)|家里|家中|楼上|楼下|服务|帮忙|帮助|提供|方便"
    "|周末|周[一二三四五六日]|上午|下午|中午|晚上|早上|白天|每天|今天|明天|平时|时间|时候|小时|分钟|个月|星期|礼拜"
)
"""Words that stand in almost every sentence say nothing about what is wanted; what stands around them is no word."""
PARTICLES = "的了吗呢在为请给和与来去人我你您他她们把被有想要找个到"
NAMED, LISTED = 7.0, 3.5
"""What was said counts more than where: a barber of the street comes before the doctor next door."""
WEAK = 0.5
"""Beside one whose words fit, those that share less than this of them are left out."""


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
    """The ``most`` resources that fit best. Of a suspended unit, or not serving the place, or without a reason but
    that it is near, large enough or free: never.
    """
    wanted = pairs(criteria.words)
    found = _used_so(_of_kinds(criteria), criteria)
    if len(found) < FEW:
        found = _used_so(_wider(criteria, wanted, found), criteria)
    found = _without_weak(found, criteria, wanted)
    best = sorted(found, key=lambda row: (-score(row, criteria, wanted), row.pk))[:LOOKED_INTO]
    looked = _second_look(best, criteria, wanted)
    ordered = sorted(looked, key=lambda one: (-one[0], one[1].pk))
    said = ((value, row, _reasons(row, criteria, wanted), more) for value, row, more in ordered)
    return list(islice((Proposal(row.pk, value, [*why, *more]) for value, row, why, more in said if why), most))


def _of_kinds(criteria: Criteria) -> list[Row]:
    if not criteria.kinds and not criteria.words:
        return []
    return of_kinds(criteria.area, criteria.kinds, criteria.for_units, words=_folded(criteria.words))


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


def _without_weak(rows: list[Row], criteria: Criteria, wanted: frozenset[str]) -> list[Row]:
    """Of what is not of the kind, only what fits the words about as well as the best of all."""
    if not wanted or all(row.kind in criteria.kinds for row in rows):
        return rows
    best = max((len(_shared(row, wanted)) for row in rows), default=0)
    sure = any(_is_kind(row, criteria, wanted) for row in rows)
    least = max(1 if sure else 0, WEAK * best)
    return [row for row in rows if _is_kind(row, criteria, wanted) or len(_shared(row, wanted)) >= least]


@lru_cache(maxsize=512)
def _folded(words: str) -> str:
    return fold(words)


@lru_cache(maxsize=512)
def pairs(words: str) -> frozenset[str]:
    """The pairs of characters of ``words`` that say something."""
    said = COMMON.sub(" ", fold(words))
    return frozenset(pair for pair in lexemes(said) if len(pair) == 2 and pair.isalnum())


def _is_kind(row: Row, criteria: Criteria, wanted: frozenset[str]) -> bool:
    """Of a kind that is named in what was said, or that such things are usually met with."""
    return row.kind in criteria.kinds or _is_named(row, criteria, wanted)


def _is_named(row: Row, criteria: Criteria, wanted: frozenset[str]) -> bool:
    """Its kind is named in what was said, by its name or as people say."""
    named = pairs(row.kind_name)
    if named and named <= wanted:
        return True
    words = _folded(criteria.words)
    return any(phrase in words for phrase in row.kind_said)


def judge(row: Row, criteria: Criteria) -> Proposal | None:
    """Whether and why ``row`` fits what is wanted, without asking the database; nearness alone is no reason."""
    wanted = pairs(criteria.words)
    reasons = _reasons(row, criteria, wanted) if _used_so([row], criteria) else []
    return Proposal(row.pk, score(row, criteria, wanted), reasons) if reasons else None


def score(row: Row, criteria: Criteria, wanted: frozenset[str]) -> float:
    """What can be said of it without asking the database."""
    value = NAMED if _is_named(row, criteria, wanted) else LISTED if row.kind in criteria.kinds else 0.0
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
    """Why it fits, then how near and how large it is; nothing where the latter is all there is to say."""
    kind, words = _of_kind(row, criteria, wanted), _joined(_shared(row, wanted), row)
    if kind:
        words = [word for word in words if word != row.kind_name]
    if not kind and not words:
        return []
    found: list[Text] = [kind] if kind else []
    if _is_near(row, criteria):
        found.append(_("就在本社区"))
    if words:
        found.append(_("说到了“%(words)s”") % {"words": _("、").join(words[:2])})
    if criteria.people and row.form == Form.SPACE and row.capacity and row.capacity >= criteria.people:
        found.append(_("坐得下%(n)d人") % {"n": criteria.people})
    return found


def _of_kind(row: Row, criteria: Criteria, wanted: frozenset[str]) -> Text:
    """That its kind was named, or only that such things are usually met with it."""
    label = {"kind": ResourceKind(name=row.kind_name, name_en=row.kind_name_en).label}
    if _is_named(row, criteria, wanted):
        return _("种类对得上：%(kind)s") % label
    return _("这类事常找：%(kind)s") % label if row.kind in criteria.kinds else ""


def _joined(shared: Iterable[str], row: Row) -> list[str]:
    """Pairs that follow each other in its text as one word, the longest first: 血压 + 压计 → 血压计.

    Where a run holds the name of the kind, that is the word; particles at its ends belong to the sentence.
    """
    text, pairs_, runs, run = row.text, set(shared), list[str](), ""
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair in pairs_:
            run = run + pair[1] if run else pair
        elif run:
            runs, run = [*runs, run], ""
    if run:
        runs.append(run)
    words = [row.kind_name if row.kind_name and row.kind_name in one else one.strip(PARTICLES) for one in runs]
    return sorted(dict.fromkeys(word for word in words if len(word) > 1), key=lambda word: -len(word))


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
