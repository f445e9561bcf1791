"""Forms of bodies, their seats and kinds, of figures and of moves in the matrix."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.forms.stamped import StampedForm
from members.models import Alliance, Body, BodyKind, BodySeat, Figure, MemberUnit
from members.services.bodies import SAID
from members.services.body_seats import colleagues
from members.services.matrix import Matrix
from members.services.placing import Cell, Move

_COMMAS = re.compile(r"[,，、;；\n]")
_SEEN = re.compile(r"(\d{1,9})\.(\d{1,9}|-)\.(\d{1,9}|-)")
NOWHERE = "-"


class NamesField(forms.CharField):
    """Names in one line, with commas of any kind between them."""

    def prepare_value(self, value: Any) -> Any:
        return gettext("、").join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return [name for part in _COMMAS.split(typed) if (name := part.strip())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class BodyKindForm(forms.ModelForm):
    roles = NamesField(label=_("角色"), max_length=200, help_text=_("例如：召集人、联系人、成员"))
    single_roles = NamesField(
        label=_("只能有一位的角色"),
        max_length=200,
        required=False,
        help_text=_("从上面的角色里选。例如：召集人、联系人"),
    )

    class Meta:
        model = BodyKind
        fields = ("name", "axis", "roles", "single_roles", "position", "is_active")


class BodyForm(StampedForm):
    stamped = SAID

    class Meta:
        model = Body
        fields = ("kind", "name", "area", "alliance", "parent", "intro", "position", "is_public", "set_up_on")


class BodySeatForm(forms.Form):
    """Who sits in a body from when: a unit, a colleague, or somebody by name."""

    role = forms.ChoiceField(label=_("角色"))
    unit = forms.ModelChoiceField(MemberUnit.objects.none(), label=_("单位"), required=False, empty_label=_("不选"))
    user = forms.ModelChoiceField(
        BodySeat.objects.none(), label=_("工作人员"), required=False, empty_label=_("不选"), help_text=_("有账号的同事")
    )
    name = forms.CharField(label=_("姓名"), max_length=30, required=False, help_text=_("没有账号的人写姓名"))
    title = forms.CharField(label=_("职务或专长"), max_length=40, required=False)
    is_public = forms.BooleanField(label=_("本人同意公开姓名"), required=False)
    starts_on = forms.DateField(label=_("从哪天起"), required=False, widget=DAY, help_text=_("不填就是今天"))
    ends_on = forms.DateField(label=_("到哪天止"), required=False, widget=DAY, help_text=_("任期没定的不填"))

    def __init__(self, *args: Any, body: Body, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "seat_%s", **kwargs})
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", _("请选")), *((role, role) for role in body.kind.roles)]
        fields["unit"].queryset = MemberUnit.objects.visible_to(by).order_by("sorted_as", "id")
        fields["user"].queryset = colleagues(body)
        fields["user"].label_from_instance = lambda user: user.name


class DayForm(forms.Form):
    """The first day no more."""

    on = forms.DateField(label=_("从哪天起"), required=False, widget=DAY, help_text=_("不填就是今天"))


class FigureForm(forms.ModelForm):
    class Meta:
        model = Figure
        fields = ("label", "value", "as_of", "source", "position")
        help_texts = {
            "label": _("例如：首批联盟单位"),
            "value": _("例如：28家、160余家"),
            "as_of": _("例如：2020年7月"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def cell_key(cell: Cell) -> str:
    return ".".join(NOWHERE if part is None else str(part) for part in (cell.group, cell.zone))


def read_part(text: str) -> int | None:
    return None if text == NOWHERE else int(text)


class MoveForm(forms.Form):
    """Members as ``membership.group.zone`` where they were seen, and where they are to go."""

    units = forms.MultipleChoiceField(label=_("单位"), required=False)
    group = forms.ChoiceField(label=_("界别"))
    zone = forms.ChoiceField(label=_("片区"))

    def __init__(self, *args: Any, matrix: Matrix, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "move_%s", **kwargs})
        fields: dict[str, Any] = self.fields
        fields["group"].choices = [*((str(h.body.pk), str(h.body)) for h in matrix.groups), (NOWHERE, _("未分界别"))]
        fields["zone"].choices = [*((str(h.body.pk), str(h.body)) for h in matrix.zones), (NOWHERE, _("未分片区"))]
        fields["units"].valid_value = lambda value: bool(_SEEN.fullmatch(value))

    def moves(self) -> list[Move]:
        """What was asked for, as services take it."""
        to = Cell(read_part(self.cleaned_data["group"]), read_part(self.cleaned_data["zone"]))
        found = (_SEEN.fullmatch(value) for value in self.cleaned_data["units"])
        parts = [match.groups() for match in found if match]
        return [Move(int(pk), Cell(read_part(group), read_part(zone)), to) for pk, group, zone in parts]


def street_alliances(by: Any) -> Any:
    """The alliances below which a community's may stand."""
    return Alliance.objects.visible_to(by).filter(parent__isnull=True).order_by("name", "id")
