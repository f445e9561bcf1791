"""奖惩并举: by which measures a project's service is assessed, how it did, what follows from it, and who reads it.

Locks: the project (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken, Text
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from people.models import User
from projects.models import Assessment, Project, Score, Yardstick
from projects.services.fields import Errors, amount_of, said
from projects.services.project_fields import WHOLE
from projects.services.project_held import hold_project
from projects.states import Consequence, ProjectVerb

MOST_YARDSTICKS = 8


class YardstickGiven(TypedDict):
    """A measure and its weight in hundredths."""

    name: str
    weight: int


class ScoreGiven(TypedDict):
    """How it did by one measure, of a hundred, and what that rests on."""

    name: str
    points: Any
    evidence: str


@transaction.atomic
def set_yardsticks(*, pk: int, by: User, version: int | None, yardsticks: Sequence[YardstickGiven]) -> Project:
    """定考核办法: the measures, together a hundred. Earlier assessments keep theirs. Raises as ``hold_project``,
    ``Invalid``."""
    row = hold_project(pk, by, ProjectVerb.SCALE, version)
    rows: list[Yardstick] = []
    errors: list[Any] = []
    for place, one in enumerate(yardsticks, start=1):
        name, weight = clean(one["name"]), one["weight"]
        if not 0 < len(name) <= 20 or any(other.name == name for other in rows):
            errors.append(_("第%(n)d项，请写20字以内、不重复的名称。") % {"n": place})
        elif not 1 <= weight <= WHOLE:
            errors.append(_("“%(name)s”的占比，请填1到100的整数。") % {"name": name})
        else:
            rows.append(Yardstick(project=row, name=name, weight=weight, position=place))
    total = sum(one.weight for one in rows)
    if not errors and total != WHOLE:
        errors.append(_("占比加起来是%(n)d%%，要正好100%%。") % {"n": total})
    if len(rows) > MOST_YARDSTICKS:
        errors.append(_("最多%(n)d项。") % {"n": MOST_YARDSTICKS})
    if errors:
        raise Invalid({"yardsticks": errors})
    row.yardsticks.all().delete()
    Yardstick.objects.bulk_create(rows)
    said_ = {"yardsticks": [[one.name, one.weight] for one in rows]}
    row.move_to(ProjectVerb.SCALE, actor=by, params=said_)
    return row


@transaction.atomic
def assess_project(
    *,
    pk: int,
    client_key: UUID,
    by: User,
    version: int | None,
    first_day: date,
    last_day: date,
    scores: Sequence[ScoreGiven],
    consequence: str,
    words: str,
    replaces: int | None = None,
    seen_warnings: str = "",
) -> Assessment:
    """考核 of one period, by all the measures that are set; ``replaces``: the one that is put right by it.

    A second tap with the same ``client_key`` finds the first. Raises as ``hold_project``; ``NotFound`` (nothing to
    replace), ``RuleBroken`` (no measures are set; it was put right already; the period was assessed), ``Invalid``
    (``Warned``: assessments are public here, and the words look personal, unless ``seen_warnings``).
    """
    row = hold_project(pk, by, ProjectVerb.ASSESS, None)
    first: Assessment | None = Assessment.objects.filter(client_key=client_key).first()
    if first is not None:
        if (first.project_id, first.by_id) != (row.pk, by.pk):
            raise Conflict
        return first
    row.require_version(version)
    wrong = _replaced(row, replaces)
    require_days(row, first_day, last_day)
    _require_free(row, first_day, last_day, wrong)
    rows = scores_from(row, scores)
    if consequence not in Consequence.values:
        raise Invalid({"consequence": [_("请选怎么处理。")]})
    text = said(words, "words", _("请写几句为什么这样处理。"), 500)
    if row.assessments_public:
        require_seen([text, *(one.evidence for one in rows)], seen=seen_warnings)
    made = Assessment(project=row, client_key=client_key, by=by, first_day=first_day, last_day=last_day)
    made.total, made.consequence, made.words, made.replaces = _total(rows), consequence, text, wrong
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(_("那一次已经更正过了。")) from error
    for one in rows:
        one.assessment = made
    Score.objects.bulk_create(rows)
    params = {"assessment": made.pk, "total": str(made.total), "consequence": consequence}
    row.move_to(ProjectVerb.ASSESS, actor=by, note=text, params=params)
    return made


@transaction.atomic
def show_assessments(*, pk: int, by: User, version: int | None, is_public: bool, seen_warnings: str = "") -> Project:
    """公开考核: everybody who may read the project reads the assessments that stand, those to come too; or no more.

    Raises as ``hold_project``; ``RuleBroken`` (nothing was assessed yet), ``Invalid`` (``Warned``: their words look
    personal, unless ``seen_warnings``).
    """
    row = hold_project(pk, by, ProjectVerb.SHOW, version)
    if row.assessments_public == is_public:
        return row
    if is_public:
        standing = list(row.assessments.standing().prefetch_related("scores"))
        if not standing:
            raise RuleBroken(_("还没有考核过，先考核一次。"))
        require_seen(list(_words_of(standing)), seen=seen_warnings)
    row.move_to(ProjectVerb.SHOW, actor=by, changes={"assessments_public": is_public}, params={"public": is_public})
    return row


def _words_of(rows: Iterable[Assessment]) -> Iterable[str]:
    for one in rows:
        yield one.words
        yield from (score.evidence for score in one.scores.all())


def _replaced(row: Project, pk: int | None) -> Assessment | None:
    if pk is None:
        return None
    found: Assessment | None = row.assessments.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def require_days(row: Project, first: date, last: date) -> None:
    """Days that have passed since the project began. Raises ``Invalid`` on ``last_day``."""
    if not row.starts_on <= first <= last <= timezone.localdate():
        raise Invalid({"last_day": [_("请选项目开始以后、今天以前的一段日子。")]})


ASSESSED: Text = _("这段日子已经考核过了。要改，请更正那一次。")


def _require_free(row: Project, first: date, last: date, wrong: Assessment | None) -> None:
    standing = row.assessments.filter(replaced_by__isnull=True, first_day__lte=last, last_day__gte=first)
    if standing.exclude(pk=wrong.pk if wrong else None).exists():
        raise RuleBroken(ASSESSED)


def scores_from(row: Project, given: Sequence[ScoreGiven]) -> list[Score]:
    """One for each measure of ``row``. Raises ``Invalid`` on ``scores``, ``RuleBroken`` (no measures are set)."""
    yardsticks = list(row.yardsticks.all())
    if not yardsticks:
        raise RuleBroken(_("还没有定考核办法。"))
    by_name = {clean(one.get("name") or ""): one for one in given}
    errors: Errors = {}
    rows = []
    for one in yardsticks:
        answer: Any = by_name.pop(one.name, {})
        points, evidence = amount_of(answer.get("points")), " ".join(clean(answer.get("evidence") or "").split())
        if points is None or points > WHOLE:
            errors.setdefault("scores", []).append(_("“%(name)s”，请填0到100分。") % {"name": one.name})
        elif not 0 < len(evidence) <= 200:
            errors.setdefault("scores", []).append(_("“%(name)s”，请写依据，200字以内。") % {"name": one.name})
        else:
            rows.append(Score(name=one.name, weight=one.weight, points=points, evidence=evidence))
    for name in by_name:
        errors.setdefault("scores", []).append(_("考核办法里没有“%(name)s”。") % {"name": name[:20]})
    if errors:
        raise Invalid(errors)
    return rows


def _total(rows: Sequence[Score]) -> Decimal:
    """The weighted mean."""
    total = sum((one.points * one.weight for one in rows), Decimal(0)) / WHOLE
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)
