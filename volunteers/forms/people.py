"""Forms of volunteers' own pages. They carry what was typed; services decide whether it is right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from needs.forms import community_choices
from volunteers.models import Volunteer
from volunteers.services.volunteer_fields import VolunteerDraft
from volunteers.states.people import FreeTime, Reach, Skill
from volunteers.states.teams import PartyPost

FIELDS = ("name", "area", "skills", "times", "reach", "shows", "reports_hours", "guardian_name", "guardian_phone")
CHILDS = ("born", "guardian_name", "guardian_phone", "guardian_agrees")


class OwnForm(forms.Form):
    """No colon after labels; a hidden key makes a second tap find the first."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class AboutForm(OwnForm):
    """What somebody says about themselves, at any time."""

    name = forms.CharField(label=_("姓名"), required=False)
    area = forms.ChoiceField(label=_("住在哪个社区"), required=False, choices=lazy(community_choices, list))
    skills = forms.MultipleChoiceField(
        label=_("会什么"), required=False, choices=Skill.choices, widget=forms.CheckboxSelectMultiple
    )
    times = forms.MultipleChoiceField(
        label=_("什么时候有空"), required=False, choices=FreeTime.choices, widget=forms.CheckboxSelectMultiple
    )
    reach = forms.ChoiceField(
        label=_("去哪里帮忙"), required=False, choices=Reach.choices, initial=Reach.STREET, widget=forms.RadioSelect
    )
    shows = forms.BooleanField(label=_("可以公开感谢我，写成“王*明”这样"), required=False)
    reports_hours = forms.BooleanField(label=_("可以把我的姓名、手机号和服务记录报给“志愿浙江”"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Volunteer | None = None, **kwargs: Any) -> None:
        if row is not None:
            names = ("name", "skills", "times", "reach", "shows", "reports_hours", "version")
            own = {name: getattr(row, name) for name in names}
            kwargs["initial"] = {**own, "area": row.area_id, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def draft(self) -> VolunteerDraft:
        given: dict[str, Any] = self.cleaned_data
        texts: dict[str, Any] = {name: given.get(name) or "" for name in ("name", "area", "reach")}
        return VolunteerDraft(
            **texts,
            skills=given.get("skills") or [],
            times=given.get("times") or [],
            shows=bool(given.get("shows")),
            reports_hours=bool(given.get("reports_hours")),
            **self.child(),
        )

    def child(self) -> dict[str, Any]:
        """Nothing about a child here."""
        return {}


class RegisterForm(AboutForm):
    """Three fields: name, community, consent. What is folded away below may stay empty."""

    born = forms.CharField(label=_("孩子的出生年月"), required=False, help_text=_("例如：2016-05"))
    guardian_name = forms.CharField(label=_("监护人姓名"), required=False)
    guardian_phone = forms.CharField(label=_("监护人手机号"), required=False)
    guardian_agrees = forms.BooleanField(label=_("我是监护人，看过告知，同意孩子做志愿者"), required=False)
    consent = forms.BooleanField(label=_("我看过告知，同意登记"), required=False)
    notice_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def child(self) -> dict[str, Any]:
        given = self.cleaned_data
        texts = {name: given.get(name) or "" for name in ("born", "guardian_name", "guardian_phone")}
        return {
            **texts,
            "guardian_agrees": bool(given.get("guardian_agrees")),
            "is_child": any(texts.values()) or bool(given.get("guardian_agrees")),
        }

    @property
    def child_open(self) -> bool:
        """Whether the fold about a child stands open: something was typed there."""
        return any(self[name].value() or self[name].errors for name in CHILDS)

    @property
    def more_open(self) -> bool:
        return self.is_bound and any(self[name].value() for name in ("skills", "times", "shows", "reports_hours"))


class PledgeForm(OwnForm):
    """One's own name is the signature."""

    agreed = forms.BooleanField(label=_("我看过，愿意照做"), required=False)
    name = forms.CharField(label=_("签字"), required=False, help_text=_("写登记的姓名"))
    words = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class ReportForm(OwnForm):
    """党员报到."""

    unit_name = forms.CharField(label=_("工作单位"), required=False, help_text=_("退休的写原单位"))
    branch = forms.CharField(label=_("所在党组织"), required=False, help_text=_("例如：中医院第一党支部"))
    posts = forms.MultipleChoiceField(
        label=_("认领的岗位"), required=False, choices=PartyPost.choices, widget=forms.CheckboxSelectMultiple
    )


class CertificateForm(OwnForm):
    """From which day to which."""

    starts_on = forms.DateField(label=_("从哪天"), required=False, widget=DAY)
    ends_on = forms.DateField(label=_("到哪天"), required=False, widget=DAY)

    def days(self) -> tuple[date | None, date | None]:
        return self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")


class CheckForm(forms.Form):
    """核对证明."""

    number = forms.CharField(label=_("证明编号"), required=False, help_text=_("ZM开头"))
    code = forms.CharField(label=_("校验码"), required=False, help_text=_("12位字母和数字"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
