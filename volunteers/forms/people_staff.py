"""Forms of the workbench about volunteers, teams, papers and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH, within
from people.states import Level
from resources.forms.acts import ActForm, NearDay
from volunteers.models import Team, VolunteerPolicy
from volunteers.models.hours import DAY_MOST, STEP
from volunteers.permissions.people import KEEPERS
from volunteers.services.hours import as_hours
from volunteers.states.teams import QualificationKind, TeamKind

TYPED = ("name", "kind", "words", "pledge", "is_open")


def places_of(user: User) -> QuerySet[Area]:
    """Streets and communities that ``user`` keeps, whether they take needs or not."""
    own = within(user.areas_of(*KEEPERS), area="code", street="")
    return Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")


class RefuseForm(ActForm):
    words = forms.CharField(
        label=_("为什么没通过"), required=False, help_text=_("本人看得到，写清楚怎么改；不写别人的姓名和电话")
    )


class QualificationForm(ActForm):
    """A paper that was just looked at."""

    kind = forms.ChoiceField(label=_("哪张证"), choices=QualificationKind.choices, required=False)
    valid_until = NearDay(label=_("有效期到"), required=False, help_text=_("长期有效的空着"))
    number = forms.CharField(label=_("证书编号"), required=False, help_text=_("可以不写；加密保存"))

    def given(self) -> dict[str, Any]:
        return {**super().given(), "number": self.cleaned_data.get("number") or ""}


class EndForm(ActForm):
    """Which of several."""

    row = forms.TypedChoiceField(label=_("哪一个"), coerce=int, error_messages={"required": _("请选一个。")})

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["row"]
        field.choices = [(str(pk), name) for pk, name in rows]


class InsuranceForm(ActForm):
    insurer = forms.CharField(label=_("保险公司"), required=False)
    policy_number = forms.CharField(label=_("保单号"), required=False)
    starts_on = NearDay(label=_("从哪天起"), required=False, initial=timezone.localdate)
    ends_on = NearDay(label=_("到哪天"), required=False, help_text=_("这一天也算"))


class HoursForm(ActForm):
    """更正时长: which day's, how much in all, why."""

    row = forms.TypedChoiceField(label=_("哪一次"), coerce=int, error_messages={"required": _("请选一个。")})
    minutes = forms.TypedChoiceField(
        label=_("一共应该是"), coerce=int, choices=[(n * STEP, as_hours(n * STEP)) for n in range(DAY_MOST // STEP + 1)]
    )
    why = forms.CharField(label=_("为什么更正"), required=False, help_text=_("本人看得到；不写别人的姓名"))

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["row"]
        field.choices = [(str(pk), name) for pk, name in rows]


class StreetInsuranceForm(InsuranceForm):
    """A policy for all volunteers of a street."""

    street = forms.ChoiceField(label=_("哪个街道"), error_messages={"required": _("请选街道。")})
    field_order = ("street", "insurer", "policy_number", "starts_on", "ends_on")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["street"]
        codes = {area.pk for area in places_of(user) if len(area.pk) == STREET_LENGTH}
        field.choices = [(area.pk, area.name) for area in Area.objects.filter(pk__in=codes).order_by("pinyin")]

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [(str(_("街道为全体志愿者买的保险")), self.visible_fields())]


class TrainingForm(ActForm):
    title = forms.CharField(label=_("培训内容"), required=False, help_text=_("例如：垃圾分类怎么劝"))
    day = NearDay(label=_("哪天"), required=False, initial=timezone.localdate)
    hours = forms.CharField(label=_("几小时"), required=False, help_text=_("半小时一档，例如 1.5"))


class NumberForm(ActForm):
    """A volunteer, by number."""

    number = forms.CharField(label=_("志愿者编号"), required=False, help_text=_("本人的“我的志愿服务”里有，ZY开头"))


class TeamForm(forms.Form):
    """A new team (``team``: none), or what is said of one."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("哪里的队伍"), empty_label=_("请选"), required=False)
    name = forms.CharField(label=_("名称"), required=False, help_text=_("例如：湾嫂志愿服务队"))
    kind = forms.ChoiceField(label=_("类别"), choices=TeamKind.choices, required=False)
    words = forms.CharField(label=_("做什么"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    unit = forms.ModelChoiceField(
        MemberUnit.objects.none(), label=_("哪家单位的"), required=False, empty_label=_("不是哪家单位的")
    )
    is_open = forms.BooleanField(label=_("谁都可以加入"), required=False, initial=True)
    pledge = forms.CharField(
        label=_("责任保证书"),
        required=False,
        help_text=_("队员加入后签字。没有就空着；改了要重新签"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, team: Team | None = None, **kwargs: Any) -> None:
        if team is not None:
            own = {name: getattr(team, name) for name in (*TYPED, "version")}
            kwargs["initial"] = {**own, "unit": team.unit_id, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        places = places_of(user)
        fields["area"].queryset = places
        streets = {team.street_code} if team else {area.pk[:STREET_LENGTH] for area in places}
        units: Any = MemberUnit.objects.none()
        for street in sorted(streets):
            units |= MemberUnit.objects.members_in(street)
        fields["unit"].queryset = units.distinct().order_by("pinyin", "pk")
        if team is not None:
            del self.fields["area"]

    def typed(self) -> dict[str, Any]:
        given = self.cleaned_data
        unit = given.get("unit")
        return {**{name: given.get(name) for name in TYPED}, "unit": unit.pk if unit else None}

    def groups(self) -> list[tuple[str, list[Any]]]:
        tick = self["seen_warnings"]
        shown = [one for one in self.visible_fields() if one.name != "seen_warnings" or tick.errors or tick.value()]
        return [(str(_("志愿服务队")), shown)]


class PolicyForm(forms.Form):
    """志愿服务设置 of a street."""

    asks_approval = forms.BooleanField(
        label=_("先审核"), required=False, help_text=_("新登记的志愿者，先由社区看过再生效")
    )
    stars = forms.CharField(
        label=_("几小时评几星"), required=False, help_text=_("从一星写起，用逗号分开，例如 100，300，600，1000，1500")
    )
    errand_calls = forms.IntegerField(
        label=_("跑腿告诉几位志愿者"), min_value=0, help_text=_("本社区会跑腿的志愿者里抽几位，短信告诉；0：不告诉")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, policy: VolunteerPolicy, **kwargs: Any) -> None:
        said = "，".join(str(hours) for hours in policy.stars)
        version = policy.version if policy.changed_by_id else 0
        initial = {"asks_approval": policy.asks_approval, "stars": said, "version": version}
        initial["errand_calls"] = policy.errand_calls
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})

    def hours(self) -> list[int]:
        """What was typed as numbers; nothing where something else stands there."""
        parts = [part for part in re.split(r"[，,、;；\s]+", self.cleaned_data.get("stars") or "") if part]
        return [int(part) for part in parts] if all(re.fullmatch(r"\d{1,6}", part) for part in parts) else []

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [(str(_("志愿服务设置")), self.visible_fields())]
