"""A livelihood item that is published: reported month by month, and cleared once it is accepted and asked about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, RuleBroken, Text
from alliance.lib.public_text import require_seen
from deadlines.services.dues import drop_dues
from people.models import User
from projects.models import Deed, DeedReport, DeedYear
from projects.services.deed_dues import MONTHLY, months_to_report
from projects.services.deed_standing import noted_since_done
from projects.services.deeds import hold_deed
from projects.services.fields import Errors, said
from projects.states import DeedVerb


@transaction.atomic
def report_deed(
    *,
    pk: int,
    by: User,
    month: date,
    percent: int,
    words: str,
    version: int | None = None,
    seen_warnings: str = "",
    why_less: str = "",
) -> DeedReport:
    """月报 of the month of ``month``, by whoever is responsible: how far it is, and what was done. Said again for the
    same month it needs ``version``: that of the report as it was seen; and ``why_less`` where it is less than that.

    Raises as ``hold_deed``; ``Invalid`` (less than the month before, more than the whole; less than it said, without
    a word why; ``Warned``: the words look personal, unless ``seen_warnings``), ``RuleBroken`` (reported already),
    ``Conflict``.
    """
    row = hold_deed(pk, by, DeedVerb.REPORT, None)
    first = month.replace(day=1)
    percents = dict(row.reports.values_list("month", "percent"))
    text = checked_report(row, first, percent, words, percents, timezone.localdate())
    why = _corrected(row, first, percent, why_less, version)
    require_seen([text, why], seen=seen_warnings)
    found = _written(row, first, percent, text, by, version)
    newest = row.reports.order_by("-month").values_list("percent", flat=True)[0]
    params = {"month": f"{first:%Y-%m}", "percent": percent, **({"why_less": why} if why else {})}
    row.move_to(DeedVerb.REPORT, actor=by, note=text, changes={"percent": newest}, params=params)
    return found


def checked_report(row: Deed, month: date, percent: int, words: str, percents: Mapping[date, int], today: date) -> str:
    """The words of a report as they are kept; ``percents``: what was reported of ``row``, by the first day of months.

    Raises ``Invalid``: no month to report, less than the month before or more than the one after, no words.
    """
    errors = Errors()
    if month not in months_to_report(row, today):
        errors["month"] = [_("请选这一年到本月的一个月。")]
    least = max(((when, percent) for when, percent in percents.items() if when < month), default=(month, 0))[1]
    most = min(((when, percent) for when, percent in percents.items() if when > month), default=(month, 100))[1]
    if not least <= percent <= most:
        errors["percent"] = [_("进度要在%(least)d到%(most)d之间。") % {"least": least, "most": most}]
    if errors:
        raise Invalid(errors)
    return said(words, "words", _("请写一句这个月办了什么。"), 300)


ALREADY: Text = _("这个月已经报过了。要改，请打开那一条改。")
WHY_LESS: Text = _("这个月报过%(n)d%%，改低了请写一句为什么。")


def _corrected(row: Deed, month: date, percent: int, why: str, version: int | None) -> str:
    """Why the month is less than it was said to be; nothing where it is not. Raises ``Invalid`` on ``why_less``."""
    there = row.reports.filter(month=month, version=version).first() if version is not None else None
    if there is None or percent >= there.percent:
        return ""
    return said(why, "why_less", WHY_LESS % {"n": there.percent}, 100)


def _written(row: Deed, month: date, percent: int, words: str, by: User, version: int | None) -> DeedReport:
    there = row.reports.filter(month=month).first()
    if there is None:
        if version is not None:
            raise Conflict
        try:
            with transaction.atomic():
                return DeedReport.objects.create(deed=row, month=month, percent=percent, words=words, by=by)
        except IntegrityError as error:
            raise RuleBroken(_("这个月已经报过了。")) from error
    if version is None:
        raise RuleBroken(ALREADY)
    if version != there.version:
        raise Conflict
    there.percent, there.words, there.by, there.at = percent, words, by, timezone.now()
    there.version += 1
    there.save(update_fields=["percent", "words", "by", "at", "version"])
    found: DeedReport = there
    return found


@transaction.atomic
def unpublish_deed(*, pk: int, by: User, version: int | None, words: str) -> Deed:
    """撤回公布 of what was published by mistake: on the same day, before anything was reported of it. It is a candidate
    again, and its place free. The reminder of the month stays: it looks by itself whether the item is published.

    Raises as ``hold_deed``; ``RuleBroken`` (another day; it was reported), ``Invalid`` without words.
    """
    seen = Deed.objects.filter(pk=pk)
    plans = DeedYear.objects.filter(street_id=Subquery(seen.values("street_code")), year=Subquery(seen.values("year")))
    plan = plans.select_for_update(of=("self",), no_key=True).first()
    row = hold_deed(pk, by, DeedVerb.UNPUBLISH, version)
    text = said(words, "words", _("请写一句为什么撤回。"))
    published = row.records.filter(verb=DeedVerb.PUBLISH).latest("pk")
    if timezone.localdate(published.at) != timezone.localdate():
        raise RuleBroken(_("只有公布的当天可以撤回。"))
    if row.reports.exists():
        raise RuleBroken(_("已经报过进度了，不能撤回。"))
    row.move_to(DeedVerb.UNPUBLISH, actor=by, note=text, changes={"position": None})
    if plan and not Deed.objects.public().filter(street_code=row.street_code, year=row.year).exists():
        plan.published_on = None
        plan.save(update_fields=["published_on"])
    return row


@transaction.atomic
def clear_deed(*, pk: int, by: User, version: int | None) -> Deed:
    """销号: done wholly, accepted, and residents were asked how satisfied they are.

    Raises as ``hold_deed``; ``RuleBroken`` with what is missing.
    """
    row = hold_deed(pk, by, DeedVerb.CLEAR, version)
    if row.percent < 100:
        raise RuleBroken(_("进度到了%(n)d%%，办完了再销号。") % {"n": row.percent})
    noted = noted_since_done(row)
    if DeedVerb.ACCEPT not in noted:
        raise RuleBroken(_("还没有验收。"))
    if row.satisfaction is None or DeedVerb.ASK not in noted:
        raise RuleBroken(_("还没有问满意度。"))
    row.move_to(DeedVerb.CLEAR, actor=by, changes={"ended_on": timezone.localdate()})
    drop_dues(subject=row.subject, kind=MONTHLY)
    return row
