"""Activities in the workbench: what is said of one, its days, and the small forms by which it goes on."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from members.forms.profile import FindSelect
from members.models import MemberUnit
from people.models import Area
from people.querysets import STREET_LENGTH
from projects.forms.agreement import offices
from resources.forms.acts import CLOCK, CLOCK_WRONG, ActForm, NearDay, ReasonForm
from volunteers.models import Activity
from volunteers.services.checked import as_typed, coefficients
from volunteers.services.slots import Place
from volunteers.states import ActivityKind
from volunteers.states.teams import QualificationKind

GROUPS = (
    (_("是什么"), ("area", "unit", "kind", "title", "summary", "origin")),
    (_("去哪里、找谁"), ("place", "bring", "contact", "phone")),
    (_("谁能来"), ("fit_for", "together", "closes_hours", "takes_children", "min_age", "max_age", "accompanied")),
    (_("安全和积分"), ("risky", "coefficient")),
)
ONLY_NEW = ("area", "unit", "origin")
_POST = re.compile(r"^(?P<name>.*?)[\s:：,，]*(?P<n>\d{1,5})\s*[人个名]?$")


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text)


def _number(label: Any, help_text: Any = "", **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, **options)


class ActivityForm(forms.Form):
    """``activity``: what is changed; none: it is new, and place and unit are asked for too."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("街道或社区"), empty_label=_("请选"))
    unit = forms.ModelChoiceField(
        MemberUnit.objects.none(),
        label=_("主办单位"),
        required=False,
        empty_label=_("街道社区自己办"),
        widget=FindSelect,
    )
    kind = forms.ChoiceField(label=_("类别"), choices=ActivityKind.choices)
    title = _line(_("名称"), _("例如：手机摄影课"))
    summary = _words(_("做什么"), _("不写个人的姓名和住址"))
    origin = _line(_("从哪件事来"), _("诉求、微心愿、资源或预约的编号，例如 XQ-CX-20261123-0001；没有的不填"))
    place = _line(_("集合地点"), _("例如：文化家园一楼"))
    bring = _line(_("请带"), _("例如：水杯、老花镜"))
    contact = _line(_("联系"), _("例如：社工小许"))
    phone = _line(_("联系电话"), _("单位的电话，大家都看得到"))
    fit_for = _line(_("适合谁"), _("例如：城厢居民；70岁以上请家人同行"))
    together = _number(_("一次最多报几人"), initial=4, min_value=1, max_value=10)
    closes_hours = _number(_("提前几小时截止报名"), _("0：开始前都可以报"), initial=0, min_value=0, max_value=720)
    takes_children = forms.BooleanField(label=_("可以带孩子"), required=False, initial=True)
    min_age = _number(_("孩子最小几岁"), required=False, min_value=0, max_value=17)
    max_age = _number(_("孩子最大几岁"), required=False, min_value=0, max_value=17)
    accompanied = forms.BooleanField(
        label=_("孩子要有大人陪"), required=False, initial=True, help_text=_("10岁以下总要有大人陪")
    )
    risky = forms.BooleanField(
        label=_("有人身风险"), required=False, help_text=_("登山、巡河、高处：没有登记保险的不能报名")
    )
    coefficient = forms.ChoiceField(label=_("积分系数"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, activity: Activity | None = None, **kwargs: Any) -> None:
        first = {**as_typed(activity), "version": activity.version} if activity is not None else {}
        kwargs["initial"] = {**first, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        fields["coefficient"].choices = list(coefficients().items())
        if activity is not None:
            for name in ONLY_NEW:
                del fields[name]
            return
        own = offices(user)
        fields["area"].queryset = own
        streets = sorted({code[:STREET_LENGTH] for code in own.values_list("pk", flat=True)})
        found = MemberUnit.objects.none()
        for street in streets:
            found = found | MemberUnit.objects.members_in(street)
        fields["unit"].queryset = MemberUnit.objects.filter(pk__in=found.values("pk")).order_by("name")

    def groups(self) -> list[tuple[str, list[Any]]]:
        """As the page shows them."""
        found = [(str(title), [self[name] for name in names if name in self.fields]) for title, names in GROUPS]
        tick = self["seen_warnings"]
        asked = [(str(self.fields["seen_warnings"].label), [tick])] if tick.errors or tick.value() else []
        return [*found, *asked]

    def typed(self) -> dict[str, Any]:
        """What the service takes beside key, version, place and unit."""
        left_out = {*ONLY_NEW, "version", "client_key"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class DayForm(ActForm):
    """加一场: a day, and what there is to do."""

    on = NearDay(label=_("哪天"))
    opens = forms.TimeField(label=_("几点开始"), widget=CLOCK, error_messages=CLOCK_WRONG)
    closes = forms.TimeField(label=_("几点结束"), widget=CLOCK, error_messages=CLOCK_WRONG)
    posts = forms.CharField(
        label=_("名额"),
        required=False,
        help_text=_("只有一种，写人数就行，例如：40。几个岗位一行写一个，例如：巡河东段 4"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_service = forms.BooleanField(label=_("算志愿服务"), required=False, help_text=_("记服务时长和积分"))
    needs = forms.ChoiceField(
        label=_("要什么资格"), required=False, choices=[("", _("不要")), *QualificationKind.choices]
    )

    def clean_posts(self) -> list[Place]:
        found = []
        for line in self.cleaned_data["posts"].splitlines():
            if not line.strip():
                continue
            match = _POST.match(line.strip())
            if match is None:
                raise forms.ValidationError(_("每行写岗位和人数，例如：巡河东段 4。"))
            found.append((match["name"], int(match["n"])))
        service, needs = bool(self.data.get(self.add_prefix("is_service"))), self.data.get(self.add_prefix("needs"), "")
        return [Place(name=name, capacity=n, is_service=service, needs=needs) for name, n in found]

    def span(self) -> tuple[datetime, datetime]:
        """From when until when; what ends before it begins ends on the next morning, which the service refuses if it
        is too long."""
        said = self.cleaned_data
        return _at(said["on"], said["opens"]), _at(said["on"], said["closes"])

    def given(self) -> dict[str, Any]:
        starts, ends = self.span()
        return {"starts": starts, "ends": ends, "posts": self.cleaned_data["posts"]}


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


class SeriesForm(DayForm):
    """按规律排: the first day, how it comes again, how often."""

    every = forms.ChoiceField(
        label=_("怎么重复"),
        choices=[
            ("FREQ=WEEKLY", _("每周")),
            ("FREQ=WEEKLY;INTERVAL=2", _("每两周")),
            ("FREQ=DAILY", _("每天")),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", _("周一到周五")),
            ("FREQ=WEEKLY;BYDAY=SA,SU", _("周末")),
            ("FREQ=MONTHLY", _("每月")),
        ],
    )
    times = forms.IntegerField(label=_("一共几场"), min_value=1, max_value=200, initial=8)

    def given(self) -> dict[str, Any]:
        starts, ends = self.span()
        said = self.cleaned_data
        return {
            "rule": f"{said['every']};COUNT={said['times']}",
            "starts": starts,
            "minutes": int((ends - starts).total_seconds() // 60),
            "posts": said["posts"],
        }


class OffForm(ReasonForm):
    """取消活动: why, for everybody who has signed up."""

    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))


class OutcomeForm(ActForm):
    """结束: what came of it."""

    outcome = _line(_("成果"), _("例如：19对意向；没有的不填"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))


class SlotOffForm(ReasonForm):
    """取消一场."""

    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    slot = forms.TypedChoiceField(label=_("哪一场"), coerce=int)

    def __init__(self, *args: Any, slots: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot: Any = self.fields["slot"]
        slot.choices = slots
