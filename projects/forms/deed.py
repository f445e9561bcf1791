"""民生实事: what is typed of a candidate, and the small forms by which it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from members.forms.profile import FindSelect
from members.models import MemberUnit
from people.models import Area, User
from people.querysets import STREET_LENGTH
from projects.forms.agreement import offices
from projects.models import Deed
from projects.models.deed import MOST_ASKED
from projects.services.project_fields import leaders
from projects.states import DeedField, DeedSource
from resources.forms.acts import ActForm, NearDay

KEPT = ("name", "words", "goal", "field", "source")
GROUPS = (
    (_("是什么"), ("area", "year", "name", "words", "goal", "field", "source", "origin")),
    (_("谁来办"), ("unit", "leader")),
)


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


def _year() -> int:
    return timezone.localdate().year


class DeedForm(forms.Form):
    """``deed``: what is changed; none: it is new, and place and year are asked for too."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("街道或社区"), empty_label=_("请选"))
    year = forms.IntegerField(label=_("年度"), initial=_year)
    name = forms.CharField(label=_("名称"), required=False, help_text=_("例如：加装电梯20台"))
    words = _words(_("做什么"), _("不写个人的姓名和电话"))
    goal = forms.CharField(label=_("年度目标"), required=False, help_text=_("能数出来的，例如：加装电梯20台"))
    field = forms.ChoiceField(label=_("类别"), choices=DeedField.choices)
    source = forms.ChoiceField(label=_("谁提出的"), choices=DeedSource.choices)
    unit = forms.ModelChoiceField(
        MemberUnit.objects.none(),
        label=_("责任单位"),
        required=False,
        empty_label=_("街道社区自己办"),
        widget=FindSelect,
    )
    leader = forms.ModelChoiceField(User.objects.none(), label=_("牵头领导"), required=False, empty_label=_("还没定"))
    origin = forms.CharField(
        label=_("从哪件事来"),
        required=False,
        max_length=60,
        help_text=_("诉求、微心愿、资源或预约的编号，例如 XQ-CX-20261123-0001；没有的不填"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, deed: Deed | None = None, **kwargs: Any) -> None:
        first: dict[str, Any] = {}
        if deed is not None:
            first = {name: getattr(deed, name) for name in (*KEPT, "version")}
            first |= {"unit": deed.unit_id, "leader": deed.leader_id}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        own = offices(user)
        streets = sorted({code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)})
        if deed is not None:
            streets = [deed.street_code]
            del fields["area"], fields["year"], fields["origin"]
        else:
            fields["area"].queryset = own
        units, lead = MemberUnit.objects.none(), User.objects.none()
        for code in streets:
            units |= MemberUnit.objects.members_in(code)
            lead |= leaders(code)
        fields["unit"].queryset = units.order_by("pinyin", "pk")
        fields["leader"].queryset = lead.order_by("name", "pk")

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields as they stand on the page."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    def typed(self) -> dict[str, Any]:
        """What the services take of it, beside place and year."""
        given = self.cleaned_data
        people = {name: given[name].pk if given.get(name) else None for name in ("unit", "leader")}
        return {**{name: given.get(name) for name in KEPT}, **people}


class NotedForm(ActForm):
    """What was found out, on its day."""

    on_day = NearDay(label=_("哪天"), initial=timezone.localdate)
    words = _words(_("说明"))


class ScreenForm(NotedForm):
    """初筛."""

    for_all = forms.BooleanField(label=_("普惠"), required=False, help_text=_("惠及多数居民"))
    doable = forms.BooleanField(label=_("可行"), required=False, help_text=_("今年办得成"))
    countable = forms.BooleanField(label=_("可量化"), required=False, help_text=_("数得出来"))
    words = _words(_("说明"), _("有一项不行的，写一句为什么"))
    field_order = ("on_day", "for_all", "doable", "countable", "words")


class VoteForm(NotedForm):
    """票决."""

    yes = forms.IntegerField(label=_("同意几票"), required=False, min_value=0, max_value=MOST_ASKED)
    of = forms.IntegerField(label=_("一共几票"), required=False, min_value=0, max_value=MOST_ASKED)
    field_order = ("on_day", "yes", "of", "words")

    def given(self) -> dict[str, Any]:
        found = super().given()
        yes, of = found.pop("yes"), found.pop("of")
        return {**found, "votes": None if yes is None or of is None else (yes, of)}


class SatisfiedForm(NotedForm):
    """满意度."""

    asked = forms.IntegerField(label=_("问了几位"), required=False, min_value=0, max_value=MOST_ASKED)
    satisfied = forms.IntegerField(label=_("满意的几位"), required=False, min_value=0, max_value=MOST_ASKED)
    field_order = ("on_day", "asked", "satisfied", "words")

    def given(self) -> dict[str, Any]:
        found = super().given()
        return {**found, **{name: found[name] or 0 for name in ("asked", "satisfied")}}


class ReportForm(ActForm):
    """月报; ``months``: (month, version of its report or nothing, as it is called)."""

    percent = forms.IntegerField(label=_("进度（%）"), required=False, min_value=0, max_value=100)
    words = _words(_("办了什么"), _("大家看得到，不写个人的姓名和电话"))
    why_less = forms.CharField(
        label=_("为什么改低"), required=False, help_text=_("比这个月上次报的低才写，例如：上次多算了两台")
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))

    def __init__(self, *args: Any, months: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"] = forms.ChoiceField(label=_("哪个月"), choices=list(months))
        self.order_fields(["month", "percent", "words", "why_less"])

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        month, _colon, seen = found["month"].partition(":")
        percent = found["percent"]
        return {
            "month": date.fromisoformat(month),
            "percent": -1 if percent is None else percent,
            "words": found["words"],
            "seen_warnings": found["seen_warnings"],
            "why_less": found["why_less"],
            "version": int(seen) if seen else None,
        }


class PublishForm(forms.Form):
    """公布: which candidates of a street's ``year``, in the order of their numbers; and how many in all. What is
    published everybody sees at once: a tick says that it was looked at once more."""

    most = forms.IntegerField(label=_("一共公布几件"), required=False, min_value=1, max_value=50)
    sure = forms.BooleanField(label=_("再看一眼"), required=False)

    def __init__(self, *args: Any, deeds: Iterable[Deed], year: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.rows = list(deeds)
        self.year = year
        self.fields["sure"].help_text = _("是%(year)d年的，公布以后大家马上看得到") % {"year": year}
        for one in self.rows:
            self.fields[f"place{one.pk}"] = forms.IntegerField(
                label=one.name, required=False, min_value=1, max_value=99, help_text=one.goal
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = [one.name for pk in self.chosen() for one in self.rows if one.pk == pk]
        if chosen and not found.get("sure"):
            which = {"year": self.year, "which": str(_("、")).join(f"“{name}”" for name in chosen)}
            self.add_error("sure", _("要公布%(year)d年的%(which)s。没有弄错，请勾上再公布。") % which)
        return found

    def lines(self) -> list[tuple[Deed, Any]]:
        return [(one, self[f"place{one.pk}"]) for one in self.rows]

    def chosen(self) -> list[int]:
        """The keys of those with a number, in the order of the numbers."""
        given = [(self.cleaned_data.get(f"place{one.pk}"), one.pk) for one in self.rows]
        return [pk for place, pk in sorted((place, pk) for place, pk in given if place)]
