"""What is counted and judged on a project's page: indicators, figures, how the service is assessed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound
from people.models import User
from projects.forms import project_acts as forms
from projects.forms.lines import AssessForm, ScaleForm
from projects.models import Reading
from projects.presenting.figures import when
from projects.services.assessing import assess_project, set_yardsticks, show_assessments
from projects.services.figures import record_reading, set_indicator
from projects.services.wording import number
from projects.states import ProjectVerb
from resources.admin.acts import Act, Group, simply

LAST = 40
"""So many figures can be mended on the page; older ones over the API."""


def _known(row: Any, user: User) -> dict[str, Any]:
    return {"known": [(one.pk, one.name) for one in row.indicators.all()]}


def _readings(row: Any, user: User) -> dict[str, Any]:
    found = Reading.objects.filter(indicator__project=row).select_related("indicator")
    rows = found.order_by("-period", "indicator")[:LAST]
    return {
        "readings": [
            (f"{one.pk}:{one.version}", f"{one.indicator.name} {when(one.indicator.period, one.period)} {_value(one)}")
            for one in rows
        ]
    }


def _value(one: Any) -> str:
    return f"{number(one.value)}{one.indicator.measure}"


def _record(pk: int, by: User, version: int, form: Any) -> Any:
    """A figure does not make other open forms stale, nor do they make it."""
    return record_reading(pk=pk, by=by, **form.given())


def _mend(pk: int, by: User, version: int, form: Any) -> Any:
    given = form.cleaned_data
    key, _colon, seen = given["reading"].partition(":")
    found = Reading.objects.filter(pk=int(key), indicator__project=pk).first()
    if found is None:
        raise NotFound
    said = {
        "value": given["value"],
        "note": given["note"],
        "seen_warnings": given["seen_warnings"],
        "version": int(seen),
    }
    return record_reading(pk=pk, by=by, indicator=found.indicator_id, day=found.period, **said)


def _yardsticks(row: Any, user: User) -> dict[str, Any]:
    return {"yardsticks": list(row.yardsticks.all())}


def _assess(row: Any, user: User) -> dict[str, Any]:
    rows = list(row.assessments.all())
    mended = {one.replaces_id for one in rows}
    standing = [one for one in rows if one.pk not in mended]
    wrong = [(one.pk, f"{one.first_day:%Y-%m-%d} — {one.last_day:%Y-%m-%d}") for one in standing]
    return {**_yardsticks(row, user), "wrong": wrong}


def _show(is_public: bool) -> Any:
    def take(pk: int, by: User, version: int, form: Any) -> Any:
        given = form.given() if form is not None else {}
        return show_assessments(pk=pk, by=by, version=version, is_public=is_public, **given)

    return take


def _may_be_shown(row: Any, user: User) -> bool:
    return row.is_public and not row.assessments_public and bool(row.assessments.all())


USUAL, ARRANGING, MENDING = Group(_("平常")), Group(_("安排")), Group(_("改错和收尾"), folded=True)
"""The acts of a project's page by how often they are wanted."""
COUNT_ACTS = (
    Act(
        name="figure",
        verb=ProjectVerb.MEASURE,
        label=_("记数字"),
        button=_("记下这个数"),
        group=USUAL,
        take=_record,
        done=_("记下了。"),
        form=forms.FigureForm,
        fits=lambda row, user: bool(row.indicators.all()),
        arguments=_known,
    ),
    Act(
        name="mend",
        verb=ProjectVerb.MEASURE,
        label=_("改数字"),
        button=_("改成这个数"),
        group=MENDING,
        take=_mend,
        done=_("改好了，改以前的数字留在经过里。"),
        form=forms.MendForm,
        fits=lambda row, user: Reading.objects.filter(indicator__project=row).exists(),
        arguments=_readings,
    ),
    Act(
        name="indicator",
        verb=ProjectVerb.EDIT,
        label=_("建指标、改指标"),
        button=_("保存指标"),
        group=ARRANGING,
        take=simply(set_indicator),
        done=_("好了。"),
        form=forms.IndicatorForm,
        arguments=_known,
    ),
    Act(
        name="scale",
        verb=ProjectVerb.SCALE,
        label=_("定考核办法"),
        button=_("保存考核办法"),
        group=ARRANGING,
        take=simply(set_yardsticks),
        done=_("定好了。"),
        form=ScaleForm,
        hint=_("占比加起来正好100%。以前考核过的不变。"),
        arguments=_yardsticks,
    ),
    Act(
        name="assess",
        verb=ProjectVerb.ASSESS,
        label=_("考核"),
        button=_("记下考核"),
        group=USUAL,
        take=simply(assess_project),
        done=_("考核记下了。"),
        form=AssessForm,
        hint=_("考核的是服务，不是人。写错了，再考核一次，选更正哪一次。"),
        fits=lambda row, user: bool(row.yardsticks.all()),
        arguments=_assess,
    ),
    Act(
        name="show",
        verb=ProjectVerb.SHOW,
        label=_("公开考核"),
        button=_("公开考核"),
        group=ARRANGING,
        take=_show(True),
        done=_("公开了，大家在项目页上看得到得分、依据和怎么处理。"),
        form=forms.ShowForm,
        hint=_("以后考核的也公开；更正过的只看得到更正以后的。"),
        fits=_may_be_shown,
    ),
    Act(
        name="hide",
        verb=ProjectVerb.SHOW,
        label=_("不公开考核"),
        group=MENDING,
        take=_show(False),
        done=_("不公开了，参加的单位还看得到。"),
        fits=lambda row, user: row.assessments_public,
    ),
)
