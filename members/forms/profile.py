"""The small forms of a unit's profile, one per part. They read what was typed; the rules are the services'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from alliance.lib.lazily import filled
from members.forms.register import UnitForm
from members.models import Building, MemberUnit, Strength, Tag
from members.services.profile import MAX_AGREED, MAX_INTRO, Strong, stamp
from members.states import Near, Part, Shown, StrengthKind
from people.models import Area
from people.states import Level

ROWS = {"rows": 4}
NEAR_HINTS = {
    Near.PLACE: _("地方相近的，例如：运河沿线。多个用顿号隔开"),
    Near.TRADE: _("做的事相近的，例如：餐饮。多个用顿号隔开"),
    Near.INTEREST: _("爱好相近的，例如：书画。多个用顿号隔开"),
}


class PartForm(forms.Form):
    """``seen`` tells what stood there when it was opened; ``unit`` which unit it is about, on the desk."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def seen_or_none(self) -> str:
        """The stamp the form came with; an empty one agrees with nothing."""
        return str(self.cleaned_data.get("seen") or "")

    def given(self) -> dict[str, Any]:
        """What the part's service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "unit")}


class IntroForm(PartForm):
    intro = forms.CharField(
        label=_("简介"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs=ROWS),
        help_text=filled(_("几句话：是做什么的、在哪里、能为邻里做什么。最多%(n)d字"), n=MAX_INTRO),
    )


class StrengthsForm(PartForm):
    """One line each: the name, and after a colon what there is to say about it."""

    expertise = forms.CharField(
        label=StrengthKind.EXPERTISE.label,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs=ROWS),
        help_text=_("一行一项，说明写在冒号后面。例如：法律咨询：每月第一个周三"),
    )
    service = forms.CharField(
        label=StrengthKind.SERVICE.label,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs=ROWS),
        help_text=_("一行一项，说明写在冒号后面。例如：老人免费理发：每季度一次"),
    )

    def given(self) -> dict[str, Any]:
        lines = [(kind, line) for kind in StrengthKind.values for line in self.cleaned_data[kind].splitlines()]
        return {"strengths": [_strong(kind, line) for kind, line in lines if line.strip()]}


class TagsForm(PartForm):
    """Of each kind the street's own tags to tick, and a line for new ones."""

    def __init__(self, *args: Any, unit: MemberUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: dict[str, list[str]] = {near: [] for near in Near.values}
        for near, name in Tag.objects.filter(area_id=unit.street_code).values_list("near", "name"):
            known[near].append(name)
        for near, label in Near.choices:
            names = [(name, name) for name in known[near]]
            if names:
                ticks = forms.CheckboxSelectMultiple
                self.fields[f"{near}_has"] = forms.MultipleChoiceField(
                    label=label, choices=names, required=False, widget=ticks
                )
            named = _("新的%(near)s标签") % {"near": label} if names else label
            self.fields[near] = forms.CharField(label=named, required=False, help_text=NEAR_HINTS[Near(near)])

    def given(self) -> dict[str, Any]:
        typed = self.cleaned_data
        tags = {near: [*typed.get(f"{near}_has", []), *_names(typed.get(near, ""))] for near in Near.values}
        return {"tags": tags}


class FindSelect(forms.Select):
    """A list that is found by name, pinyin or initials, where scripts run (``static/js/pick.js``)."""

    class Media:
        js = (forms.Script("js/pick.js", defer=True),)

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-pick": "", **(attrs or {})}, choices)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        row = getattr(value, "instance", None)
        if row is not None:
            option["attrs"]["data-find"] = f"{row.pinyin} {row.initials}"
        return option


class PlaceForm(PartForm):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("楼宇"), required=False, empty_label=_("不在楼宇里"), widget=FindSelect
    )
    floor = forms.CharField(label=_("楼层"), required=False, help_text=_("例如：12层、3-5层"))
    grid = forms.ModelChoiceField(Area.objects.none(), label=_("网格"), required=False, empty_label=_("不写网格"))

    def __init__(self, *args: Any, unit: MemberUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["building"].queryset = Building.objects.filter(street_code=unit.street_code).order_by("sorted_as", "id")
        grids = Area.objects.filter(level=Level.GRID, code__startswith=unit.area_id)
        fields["grid"].queryset = grids.order_by("code")


class ShownForm(PartForm):
    is_public = forms.BooleanField(label=_("单位同意公开展示：在联盟的公开页和首页列名"), required=False)
    shows = forms.MultipleChoiceField(
        label=_("还公开什么"), choices=Shown.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.CharField(
        label=_("单位怎么同意的"),
        required=False,
        max_length=MAX_AGREED,
        help_text=_("单位自己撤回过公开。要再公开，写一句什么时候、谁同意的；单位会收到通知"),
    )

    def __init__(self, *args: Any, unit: MemberUnit, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own or not unit.declined:
            del self.fields["agreed"]


class EntryForm(UnitForm):
    """The entry in the register, without what the unit agreed to."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    class Meta:
        model = MemberUnit
        fields = ("name", "short_name", "kind", "uscc", "area", "note")

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = areas
        self.initial["seen"] = stamp(self.instance, Part.ENTRY)


PART_FORMS: dict[str, type[PartForm]] = {
    Part.INTRO: IntroForm,
    Part.STRENGTHS: StrengthsForm,
    Part.TAGS: TagsForm,
    Part.PLACE: PlaceForm,
    Part.SHOWN: ShownForm,
}


def part_form(part: str, unit: MemberUnit, data: Any = None, *, own: bool = False) -> PartForm:
    """The form of ``part``: as it was sent, or with what stands there now; ``own``: for the unit itself."""
    known: dict[str, Any] = {"unit": unit} if part in (Part.TAGS, Part.PLACE, Part.SHOWN) else {}
    if part == Part.SHOWN:
        known["own"] = own
    initial = {**_initial(part, unit), "seen": stamp(unit, part), "unit": unit.pk} if data is None else None
    return PART_FORMS[part](data, prefix=part, initial=initial, **known)


def renewed(form: Any, part: str, unit: MemberUnit, sent: QueryDict) -> Any:
    """A stale form keeps every word; only its stamp becomes the newest, so that saving again is a decision."""
    data = sent.copy()
    data[form.add_prefix("seen")] = stamp(unit, part)
    form.data = data
    return form


def lines_of(rows: Iterable[Strength], kind: str) -> str:
    """What is good at, as it is typed."""
    return "\n".join(f"{row.name}：{row.detail}" if row.detail else row.name for row in rows if row.kind == kind)


def _initial(part: str, unit: MemberUnit) -> dict[str, Any]:
    if part == Part.STRENGTHS:
        rows = list(unit.strengths.all())
        return {kind: lines_of(rows, kind) for kind in StrengthKind.values}
    if part == Part.TAGS:
        tags = list(unit.tags.all())
        return {f"{near}_has": [tag.name for tag in tags if tag.near == near] for near in Near.values}
    if part == Part.PLACE:
        return {"building": unit.building_id, "floor": unit.floor, "grid": unit.grid_id}
    return {"is_public": unit.is_public, "shows": unit.shows} if part == Part.SHOWN else {"intro": unit.intro}


def _strong(kind: str, line: str) -> Strong:
    name, _colon, detail = re.sub(r"^\s*[-·•*]\s*", "", line).replace(":", "：", 1).partition("：")
    return Strong(kind, name, detail)


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[、，,；;\n]+", text) if name.strip()]
