"""Forms of the rounds of the two lists, in the workbench."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from needs.forms import SeenField
from needs.forms.triage import DAY_WRONG
from needs.models import Category


class RoundForm(forms.Form):
    """A round: opened with alliance and year, which stay."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    alliance = forms.ChoiceField(label=_("哪个联盟"), required=False)
    year = forms.IntegerField(label=_("年份"), required=False, error_messages={"invalid": _("请填今年或明年。")})
    title = forms.CharField(label=_("名称"), required=False, help_text=_("单位看得到，比如“2027年两张清单”"))
    words = forms.CharField(
        label=_("对各单位说的话"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以不填；写在填报页的最上面"),
    )
    last_day = forms.DateField(
        label=_("最晚哪天填"), required=False, widget=DAY, error_messages={"invalid": DAY_WRONG},
        help_text=_("提前一周和当天，系统提醒还没交的"),
    )  # fmt: skip

    def __init__(self, *args: Any, alliances: Iterable[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if alliances is None:
            del self.fields["alliance"], self.fields["year"]
            return
        choice: Any = self.fields["alliance"]
        choice.choices = list(alliances)


class AgainForm(forms.Form):
    """再开放, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    last_day = forms.DateField(label=_("最晚哪天填"), required=False, widget=DAY, error_messages={"invalid": DAY_WRONG})


class TakeForm(forms.Form):
    """采纳: where it lies, what it is, until when; and the sentence everybody may read, if any."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    area = forms.ChoiceField(label=_("哪里办"), required=False)
    category = forms.ModelChoiceField(
        label=_("类别"), queryset=Category.objects.in_use(), required=False, empty_label=_("未分类")
    )
    reply_by = forms.DateField(label=_("哪天前答复"), required=False, widget=DAY, error_messages={"invalid": DAY_WRONG})
    listed_words = forms.CharField(
        label=_("公开的一句话"), required=False, help_text=_("列进大家看得到的需求清单；不公开就清空")
    )
    seen_warnings = SeenField(label=_("看过了，就这样写"), required=False)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "take", **kwargs})
        area: Any = self.fields["area"]
        area.choices = list(places)


class LeaveForm(forms.Form):
    """不采纳, with a word for the unit."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("为什么"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("单位看得到")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "leave", **kwargs})
