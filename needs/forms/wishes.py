"""Forms of wishes: what everybody reads stands apart from what stays with the community."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.lazily import filled
from needs.forms import SeenField
from needs.states.wish import CAP_YUAN, MOST_SHARES, Delivery, WishKind

PUBLIC = ("area", "kind", "item", "called", "story", "cap_yuan", "shares", "delivery")
PRIVATE = ("beneficiary", "phone", "household")


class WishForm(forms.Form):
    """登记心愿, and changing it. The services say what is wrong, all at once."""

    area = forms.ChoiceField(label=_("社区"), required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=WishKind.choices, widget=forms.RadioSelect, required=False)
    item = forms.CharField(
        label=_("心愿"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("例如：一床厚被子")}),
    )
    called = forms.CharField(
        label=_("称呼"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("例如：李伯、8岁男孩")}),
        help_text=_("不写全名"),
    )
    story = forms.CharField(
        label=_("心里话"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("可以不填。墙上不显示，认领的人能看到，不写姓名电话"),
    )
    cap_yuan = forms.IntegerField(
        label=_("最多多少元"),
        required=False,
        help_text=filled(_("实物不超过%(n)d元；服务和陪伴可以不填"), n=CAP_YUAN),
    )
    shares = forms.IntegerField(
        label=_("几份"),
        required=False,
        initial=1,
        help_text=filled(_("1到%(n)d份，每份可以由不同的单位认领"), n=MOST_SHARES),
    )
    delivery = forms.ChoiceField(
        label=_("怎么送"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Delivery.ACCOMPANIED,
    )
    beneficiary = forms.CharField(label=_("受益人姓名"), required=False)
    phone = forms.CharField(label=_("联系电话"), required=False, help_text=_("可以不填"))
    household = forms.CharField(
        label=_("家庭情况"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("家里几口人、尺码、住哪里、什么时候在家"),
    )
    seen_warnings = SeenField(label=_("我看过了，照样发布"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = areas[0][0] if len(areas) == 1 else ""
        area: Any = self.fields["area"]
        area.choices = [("", _("请选社区")), *areas] if len(areas) > 1 else areas
        for field in self.fields.values():
            field.error_messages["invalid"] = _("请填数字。")
        area.error_messages["invalid_choice"] = _("请选一个社区。")

    def clean_area(self) -> str:
        """Where there is only one, nobody has to choose it."""
        return self.cleaned_data["area"] or self.only

    def typed(self) -> dict[str, Any]:
        """What the services take, the community and the tick apart."""
        return {name: self.cleaned_data.get(name) for name in (*PUBLIC[1:], *PRIVATE)}


class VerifyForm(forms.Form):
    """核实: one line how."""

    how = forms.CharField(
        label=_("怎么核实的"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("例如：上门看过，低保户，一个人住")}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(forms.Form):
    """Words that go with 不通过 and 撤回."""

    words = forms.CharField(label=_("原因"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class HouseholdForm(forms.Form):
    """Why somebody of the street looks at the household."""

    reason = forms.CharField(label=_("查看的原因"), max_length=200, required=False)


class ClaimForm(forms.Form):
    """One step of a claim, taken by the community."""

    claim = forms.IntegerField(widget=forms.HiddenInput)
    verb = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("说一句情况，认领的一方看得到"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = forms.FileField(label=_("照片"), required=False)
