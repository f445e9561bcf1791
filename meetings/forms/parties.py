"""Who may be chosen: units, offices, colleagues and bodies of the street of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.forms.profile import FindSelect
from members.models import Body, MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.states import Level
from projects.services.fields import colleagues
from resources.forms.acts import ActForm


def street_units(codes: Iterable[str]) -> QuerySet[MemberUnit]:
    """Members of the alliances of the streets in which ``codes`` lie, by name."""
    found: Any = MemberUnit.objects.none()
    for street in sorted({code[:STREET_LENGTH] for code in codes}):
        found |= MemberUnit.objects.members_in(street)
    rows: QuerySet[MemberUnit] = found.order_by("pinyin", "pk")
    return rows


def street_offices(code: str) -> list[tuple[str, str]]:
    """The street's office and those of its communities."""
    street = code[:STREET_LENGTH]
    rows = Area.objects.filter(Q(code=street) | Q(parent_id=street), level__in=[Level.STREET, Level.COMMUNITY])
    return list(rows.order_by("level", "code").values_list("code", "name"))


def unit_field(label: Any, **options: Any) -> forms.ModelChoiceField:
    given = {"required": False, "empty_label": _("不选"), "widget": FindSelect, **options}
    return forms.ModelChoiceField(MemberUnit.objects.none(), label=label, **given)


class PartyForm(ActForm):
    """One unit or one office. ``area``: the code of the place that meets."""

    unit = unit_field(_("责任单位"))
    office = forms.ChoiceField(label=_("或者街道社区"), required=False)

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = street_units([area])
        fields["office"].choices = [("", _("不选")), *street_offices(area)]

    def given(self) -> dict[str, Any]:
        said = super().given()
        return {**said, "unit": said["unit"].pk if said["unit"] else None}


class InviteForm(PartyForm):
    """请人参会: a unit, an office, a colleague or a name."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("或者同事"), required=False, empty_label=_("不选"))
    name = forms.CharField(label=_("或者写姓名"), required=False, help_text=_("没有账号的人，例如：沈美芳"))
    role = forms.CharField(label=_("身份"), required=False, help_text=_("例如：居民代表、智库"))

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        super().__init__(*args, area=area, **kwargs)
        fields: Any = self.fields
        fields["unit"].label = _("单位")
        known = [one.pk for one in colleagues(area)]
        fields["user"].queryset = User.objects.filter(pk__in=known).order_by("name", "pk")

    def given(self) -> dict[str, Any]:
        said = super().given()
        return {**said, "user": said["user"].pk if said["user"] else None}


class ListForm(ActForm):
    """参会名单 of a series: bodies, units and offices, each time."""

    bodies = forms.MultipleChoiceField(label=_("机构"), required=False, widget=forms.CheckboxSelectMultiple)
    offices = forms.MultipleChoiceField(label=_("街道社区"), required=False, widget=forms.CheckboxSelectMultiple)
    units = forms.MultipleChoiceField(label=_("另外几家单位"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        street = area[:STREET_LENGTH]
        bodies = Body.objects.filter(street_code=street, ended_on__isnull=True).order_by("position", "pk")
        fields["bodies"].choices = [(str(one.pk), one.name) for one in bodies]
        fields["offices"].choices = street_offices(area)
        fields["units"].choices = [(str(one.pk), str(one)) for one in street_units([area])]

    def given(self) -> dict[str, Any]:
        said = super().given()
        return {**said, "bodies": [int(key) for key in said["bodies"]], "units": [int(key) for key in said["units"]]}
