"""Stages, dues and messages as the page 到期与提醒 shows them. Presentation only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.dates import moment
from deadlines.kinds import Preview, due_kind, stage_kind
from deadlines.models import Due, Stage
from deadlines.permissions import due_abilities, sees_cases
from deadlines.selectors import MESSAGES, TOMORROW, midnight, titles_of
from deadlines.services.calendar import calendar
from deadlines.services.heartbeat import too_long
from deadlines.states import DueState, Reason, Unit
from deadlines.worktime import Calendar
from notifications.messages import MessageClass, label_of
from notifications.models import Message, MessageText
from notifications.permissions import message_abilities
from notifications.services.wording import Wording
from notifications.states import Part, State
from people.models import Area, User
from people.states import CODE_LENGTH, Level

DUE_TONES = {DueState.WAITING: "", DueState.FAILED: "late", DueState.MISSED: "warn"}
ENOUGH = 5
"""Of fewer no share is drawn: one of one is no feat."""
MESSAGE_TONES = {State.WAITING: "", State.FAILED: "late", State.UNCERTAIN: "warn", State.MISSED: "warn"}


def span(seconds: float) -> str:
    """A length of time in its largest whole unit: 5分钟, 3小时, 2天."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("%(n)d分钟") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d小时") % {"n": minutes // 60}
    return ngettext("%(n)d天", "%(n)d天", minutes // 1440) % {"n": minutes // 1440}


def end_of(stage: Stage) -> str:
    """When a stage ends: the day for a limit in days, else the minute."""
    return written(stage.due_on, _("n月j日")) if stage.unit == Unit.WORK_DAYS else moment(stage.due_at)


def days_left(days: int) -> str:
    """剩2个工作日: how every page for staff says it."""
    return ngettext("剩%(days)d个工作日", "剩%(days)d个工作日", days) % {"days": days}


def days_over(days: int) -> str:
    """超2个工作日."""
    return ngettext("超%(days)d个工作日", "超%(days)d个工作日", days) % {"days": days}


def time_left(stage: Stage, cal: Calendar, now: datetime) -> dict[str, Any]:
    """``{left, note, tone}`` in working days; what is counted in minutes or hours, in those."""
    if stage.paused_at:
        return {"left": _("先停着"), "note": _("等恢复后接着算"), "tone": "paused"}
    today, note = timezone.localdate(now), _("%(end)s到期") % {"end": end_of(stage)}
    if stage.due_at <= now:
        days = cal.working_days_between(stage.due_on, today)
        over = _("超%(time)s") % {"time": span((now - stage.due_at).total_seconds())}
        return {"left": days_over(days) if days else over, "note": note, "tone": "late"}
    if stage.due_on == today:
        clock = f"{timezone.localtime(stage.due_at):%H:%M}"
        until = "" if stage.unit == Unit.WORK_DAYS else _("到%(clock)s为止") % {"clock": clock}
        return {"left": _("今天到期"), "note": until, "tone": "soon"}
    days = cal.working_days_between(today, stage.due_on)
    return {"left": days_left(days) if days else _("休息日到期"), "note": note, "tone": ""}


def places(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of the community (or wider) it lies in."""
    short = {code: code[: CODE_LENGTH[Level.COMMUNITY]] for code in codes}
    names = dict(Area.objects.filter(pk__in=set(short.values())).values_list("pk", "name"))
    return {code: names.get(key, "") for code, key in short.items()}


def stage_label(kind: str) -> str:
    declared = stage_kind(kind)
    return str(declared.label) if declared else kind


def due_label(kind: str) -> str:
    declared = due_kind(kind)
    return str(declared.label) if declared else kind


def stage_rows(stages: Sequence[Stage], viewer: User) -> list[dict[str, Any]]:
    """Rows of the tab 计时."""
    now, cal, names = timezone.now(), calendar(), places(stage.area_code for stage in stages)
    titles = titles_of(viewer, stages)
    return [
        {
            "pk": stage.pk,
            "number": stage.label,
            "url": stage.url if sees_cases(viewer, stage.area_code) else "",
            "title": titles.get(stage.subject, ""),
            "kind": stage_label(stage.kind),
            "place": names[stage.area_code],
            "hand": _hand(stage, names[stage.area_code], viewer),
            "due": time_left(stage, cal, now),
        }
        for stage in stages
    ]


def _hand(stage: Stage, place: str, viewer: User) -> dict[str, Any]:
    name = stage.holder.name if stage.holder else ""
    since = _("%(moment)s起") % {"moment": written(timezone.localtime(stage.started_at), _("n月j日"))}
    mine = stage.holder_id == viewer.pk
    return {"initial": (name or place)[:1], "name": name, "unit": place, "since": since, "mine": mine}


def due_rows(dues: Sequence[Due], viewer: User, tab: str) -> list[dict[str, Any]]:
    """Rows of 提醒 and of 卡住和错过."""
    stages, names = _stages(dues), places(due.area_code for due in dues)
    titles = titles_of(viewer, [stages.get(due.subject, due) for due in dues])
    rows = [_due_row(due, stages.get(due.subject), names[due.area_code], viewer, tab) for due in dues]
    about = [stages.get(due.subject, due).subject for due in dues]
    return [{**row, "title": titles.get(subject, "")} for row, subject in zip(rows, about, strict=True)]


def _due_row(due: Due, stage: Stage | None, place: str, viewer: User, tab: str) -> dict[str, Any]:
    tried = ngettext("办过%(n)d次", "办过%(n)d次", due.attempts) % {"n": due.attempts} if due.attempts else ""
    state = _waiting(due) if due.state == DueState.WAITING else due.get_state_display()
    return {
        "pk": due.pk,
        "number": due.label,
        "url": stage.url if stage and sees_cases(viewer, due.area_code) else "",
        "kind": due_label(due.kind),
        "about": stage_label(stage.kind) if stage else "",
        "rung": rung(due.params.get("offset")),
        "place": place,
        "when": moment(due.due_at),
        "state": {"label": state, "tone": DUE_TONES.get(DueState(due.state), "")},
        "why": _why(due),
        "tried": tried,
        "acts": _acts(due, viewer, tab),
    }


def _why(due: Due) -> str:
    """Why it did not go well; a fault of the program by its name, for whoever mends it."""
    if not due.last_error or due.last_error in Reason.values:
        return due.reason
    return _("程序出错（%(name)s），请告诉系统管理员") % {"name": due.last_error}


def _acts(due: Due, viewer: User, tab: str) -> list[dict[str, str]]:
    """What the viewer may do about ``due``; afterwards one is back on ``tab``."""
    able = due_abilities(viewer, due)
    tried = due.state != DueState.WAITING or due.attempts
    kind = due_kind(due.kind)
    offers = [("retry", _("重办"))] if "retry" in able and tried else []
    off = _("不发这次提醒") if kind and kind.preview else _("取消")
    # What only writes a fact down goes on quietly unless it is in trouble: there is no reminder to take off.
    offers += [("cancel", off)] if "cancel" in able and (tried or (kind and kind.preview)) else []
    return [
        {"label": label, "url": reverse(f"admin:due_{verb}", args=[due.pk]) + f"?tab={tab}"} for verb, label in offers
    ]


def _waiting(due: Due) -> str:
    """What a due that waits is doing: it may be in work, or wait for its next try."""
    if due.leased_until and due.leased_until > timezone.now():
        return _("过一会儿再试") if due.attempts and due.last_error != Reason.INTERRUPTED else _("正在办")
    return _("等着没办") if due.due_at < timezone.now() else _("还没到时候")


def rung(offset: Any) -> str:
    """Which reminder it is, in words; empty for what is none."""
    if not isinstance(offset, int):
        return ""
    if offset == 0:
        return _("到期当天")
    if offset < 0:
        return ngettext("到期前%(n)d个工作日", "到期前%(n)d个工作日", -offset) % {"n": -offset}
    return ngettext("超期%(n)d个工作日后", "超期%(n)d个工作日后", offset) % {"n": offset}


def _stages(dues: Sequence[Due]) -> dict[str, Stage]:
    keys = [due.subject.partition(":")[2] for due in dues if due.subject.startswith("stage:")]
    rows = Stage.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {f"stage:{row.pk}": row for row in rows}


def preview_rows(dues: Sequence[Due], found: Mapping[int, Preview], viewer: User) -> list[dict[str, Any]]:
    """Rows of 明天会这样写: the words and the people, and honestly that nobody is there where it is so."""
    own = _own_texts(found.values())
    rows = due_rows(dues, viewer, TOMORROW)
    for due, row in zip(dues, rows, strict=True):
        planned = found.get(due.pk)
        people = [user.name for user in planned.people] if planned else []
        row["to"] = _("、").join(people)
        row["off"] = planned is None
        if planned and planned.message is None:
            row["words"] = _("到时候按当天的情况写")
        elif planned and planned.message:
            seen = sees_cases(viewer, due.area_code)
            row["words"] = _said(planned.message, own) if seen else _("提醒的内容只给办事的人看")
    return rows


def _own_texts(found: Iterable[Preview]) -> frozenset[str]:
    """The rules whose title was changed in the workbench."""
    rules = {one.message.rule for one in found if one.message}
    texts = MessageText.objects.filter(rule__in=rules, part=Part.TITLE)
    return frozenset(texts.values_list("rule", flat=True)) if rules else frozenset()


def _said(message: MessageClass, own: frozenset[str]) -> str:
    """The title as it would stand in the inbox."""
    return Wording(message).of(Part.TITLE) if message.rule in own else str(message.title) % message.params


def message_rows(messages: Sequence[Message], viewer: User) -> list[dict[str, Any]]:
    """Rows of 消息: what became of them, never what they say or to whom."""
    names = places(message.area_code for message in messages)
    rows = []
    for message in messages:
        able = message_abilities(viewer, message)
        acts = [
            {"label": label, "url": reverse(f"admin:due_message_{verb}", args=[message.pk]) + f"?tab={MESSAGES}"}
            for verb, label in (("retry", _("马上发")), ("cancel", _("取消")))
            if verb in able
        ]
        rows.append(
            {
                "pk": message.pk,
                "number": message.subject_label,
                "kind": label_of(message),
                "channel": message.get_channel_display(),
                "place": names[message.area_code],
                "when": moment(message.created_at),
                "state": {"label": message.get_state_display(), "tone": MESSAGE_TONES.get(State(message.state), "")},
                "why": message.reason,
                "acts": acts,
            }
        )
    return rows


def kept_rows(counted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of 按时情况: a stage, a community, how many in time of how many."""
    names = places(row["place"] for row in counted)
    return [
        {
            "kind": stage_label(row["kind"]),
            "place": names[row["place"]],
            "met": row["met"],
            "breached": row["breached"],
            "late": row["late"],
            "all": row["met"] + row["breached"],
            "drawn": row["met"] + row["breached"] >= ENOUGH,
            "share": round(100 * row["met"] / (row["met"] + row["breached"])),
        }
        for row in counted
    ]


def silence_words(age: int) -> str:
    """The banner's sentence while reminders stand still."""
    if age < 0:
        return _("服务器的时间往回拨过，提醒可能停了，请告诉系统管理员。办件不受影响，到期请自己留意。")
    text = ngettext(
        "提醒已经停了%(n)s分钟，请告诉系统管理员。办件不受影响，到期请自己留意。",
        "提醒已经停了%(n)s分钟，请告诉系统管理员。办件不受影响，到期请自己留意。",
        age // 60,
    )
    return text % {"n": age // 60}


def beat_words(age: int | None) -> dict[str, Any]:
    """The dead man's line: when reminders last ran."""
    if age is None:
        return {"text": _("提醒还没有运转过；刚装好的话，等一分钟再看"), "tone": "warn"}
    if too_long(age):
        if age < 0:
            return {"text": _("服务器的时间往回拨过，提醒可能停了，请告诉系统管理员"), "tone": "late"}
        text = ngettext("提醒已经停了%(n)d分钟，请告诉系统管理员", "提醒已经停了%(n)d分钟，请告诉系统管理员", age // 60)
        return {"text": text % {"n": age // 60}, "tone": "late"}
    if age < 60:
        return {"text": _("提醒运转正常，上次运转在%(n)d秒前") % {"n": max(0, age)}, "tone": "ok"}
    return {"text": _("提醒运转正常，上次运转在%(n)d分钟前") % {"n": age // 60}, "tone": "ok"}


def tomorrow_words() -> str:
    return written(midnight(1), _("n月j日 l"))
