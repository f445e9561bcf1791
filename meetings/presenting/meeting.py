"""The one page of a meeting, before, during and after: how far it is, what stands above, what is pasted elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import day_of, moment
from meetings.models import ActionItem, Meeting, MeetingEvent
from meetings.presenting import words
from meetings.services.dues import chase_at
from meetings.states import AHEAD, MeetingState, MeetingVerb

MOST = 60
_ORDER = (MeetingState.DRAFT, MeetingState.CALLED, MeetingState.HELD, MeetingState.SENT)
"""待发送 is a part of 待纪要."""


def phases(row: Meeting) -> list[dict[str, str]]:
    """排好 → 已通知 → 待纪要 → 已归档; of what was called off none."""
    if row.state == MeetingState.CALLED_OFF:
        return []
    here = _ORDER.index(MeetingState.HELD if row.state == MeetingState.MINUTED else MeetingState(row.state))
    minuted = row.state == MeetingState.MINUTED
    said = (
        _("%(day)s排期") % {"day": day_of(row.planned_at)},
        _("%(day)s发出通知") % {"day": day_of(row.called_at)} if row.called_at else _("通知一发，参会的都知道"),
        _("纪要有了，等归档") if minuted else _("写几句，或者上传签字的纪要"),
        _("%(day)s发给大家") % {"day": day_of(row.ended_at)}
        if here == len(_ORDER) - 1
        else _("发给参会的，决议跟到销号"),
    )
    labels = (_("待通知"), _("已排期"), _("待纪要"), _("已归档"))
    tones = ["past" if place < here else "here" if place == here else "" for place in range(len(_ORDER))]
    return [{"label": one, "said": two, "tone": three} for one, two, three in zip(labels, said, tones, strict=True)]


def hand(row: Meeting, counts: dict[str, int]) -> dict[str, str]:
    """在谁手里: always an office; what it waits for."""
    waits = {
        MeetingState.DRAFT: _("等发通知"),
        MeetingState.CALLED: ngettext("%(n)d方没答复", "%(n)d方没答复", counts["open"]) % {"n": counts["open"]}
        if counts["open"]
        else _("都答复了"),
        MeetingState.HELD: _("等纪要"),
        MeetingState.MINUTED: _("等归档"),
        MeetingState.SENT: _("办完了"),
        MeetingState.CALLED_OFF: _("不开了"),
    }
    return {"name": row.area.name, "sign": row.area.name[:1], "small": waits[MeetingState(row.state)]}


def minutes_due(row: Meeting) -> dict[str, str]:
    """剩2天: until when the minutes are looked for."""
    if row.state in AHEAD:
        return {"tone": "", "label": _("会后写"), "until": ""}
    if row.state == MeetingState.SENT:
        return {"tone": "done", "label": _("有了"), "until": day_of(row.ended_at)}
    if row.state == MeetingState.CALLED_OFF:
        return {"tone": "", "label": _("没有"), "until": ""}
    if row.state == MeetingState.MINUTED:
        return {"tone": "soon", "label": _("等归档"), "until": ""}
    last = timezone.localdate(chase_at(timezone.localdate(row.starts)))
    left = (last - timezone.localdate()).days
    if left < 0:
        return {
            "tone": "late",
            "label": ngettext("过了%(n)d天", "过了%(n)d天", -left) % {"n": -left},
            "until": day_of(last),
        }
    label = ngettext("剩%(n)d天", "剩%(n)d天", left) % {"n": left} if left else _("今天")
    return {"tone": "soon", "label": label, "until": day_of(last)}


def notice(row: Meeting, points: Sequence[str]) -> str:
    """群通知, before: what, when, where, what is talked about. No persons."""
    lines = [
        _("【会议通知】%(name)s") % {"name": row.title},
        _("时间：%(when)s") % {"when": words.plainly(row)},
        _("地点：%(place)s") % {"place": row.place},
        _("召集：%(who)s") % {"who": words.host_of(row)},
    ]
    if points:
        lines += [_("议程："), *(f"{place}. {title}" for place, title in enumerate(points, 1))]
    return "\n".join([*lines, _("来不来，请点通知里的链接答复一声，也可以请人代。")])


def outcome(row: Meeting, actions: Sequence[ActionItem]) -> str:
    """群通知, afterwards: what was resolved, who does it, until when."""
    lines = [
        _("【会议结果】%(name)s") % {"name": row.title},
        _("时间：%(when)s") % {"when": words.plainly(row)},
        *(
            _("%(n)d. %(what)s（%(who)s，%(day)s前）")
            % {"n": place, "what": one.what, "who": words.doer_of(one), "day": day_of(one.due_on)}
            for place, one in enumerate(actions, 1)
        ),
    ]
    return "\n".join([*lines, _("编号%(number)s，谢谢大家。") % {"number": row.number}])


def story(row: Meeting) -> list[dict[str, Any]]:
    """What happened, newest first."""
    lines: list[dict[str, Any]] = []
    for one in row.events.select_related("actor").order_by("-at", "-pk")[:MOST]:
        text, who = _event(one), one.actor.name if one.actor else _("系统")
        last = lines[-1] if lines else {}
        if not one.words and (last.get("key"), last.get("said")) == ((text, who), ""):
            last["times"] += 1
            continue
        lines.append({"key": (text, who), "text": text, "who": who, "said": one.words, "at": one.at, "times": 1})
    return [
        {**one, "at": moment(one["at"]), "text": _times(one), "why": "", "kind": "event", "now": place == 0}
        for place, one in enumerate(lines)
    ]


def _times(line: dict[str, Any]) -> str:
    """What one person did several times in a row is one line."""
    n = line["times"]
    return f"{line['text']} {ngettext('%(n)d次', '%(n)d次', n) % {'n': n}}" if n > 1 else line["text"]


def _event(one: MeetingEvent) -> str:
    label, params = str(one.get_verb_display()), one.params
    if one.verb == MeetingVerb.PRESENT and "present" in params:
        n = len(params["present"])
        return f"{label} {ngettext('%(n)d方', '%(n)d方', n) % {'n': n}}"
    if one.verb == MeetingVerb.PRESENT:
        return _("撤回签到")
    if one.verb == MeetingVerb.AGENDA and params.get("added"):
        n = params["added"]
        return f"{label} {ngettext('加%(n)d项', '加%(n)d项', n) % {'n': n}}"
    if one.verb == MeetingVerb.MINUTE and "revision" in params:
        return _("纪要第%(n)d稿") % {"n": params["revision"]}
    if one.verb == MeetingVerb.RESULT and "action" in params:
        return _("转行动项")
    return label
