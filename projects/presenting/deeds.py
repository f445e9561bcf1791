"""A livelihood item as staff see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from projects.models import Deed, DeedRecord
from projects.services.wording import number
from projects.states import DeedVerb

Lines = list[dict[str, Any]]


def current_year(years: Iterable[int]) -> int:
    """The year that is shown first: the running one, else the newest before it; only where there is none, the next."""
    today, there = timezone.localdate().year, sorted(years)
    return max((one for one in there if one <= today), default=there[0] if there else today)


def strip(row: Deed) -> Lines:
    """On top: in whose hands, since when, how far, how satisfied."""
    unit = reverse("admin:members_memberunit_change", args=[row.unit_id]) if row.unit_id else ""
    satisfied = _("还没问") if row.satisfaction is None else f"{number(row.satisfaction)}%"
    ended = _("%(day)s结束") % {"day": day_of(row.ended_on)} if row.ended_on else ""
    return [
        {
            "label": _("谁负责"),
            "text": row.unit.name if row.unit else row.area.name,
            "small": row.leader.name if row.leader else "",
            "url": unit,
        },
        {"label": _("登记时间"), "text": day_of(row.proposed_at), "small": ended},
        {"label": _("进度"), "text": f"{row.percent}%" if row.position else _("还没公布"), "small": row.goal},
        {"label": _("满意度"), "text": satisfied, "small": ""},
    ]


def facts_of(row: Deed) -> list[tuple[str, str]]:
    """What is written down of it."""
    found = [
        (_("年度"), str(row.year)),
        (_("第几件"), str(row.position or "")),
        (_("年度目标"), row.goal),
        (_("类别"), row.get_field_display()),
        (_("谁提出的"), row.get_source_display()),
        (_("从哪件事来"), row.origin_label),
        (_("由哪个项目办"), row.project.name if row.project else ""),
        (_("街道或社区"), row.area.name),
    ]
    return [(label, text) for label, text in found if text]


def story(records: Iterable[DeedRecord]) -> Lines:
    """What happened, newest first. ``records`` come so, with their actors."""
    return [
        {
            "at": day_of(record.on_day) if record.on_day else moment(record.at),
            "text": _text(record),
            "who": record.actor.name if record.actor else _("系统"),
            "said": record.words,
            "why": "",
            "kind": "event",
            "now": place == 0,
        }
        for place, record in enumerate(records)
    ]


def _text(record: DeedRecord) -> str:
    verb, said = str(record.get_verb_display()), record.params
    if record.verb == DeedVerb.SCREEN:
        tests = ((_("普惠"), "for_all"), (_("可行"), "doable"), (_("可量化"), "countable"))
        passed = [label for label, name in tests if said.get(name)]
        return f"{verb} {_('、').join(passed)}" if len(passed) == len(tests) else f"{verb} {_('没过')}"
    if record.verb == DeedVerb.VOTE:
        return _("%(verb)s：%(yes)d票同意，共%(of)d票") % {"verb": verb, "yes": said["yes"], "of": said["of"]}
    if record.verb == DeedVerb.REPORT:
        less = _("，改低：%(why)s") % {"why": said["why_less"]} if said.get("why_less") else ""
        return f"{verb} {said['month']} {said['percent']}%{less}"
    if record.verb == DeedVerb.ASK:
        return _("%(verb)s：问了%(asked)d位，满意%(satisfied)d位") % {
            "verb": verb,
            "asked": said["asked"],
            "satisfied": said["satisfied"],
        }
    return verb
