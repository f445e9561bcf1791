"""The small forms by which a project goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from members.forms.profile import FindSelect
from members.models import MemberUnit
from projects.forms.lines import PastDay
from projects.states import Period, Reckon
from resources.forms.acts import ActForm, NearDay

Choices = Iterable[tuple[Any, str]]


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


def _which(label: Any, choices: Choices) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=[(str(pk), name) for pk, name in choices])


class PublishForm(ActForm):
    """发布认领."""

    closes_on = NearDay(label=_("认领到哪天"), required=False, help_text=_("不填就一直等"))


class JoinForm(ActForm):
    """请单位参加."""

    unit = forms.ModelChoiceField(MemberUnit.objects.none(), label=_("单位"), empty_label=_("请选"), widget=FindSelect)
    does = forms.CharField(label=_("单位做什么"), required=False)
    is_lead = forms.BooleanField(label=_("牵头"), required=False, help_text=_("由它牵头"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units

    def given(self) -> dict[str, Any]:
        return {**super().given(), "unit": self.cleaned_data["unit"].pk}


class PartForm(ActForm):
    """单位退出."""

    words = _text(_("为什么"), _("参加的单位看得到"))

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _which(_("哪个单位"), units)
        self.order_fields(["unit", "words"])


class ReachForm(ActForm):
    """完成节点."""

    done_on = PastDay(label=_("哪天完成的"), initial=timezone.localdate)
    evidence = _text(_("完成情况"), _("大家看得到，不写个人的姓名和电话"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"] = _which(_("哪个节点"), steps)
        self.order_fields(["milestone", "done_on", "evidence"])


class ReopenForm(ActForm):
    """节点重办."""

    words = _text(_("为什么"), _("参加的单位看得到"))

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"] = _which(_("哪个节点"), steps)
        self.order_fields(["milestone", "words"])


class FinishForm(ActForm):
    """完成."""

    outcome = _text(_("成效"), _("办成了什么，大家看得到"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))


class ShowForm(ActForm):
    """公开考核."""

    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样公开"))


class IndicatorForm(ActForm):
    """建指标, or change one."""

    name = forms.CharField(label=_("指标"), required=False, help_text=_("例如：助餐"))
    measure = forms.CharField(label=_("单位（量）"), required=False, help_text=_("例如：人次"))
    period = forms.ChoiceField(label=_("多久记一次"), choices=Period.choices, initial=Period.MONTH)
    reckon = forms.ChoiceField(label=_("总数怎么算"), choices=Reckon.choices)
    target = forms.DecimalField(label=_("目标"), required=False)
    is_public = forms.BooleanField(label=_("公开"), required=False, initial=True, help_text=_("大家看得到"))

    def __init__(self, *args: Any, known: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices := [(str(pk), name) for pk, name in known]:
            self.fields["indicator"] = forms.TypedChoiceField(
                label=_("哪个指标"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("新的指标")), *choices],
            )
            self.order_fields(["indicator"])


class FigureForm(ActForm):
    """记数字."""

    day = PastDay(label=_("哪天"), initial=timezone.localdate, help_text=_("按月记的，选那个月里的一天"))
    value = forms.DecimalField(label=_("数字"), required=False)
    note = forms.CharField(label=_("说明"), required=False)
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"] = _which(_("哪个指标"), known)
        self.order_fields(["indicator", "day", "value", "note"])


class MendForm(ActForm):
    """改数字: of a period that has one. ``readings``: (key of the figure and its version, as it is called)."""

    value = forms.DecimalField(label=_("改成"), required=False)
    note = forms.CharField(label=_("为什么"), required=False)
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, readings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading"] = forms.ChoiceField(label=_("哪一期"), choices=list(readings))
        self.order_fields(["reading", "value", "note"])


class LinkForm(ActForm):
    """关联 of something by its number."""

    subject = forms.CharField(label=_("哪一件"), required=False, help_text=_("写编号，例如 XQ-CX-20261123-0001"))


class UnlinkForm(ActForm):
    """取消关联."""

    def __init__(self, *args: Any, links: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"] = forms.ChoiceField(label=_("哪一件"), choices=list(links))
