"""服务菜单: a year opened, an item, a sign-up, a leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.profile import FindSelect
from members.models import Alliance, MemberUnit
from projects.states import MenuKind
from resources.forms.acts import ActForm


def _year() -> int:
    return timezone.localdate().year


class MenuForm(forms.Form):
    """A new item, and with it the year's menu; without a name only the menu is opened as it was last year."""

    alliance = forms.ModelChoiceField(Alliance.objects.none(), label=_("党建联盟"), empty_label=_("请选"))
    year = forms.IntegerField(label=_("年度"), initial=_year)
    kind = forms.ChoiceField(label=_("类别"), choices=MenuKind.choices)
    name = forms.CharField(label=_("加一项服务"), required=False, help_text=_("空着，就照去年的打开"))
    words = forms.CharField(label=_("做什么"), required=False)

    def __init__(self, *args: Any, alliances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field: Any = self.fields["alliance"]
        field.queryset = alliances
        first = list(alliances[:2])
        if len(first) == 1:
            field.initial = first[0].pk

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as they stand on the page."""
        groups = ((_("哪一年"), ("alliance", "year")), (_("加一项（可以不填）"), ("kind", "name", "words")))
        return [(title, [self[name] for name in names]) for title, names in groups]


class ItemForm(ActForm):
    """改这项服务."""

    kind = forms.ChoiceField(label=_("类别"), choices=MenuKind.choices)
    name = forms.CharField(label=_("服务"), required=False)
    words = forms.CharField(label=_("做什么"), required=False)
    is_active = forms.BooleanField(label=_("在用"), required=False, help_text=_("可以报名"))


class SignUpForm(ActForm):
    """替单位报名."""

    unit = forms.ModelChoiceField(MemberUnit.objects.none(), label=_("单位"), empty_label=_("请选"), widget=FindSelect)
    covers = forms.MultipleChoiceField(
        label=_("服务哪些社区"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选就是都可以")
    )
    does = forms.CharField(label=_("怎么做"), required=False)

    def __init__(self, *args: Any, units: Any, areas: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units
        fields["covers"].choices = list(areas)


class LeaveForm(ActForm):
    """退出报名."""

    words = forms.CharField(label=_("为什么"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"] = forms.TypedChoiceField(
            label=_("哪个单位"), coerce=int, choices=[(str(pk), name) for pk, name in rows]
        )
        self.order_fields(["row", "words"])
