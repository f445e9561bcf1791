"""Forms of the desk about the warehouse: what one looks for, what a unit gives."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.models import MemberUnit
from people.models import Area
from people.states import Level
from resources.forms.acts import CLOCK, CLOCK_WRONG, DAY_WRONG, NearDay
from resources.forms.resource import kinds_by_heading
from resources.models import Resource, ResourceKind
from resources.states import Form

UNITS, PEOPLE, BOTH = "units", "people", "both"
BOOKABLE = (Form.SPACE, Form.PIECES, Form.VISIT)


class FindForm(forms.Form):
    """What is looked for, and for when."""

    q = forms.CharField(label=_("找什么"), required=False, max_length=30)
    kind = forms.ChoiceField(label=_("种类"), required=False)
    day = NearDay(label=_("哪天"), required=False)
    begins = forms.TimeField(label=_("从几点"), required=False, widget=CLOCK, error_messages=CLOCK_WRONG)
    finishes = forms.TimeField(label=_("到几点"), required=False, widget=CLOCK, error_messages=CLOCK_WRONG)
    people = forms.IntegerField(label=_("几个人"), required=False, min_value=1, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "find_%s", **kwargs})
        field: Any = self.fields["kind"]
        field.choices = bookable_kinds()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        day, begins, finishes = (found.get(name) for name in ("day", "begins", "finishes"))
        if (begins or finishes) and not day and "day" not in self.errors:
            self.add_error("day", _("要看空不空，请先选哪天。"))
        if begins and finishes and finishes <= begins and finishes != time(0):
            self.add_error("finishes", _("结束要晚于开始。"))
        return found

    def span(self) -> tuple[datetime, datetime] | None:
        """From when until when; only if a day and the hours were given."""
        given = self.cleaned_data
        day, begins, finishes = (given.get(name) for name in ("day", "begins", "finishes"))
        if self.errors or day is None or begins is None:
            return None
        starts = timezone.make_aware(datetime.combine(day, begins))
        if finishes is None:
            return starts, starts + timedelta(hours=1)
        last = day + timedelta(days=1) if finishes == time(0) else day
        return starts, timezone.make_aware(datetime.combine(last, finishes))


def bookable_kinds() -> list[tuple[str, Any]]:
    """Kinds that one books, below their headings."""
    walked = set(ResourceKind.objects.sorts().filter(form=Form.WALK_IN).values_list("key", flat=True))
    groups = []
    for name, kinds in kinds_by_heading()[1:]:
        if left := [(key, label) for key, label in kinds if key not in walked]:
            groups.append((name, left))
    return [("", _("全部种类")), *groups]


class OfferForm(forms.Form):
    """What a unit gives. ``hold_key`` keeps the photos of a refused form."""

    name = forms.CharField(label=_("名称"), required=False)
    words = forms.CharField(label=_("说明"), required=False, strip=False, widget=forms.Textarea)
    area = forms.ChoiceField(label=_("在哪个社区"), required=False)
    address = forms.CharField(label=_("地址"), required=False)
    floor = forms.CharField(label=_("楼层"), required=False)
    capacity = forms.IntegerField(label=_("可容纳人数"), required=False)
    quantity = forms.IntegerField(label=_("数量"), required=False, initial=1)
    whom = forms.ChoiceField(
        label=_("给谁用"),
        choices=[(UNITS, _("单位和社区")), (PEOPLE, _("居民")), (BOTH, _("都可以"))],
        widget=forms.RadioSelect,
        required=False,
        initial=UNITS,
    )
    conditions = forms.CharField(label=_("使用条件"), required=False)
    phone = forms.CharField(label=_("公开的咨询电话"), required=False)
    aliases = forms.CharField(label=_("别名"), required=False)
    until = forms.DateField(label=_("提供到哪天"), required=False, widget=DAY, error_messages=DAY_WRONG)
    is_public = forms.BooleanField(label=_("在公开页上给大家看"), required=False, initial=True)
    emergency = forms.BooleanField(label=_("应急时，街道可以统一调用"), required=False)
    photos = forms.FileField(label=_("拍张照"), required=False)
    drop = forms.MultipleChoiceField(
        label=_("去掉这些照片"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        kind: ResourceKind,
        unit: MemberUnit,
        resource: Resource | None = None,
        photos: list[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        first = {"kind": kind.key, "unit": unit.pk, "area": unit.area_id, "hold_key": uuid4(), "client_key": uuid4()}
        kwargs["initial"] = {**first, **(_as_typed(resource) if resource else {})}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].choices = _places(unit)
        fields["drop"].choices = photos or []
        gone = {
            Form.SPACE: ["quantity"],
            Form.PIECES: ["capacity", "floor"],
            Form.VISIT: ["capacity", "floor"],
            Form.WALK_IN: ["quantity", "capacity"],
        }[Form(kind.form)]
        for name in [*gone, *(["area"] if resource else []), *([] if photos else ["drop"])]:
            del fields[name]
        if kind.form == Form.VISIT:
            fields["quantity"].label = _("同时能约几位")
        if kind.form == Form.PIECES:
            fields["quantity"].label = _("一共几件")

    def dropped(self) -> list[UUID]:
        """Photos that are to go."""
        return [UUID(key) for key in self.cleaned_data.get("drop") or ()]

    def typed(self) -> dict[str, Any]:
        """What the services take, beside the place and the giver."""
        given = self.cleaned_data
        whom = given.get("whom") or UNITS
        found: dict[str, Any] = {name: given[name] for name in ("name", "words", "address", "conditions", "phone")}
        found |= {name: given[name] for name in ("floor", "capacity") if name in given}
        found |= {name: given[name] for name in ("until", "is_public", "emergency") if name in given}
        if given.get("quantity") is not None:
            found["quantity"] = given["quantity"]
        found["aliases"] = [part for part in re.split(r"[、，,;；]+", given["aliases"]) if part.strip()]
        return {**found, "for_units": whom != PEOPLE, "for_people": whom != UNITS}


def _places(unit: MemberUnit) -> list[tuple[str, Any]]:
    """Where it can be: the communities of the streets in whose alliances the unit is, or the street."""
    joined = unit.memberships.active().values_list("alliance__street_code", flat=True)
    streets = Area.objects.served().filter(pk__in=list(joined), level=Level.STREET).order_by("code")
    found: list[tuple[str, Any]] = []
    for street in streets:
        inside = Area.objects.served().filter(parent=street, level=Level.COMMUNITY).order_by("pinyin", "code")
        found.append((street.name, [(street.pk, _("整个街道，不分社区")), *inside.values_list("pk", "name")]))
    return found


def _as_typed(row: Resource) -> dict[str, Any]:
    whom = BOTH if row.for_units and row.for_people else UNITS if row.for_units else PEOPLE
    names = ("name", "words", "address", "floor", "capacity", "quantity", "conditions", "phone")
    found = {name: getattr(row, name) for name in (*names, "until", "is_public", "emergency", "version")}
    return {**found, "whom": whom, "aliases": "、".join(row.aliases)}
