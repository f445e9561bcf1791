"""Forms of party organisations, lists on which they are cultivated, buildings and brands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.forms.profile import FindSelect
from members.models import Brand, Building, Cultivation, Listed, PartyOrganisation
from members.services.party import Entry
from members.states import Outcome

FIRST_CRITERIA = _(
    "班子齐，分工写得清\n一年有计划，一月一安排\n活动有场所，门常开\n制度贴得出，也照着办\n党员有事做，群众看得见\n做成了什么，说得出一两件"
)
"""What the first list of a street begins with; every later one begins with the criteria of the one before."""


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = PartyOrganisation
        fields = (
            "name",
            "kind",
            "area",
            "unit",
            "parent",
            "secretary",
            "member_count",
            "set_up_on",
            "is_public",
            "note",
            "ended_on",
        )
        help_texts = {
            "name": _("写全称。例如：某某社区党委"),
            "unit": _("社区自己的党组织不填。打名称、拼音或首字母来找"),
            "parent": _("党支部在党委或党总支下面，党总支在党委下面"),
            "secretary": _("只供工作联系，不公开"),
            "ended_on": _("撤销以后只留记录"),
        }

    def entry(self) -> Entry:
        """What the services take."""
        names = ("name", "kind", "area", "unit", "parent", "member_count", "set_up_on", "is_public")
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        given |= {name: self.cleaned_data.get(name) or "" for name in ("secretary", "note")}
        return Entry(**given)

    def _get_validation_exclusions(self) -> set[str]:
        # The chain and the names are the service's to see, under its lock.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"parent", "unit"}


class CultivationForm(forms.ModelForm):
    class Meta:
        model = Cultivation
        fields = ("area", "name", "year", "criteria")
        help_texts = {"name": _("例如：过硬支部培育")}


class BuildingForm(forms.ModelForm):
    class Meta:
        model = Building
        fields = ("name", "area", "floors")


class BrandForm(forms.ModelForm):
    class Meta:
        model = Brand
        fields = ("area", "name", "feature", "intro")
        help_texts = {"feature": _("例如：军警民共建")}


class ListForm(forms.Form):
    """列入名单."""

    organisation = forms.ModelChoiceField(
        PartyOrganisation.objects.none(),
        label=_("党组织"),
        empty_label=_("请选"),
        widget=FindSelect,
        error_messages={"required": _("请选一个党组织。"), "invalid_choice": _("请选这个名单范围内现有的党组织。")},
    )
    listed_on = forms.DateField(label=_("列入日期"), required=False, widget=DAY, help_text=_("不填就是今天"))

    def __init__(self, *args: Any, cultivation: Cultivation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        there = PartyOrganisation.objects.active().filter(area__code__startswith=cultivation.area_id)
        field.queryset = there.exclude(listed__cultivation=cultivation).order_by("sorted_as", "pk")


class DecideForm(forms.Form):
    """有了结果."""

    listed = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个结果。")},
    )
    decided_on = forms.DateField(label=_("认定日期"), required=False, widget=DAY, help_text=_("不填就是今天"))
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    @classmethod
    def of(cls, row: Listed) -> DecideForm:
        """The form of ``row`` as it stands on the page."""
        return cls(prefix=f"row{row.pk}", initial={"listed": row.pk, "outcome": row.outcome})
