"""A resource as staff write it down, for the office or for a unit."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.forms.profile import FindSelect
from members.models import MemberUnit
from people.models import Area
from people.querysets import STREET_LENGTH, within
from people.states import Level
from resources.forms.acts import DAY_WRONG
from resources.models import Resource, ResourceKind
from resources.permissions import KEEPERS
from resources.services.refusals import length_in_words
from resources.states import Form, ResourceState

LONGEST = (
    (30, _("半小时")),
    *((60 * n, format_lazy(_("{n}小时"), n=n)) for n in (1, 2, 3, 4, 6, 8, 12)),
    *((1440 * n, format_lazy(_("{n}天"), n=n)) for n in (1, 2, 3, 7, 14, 30)),
)
BUFFERS = ((0, _("不用留")), *((n, format_lazy(_("{n}分钟"), n=n)) for n in (10, 15, 30, 60)))
WHAT = ("kind", "name", "aliases", "words", "conditions")
WHERE = ("area", "unit", "within", "floor", "address", "serves", "phone")
WHO = ("for_units", "for_people", "capacity", "quantity")
HOW = ("asks_first", "longest_minutes", "buffer_minutes", "ahead_days", "cancel_hours", "most_a_month")
ALSO = ("emergency", "is_public", "until")
FIXED = ("area", "unit")
"""Said once, when it is written down."""
ONLY = {
    "capacity": "space",
    "floor": "space walk_in",
    "quantity": "pieces visit",
    **dict.fromkeys(HOW, "space pieces visit"),
} | {"buffer_minutes": "space visit"}
"""Fields that only some uses of a thing ask for."""
USUAL = {"for_units": True, "asks_first": True, "is_public": True, "quantity": 1, "longest_minutes": 240}


def kinds_by_heading(now: ResourceKind | None = None) -> list[tuple[str, Any]]:
    """The kinds in use, and the one it is ``now``, below their headings."""
    found: dict[str, list[tuple[str, str]]] = {}
    kinds = ResourceKind.objects.filter(Q(pk__in=ResourceKind.objects.sorts()) | Q(pk=now.pk if now else None))
    for kind in kinds.select_related("parent").order_by("parent__position", "position", "pk"):
        found.setdefault(kind.parent.label if kind.parent else "", []).append((kind.key, kind.label))
    return [("", _("请选")), *found.items()]


def offices(user: Any) -> QuerySet[Area]:
    """Streets and communities whose things this person keeps."""
    own = within(user.areas_of(*KEEPERS), area="code", street="")
    return Area.objects.served().filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")


class Switch(forms.BooleanField):
    """A tick; what it means stands beside it."""

    def __init__(self, label: Any, said: Any) -> None:
        super().__init__(label=label, required=False, help_text=said)


class ResourceForm(forms.Form):
    """``resource``: what is changed; none: it is new, and ``area`` and ``unit`` are asked for too."""

    kind = forms.ChoiceField(label=_("种类"), required=False)
    name = forms.CharField(label=_("名称"), required=False, help_text=_("例如：三楼多功能厅、折叠椅、周三义诊"))
    aliases = forms.CharField(label=_("别名"), required=False, help_text=_("大家平时的叫法，用顿号分开"))
    words = forms.CharField(
        label=_("说明"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有什么、能做什么。大家看得到，不写个人的姓名和电话"),
    )
    conditions = forms.CharField(label=_("使用条件"), required=False, help_text=_("例如：用完关灯、不外借、要交押金"))
    area = forms.ModelChoiceField(Area.objects.none(), label=_("在哪里"), empty_label=_("请选"))
    unit = forms.ModelChoiceField(
        MemberUnit.objects.none(),
        label=_("提供单位"),
        required=False,
        empty_label=_("街道社区自己的"),
        widget=FindSelect,
        help_text=_("替单位登记的，选单位；街道社区自己的不选"),
    )
    within = forms.ModelChoiceField(
        Resource.objects.none(), label=_("在哪个阵地里"), required=False, empty_label=_("不在阵地里")
    )
    floor = forms.CharField(label=_("楼层"), required=False, help_text=_("例如：3楼"))
    address = forms.CharField(label=_("地址"), required=False)
    serves = forms.ModelChoiceField(Area.objects.none(), label=_("服务范围"), required=False, empty_label=_("整个街道"))
    phone = forms.CharField(label=_("咨询电话"), required=False, help_text=_("公开的电话，大家看得到"))
    for_units = Switch(_("给谁用"), _("单位可以用"))
    for_people = Switch(_("居民"), _("居民可以用"))
    capacity = forms.IntegerField(label=_("可容纳人数"), required=False, help_text=_("场地要填"))
    quantity = forms.IntegerField(label=_("数量"), required=False, help_text=_("同时最多借出几件、来几个人；场地填1"))
    asks_first = Switch(_("预约"), _("要提供方同意才算约好"))
    longest_minutes = forms.TypedChoiceField(label=_("一次最长"), coerce=int, required=False)
    buffer_minutes = forms.TypedChoiceField(label=_("两次之间，前后各留"), coerce=int, required=False)
    ahead_days = forms.IntegerField(label=_("最早提前几天约"), required=False, initial=60)
    cancel_hours = forms.IntegerField(label=_("取消要提前几小时"), required=False, initial=24)
    most_a_month = forms.IntegerField(label=_("一家每月最多几次"), required=False, help_text=_("不限就空着"))
    emergency = Switch(_("战时"), _("街道转入战时，由指挥的人统一安排"))
    is_public = Switch(_("公开"), _("在公开页上给大家看"))
    until = forms.DateField(
        label=_("提供到哪天"), required=False, widget=DAY, error_messages=DAY_WRONG, help_text=_("一直提供就空着")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, resource: Resource | None = None, **kwargs: Any) -> None:
        first = _as_typed(resource) if resource else USUAL
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self._fill(user, resource)
        for name in FIXED if resource else ():
            del self.fields[name]

    def _fill(self, user: Any, resource: Resource | None) -> None:
        fields: Any = self.fields
        fields["kind"].choices = kinds_by_heading(resource.kind if resource else None)
        own = offices(user)
        streets = {code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)}
        streets = {resource.street_code} if resource else streets
        fields["area"].queryset = own
        fields["unit"].queryset = _members(streets)
        inside = Area.objects.filter(within(streets, area="code", street=""), level=Level.COMMUNITY)
        fields["serves"].queryset = inside.order_by("code")
        stations = Resource.objects.filter(street_code__in=streets, kind__form=Form.WALK_IN)
        mine = resource.within_id if resource else None
        stations = stations.filter(~Q(state=ResourceState.STOPPED) | Q(pk=mine))
        stations = stations.exclude(pk=resource.pk if resource else 0)
        fields["within"].queryset = stations.order_by("name", "pk")
        for name, usual in (("longest_minutes", LONGEST), ("buffer_minutes", BUFFERS)):
            now = self.initial.get(name)
            odd = [(now, length_in_words(now))] if now and now not in dict(usual) else []
            fields[name].choices = [*usual, *odd]

    def uses(self) -> str:
        """How each kind is used, for the script that shows what it needs."""
        known = ResourceKind.objects.exclude(form="").order_by("key").values_list("key", "form")
        return " ".join(f"{key}:{form}" for key, form in known)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as they stand on the page, in groups, each with the uses it is for (empty: all)."""
        titles = ((_("是什么"), WHAT), (_("在哪里"), WHERE), (_("给谁用"), WHO), (_("怎么约"), HOW), (_("还有"), ALSO))
        return [
            (title, [(self[name], ONLY.get(name, "")) for name in names if name in self.fields])
            for title, names in titles
        ]

    def typed(self) -> dict[str, Any]:
        """What the services take of it, beside the place and the giver."""
        given = self.cleaned_data
        found = {name: given.get(name) for group in (WHAT, WHERE, WHO, HOW, ALSO) for name in group}
        for name in FIXED:
            found.pop(name)
        found["aliases"] = re.split(r"[、，,;；]+", found["aliases"] or "")
        found["serves"] = found["serves"].pk if found["serves"] else ""
        found["within"] = found["within"].pk if found["within"] else None
        for name in ("quantity", "ahead_days", "cancel_hours", "buffer_minutes", "longest_minutes"):
            if found[name] in (None, ""):
                del found[name]
        return found


def _members(streets: set[str]) -> QuerySet[MemberUnit]:
    rows: Any = MemberUnit.objects.none()
    for street in sorted(streets):
        rows |= MemberUnit.objects.members_in(street)
    return rows.filter(suspended_at__isnull=True).order_by("pinyin", "pk")


def _as_typed(resource: Resource) -> dict[str, Any]:
    names = (*WHAT, *WHERE, *WHO, *HOW, *ALSO)
    found = {name: getattr(resource, name) for name in names if name not in FIXED}
    found |= {"kind": resource.kind.key, "aliases": "、".join(resource.aliases), "version": resource.version}
    if resource.serves_id == resource.street_code:
        found["serves"] = None
    return found
