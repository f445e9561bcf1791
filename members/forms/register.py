"""Forms of the register in the workbench. They read what was typed; the rules are the services'."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.forms.stamped import StampedForm
from members.models import Alliance, Liaison, Membership, MemberUnit
from members.services.alliances import SAID
from members.uscc import normalise


class AllianceForm(StampedForm):
    stamped = SAID
    second = forms.BooleanField(label=_("再设一个"), required=False)

    class Meta:
        model = Alliance
        fields = ("area", "parent", "name", "brand", "office_name", "founded_on", "principles", "intro", "quiet_days")
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 4}) for name in ("principles", "intro")}
        help_texts: ClassVar = {
            "name": _("例如：平常心党建联盟"),
            "brand": _("例如：平常心"),
            "office_name": _("例如：联盟服务中心、秘书处"),
            "principles": _("每行一条。例如：四共：组织共融、资源共享、服务共促、治理共抓"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "quiet_days" in self.fields:  # not where one only looks
            self.fields["quiet_days"].required = False

    def clean_quiet_days(self) -> int:
        """Left empty it stays as it is."""
        typed: int | None = self.cleaned_data.get("quiet_days")
        return self.instance.quiet_days if typed is None else typed


class UnitForm(forms.ModelForm):
    class Meta:
        model = MemberUnit
        fields = ("name", "short_name", "kind", "uscc", "area", "is_public", "note")

    def clean_uscc(self) -> str | None:
        return normalise(self.cleaned_data.get("uscc") or "") or None


class NewUnitForm(UnitForm):
    """A unit and, in the same step, the alliance it joins."""

    alliance = forms.ModelChoiceField(
        Alliance.objects.none(), label=_("加入联盟"), required=False, empty_label=_("暂不加入")
    )
    joined_on = forms.DateField(label=_("加入日期"), required=False, widget=DAY, help_text=_("不填就是今天"))

    def _get_validation_exclusions(self) -> set[str]:
        # A code that another street has registered is no mistake here: the service lets that unit join.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"uscc"} if self.cleaned_data.get("alliance") else excluded


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ("alliance", "unit", "joined_on", "left_on")


class LiaisonForm(forms.ModelForm):
    class Meta:
        model = Liaison
        fields = ("unit", "title", "is_second", "starts_on", "ends_on")
        labels: ClassVar = {"starts_on": _("从哪天起"), "ends_on": _("到哪天止")}


class NewLiaisonForm(LiaisonForm):
    """A liaison is named by name and phone; the account is found or made."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    phone = forms.CharField(
        label=_("手机"),
        max_length=30,
        help_text=_("用它登录，不用密码；登记后发一条短信告诉本人。加密保存，只用于登录和联系"),
    )


def typed(form: forms.Form | forms.ModelForm[Any], *names: str) -> dict[str, Any]:
    """The cleaned values of ``names``, with None of empty text fields as an empty string."""
    values = {name: form.cleaned_data.get(name) for name in names}
    return {name: "" if value is None and not name.endswith("_on") else value for name, value in values.items()}
