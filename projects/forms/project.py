"""A project as staff write it down."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from people.models import Area, User
from people.querysets import STREET_LENGTH
from projects.forms.agreement import LONG, offices, one_day, say_more
from projects.models import Agreement, Project
from projects.services.fields import colleagues
from projects.services.project_fields import branches, checked_alone, leaders
from projects.states import OPEN_STATES, Field, ProjectKind, Six

KEPT = (
    *("name", "kind", "aim", "field", "six", "starts_on", "ends_on", "place", "beneficiaries"),
    *("people_count", "household_count", "money", "money_from", "source", "is_public"),
)
PEOPLE = ("commissioner", "branch", "leader", "agreement")
GROUPS = (
    (_("是什么"), ("area", "name", "kind", "aim", "field", "six", "campaigns", "agreement", "origin")),
    (_("谁来办，什么时候"), ("commissioner", "branch", "leader", "starts_on", "ends_on")),
    (_("为了谁，在哪里"), ("place", "beneficiaries", "people_count", "household_count")),
    (_("资金和资料（可以不填）"), ("money", "money_from", "source", "is_public")),
)


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text)


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False)


def _one_of(label: Any, empty: Any, help_text: Any = "") -> Any:
    return forms.ModelChoiceField(
        User.objects.none(), label=label, required=False, empty_label=empty, help_text=help_text
    )


class ProjectForm(forms.Form):
    """``project``: what is changed; none: it is new, and ``area`` is asked for too."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("街道或社区"), empty_label=_("请选"))
    name = _line(_("名称"), _("例如：美厢生活"))
    kind = forms.ChoiceField(label=_("类别"), choices=ProjectKind.choices)
    aim = forms.CharField(label=_("做什么"), required=False, widget=LONG, help_text=_("不写个人的姓名和电话"))
    field = forms.ChoiceField(label=_("领域"), choices=Field.choices, initial=Field.OTHER)
    six = forms.MultipleChoiceField(
        label=_("六共"), required=False, choices=Six.choices, widget=forms.CheckboxSelectMultiple
    )
    campaigns = _line(_("中心工作"), _("例如：平安西湖；几样用逗号分开"))
    agreement = _one_of(_("所属协议"), _("没有"))
    commissioner = _one_of(_("专员"), _("还没定"), _("一个项目一位专员"))
    branch = _one_of(_("支部"), _("还没定"), _("一个项目一个支部"))
    leader = _one_of(_("领办领导"), _("没有"))
    starts_on = one_day(_("从哪天起"))
    ends_on = one_day(_("到哪天完成"))
    place = _line(_("在哪里"))
    beneficiaries = _line(_("为了谁"), _("例如：老年居民"))
    people_count = _count(_("受益人数"))
    household_count = _count(_("受益户数"))
    money = forms.DecimalField(label=_("资金（万元）"), required=False, help_text=_("只作说明，不在这里收付"))
    money_from = _line(_("资金来源"))
    source = _line(_("资料来源"))
    is_public = forms.BooleanField(label=_("公开"), required=False, initial=True, help_text=_("实施以后大家看得到"))
    origin = forms.CharField(
        label=_("从哪件事来"),
        required=False,
        max_length=60,
        help_text=_("诉求、微心愿、资源或预约的编号，例如 XQ-CX-20261123-0001；没有的不填"),
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, project: Project | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {}
        if project is not None:
            first = {name: getattr(project, name) for name in (*KEPT, "version")}
            first |= {name: getattr(project, f"{name}_id") for name in PEOPLE}
            first["campaigns"] = "，".join(project.campaigns)
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        if project is not None:
            self._fill([project.street_code])
            del fields["area"], fields["origin"]
        else:
            own = offices(user)
            self._fill(sorted({code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)}))
            fields["area"].queryset = own

    def _fill(self, streets: list[str]) -> None:
        """Whom and what can be chosen in ``streets``."""
        fields: Any = self.fields
        for field, known in (("commissioner", colleagues), ("leader", leaders), ("branch", branches)):
            found: Any = known("").none()
            for code in streets:
                found |= known(code)
            fields[field].queryset = found.order_by("name", "pk")
        agreements = Agreement.objects.filter(street_code__in=streets, state__in=OPEN_STATES)
        fields["agreement"].queryset = agreements.order_by("-drafted_at", "-pk")

    def clean(self) -> dict[str, Any]:
        """Where something is left out already, whatever else the service would refuse is said at the same time."""
        if self.errors:
            say_more(self, lambda: checked_alone(self.typed()))
        return self.cleaned_data

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as they stand on the page."""
        tick = self["seen_warnings"]
        asked = [(self.fields["seen_warnings"].label, [tick])] if tick.errors or tick.value() else []
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS] + asked

    def typed(self) -> dict[str, Any]:
        """What the services take of it, beside the place."""
        given = self.cleaned_data
        people = {name: given[name].pk if given.get(name) else None for name in PEOPLE}
        campaigns = [one for one in re.split(r"[，,、;；\s]+", given.get("campaigns", "")) if one]
        return {**{name: given.get(name) for name in KEPT}, **people, "campaigns": campaigns} | {
            "seen_warnings": given.get("seen_warnings", "")
        }
