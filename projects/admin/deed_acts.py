"""The ways to go on with a livelihood item, in the order of its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User
from projects.forms import acts as words
from projects.forms import deed as forms
from projects.presenting.figures import when
from projects.services import deed_running, deeds
from projects.services.deed_dues import months_to_report
from projects.services.deed_standing import wanting
from projects.states import DeedVerb, Period
from resources.admin.acts import Act, simply


def _note(verb: DeedVerb) -> Callable[[int, User, int, Any], Any]:
    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return deeds.note_deed(pk=pk, by=by, version=version, verb=verb, **form.given())

    return take


def _report(pk: int, by: User, version: int, form: Any) -> Any:
    return deed_running.report_deed(pk=pk, by=by, **form.given())


def _months(row: Any, user: User) -> dict[str, Any]:
    """This month and those before it in its year; one that was reported can be put right."""
    known = {one.month: one for one in row.reports.all()}
    months = months_to_report(row, timezone.localdate())
    return {"months": [_month(day, known.get(day)) for day in months]}


def _month(day: date, there: Any) -> tuple[str, str]:
    label = when(Period.MONTH, day)
    if there is None:
        return f"{day.isoformat()}:", label
    reported = _("报过%(percent)d%%") % {"percent": there.percent}
    return f"{day.isoformat()}:{there.version}", f"{label} {reported}"


def _record(name: str, verb: DeedVerb, label: Any, button: Any, form: Any = forms.NotedForm, hint: Any = "") -> Act:
    take, done = _note(verb), _("记下了。")
    return Act(name=name, verb=verb, label=label, button=button, take=take, done=done, form=form, hint=hint)


ACTS = (
    Act(
        name="screen",
        verb=DeedVerb.SCREEN,
        label=_("初筛"),
        button=_("记下初筛"),
        take=simply(deeds.screen_deed),
        done=_("记下了。"),
        form=forms.ScreenForm,
        hint=_("普惠、可行、可量化，三样都要。"),
        tone="main",
    ),
    _record("argue", DeedVerb.ARGUE, _("论证"), _("记下论证"), hint=_("初筛通过以后。谁来论证、怎么说。")),
    _record("vote", DeedVerb.VOTE, _("票决"), _("记下票决"), forms.VoteForm),
    Act(
        name="report",
        verb=DeedVerb.REPORT,
        label=_("报进度"),
        button=_("报上去"),
        take=_report,
        done=_("报好了，公示板上看得到。"),
        form=forms.ReportForm,
        tone="main",
        arguments=_months,
        fits=lambda row, user: bool(_months(row, user)["months"]),
    ),
    _record("urge", DeedVerb.URGE, _("督促"), _("发出督促"), hint=_("责任单位看得到。")),
    _record("accept", DeedVerb.ACCEPT, _("验收"), _("记下验收"), hint=_("报到100%以后。谁来验收、看到什么。")),
    Act(
        name="ask",
        verb=DeedVerb.ASK,
        label=_("满意度"),
        button=_("记下满意度"),
        take=simply(deeds.ask_about_deed),
        done=_("记下了。"),
        form=forms.SatisfiedForm,
        hint=_("报到100%以后再问。"),
    ),
    Act(
        name="clear",
        verb=DeedVerb.CLEAR,
        label=_("销号"),
        take=simply(deed_running.clear_deed),
        done=_("销号了。"),
        tone="main",
        fits=lambda row, user: not wanting(row),
    ),
    Act(
        name="unpublish",
        verb=DeedVerb.UNPUBLISH,
        label=_("撤回公布"),
        take=simply(deed_running.unpublish_deed),
        done=_("撤回了，又是候选。"),
        form=words.WordsForm,
        hint=_("公布错了才用：当天、还没报过进度。"),
        button=_("撤回这一件的公布"),
        tone="danger",
        fits=lambda row, user: not row.reports.exists(),
    ),
    Act(
        name="leave_out",
        verb=DeedVerb.LEAVE_OUT,
        label=_("不入选"),
        button=_("定为不入选"),
        tone="danger",
        take=simply(deeds.leave_out_deed),
        done=_("记下了。"),
        form=words.WordsForm,
    ),
)
