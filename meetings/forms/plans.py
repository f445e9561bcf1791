"""A series as it is set up, and a meeting by hand."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.forms.parties import street_units
from meetings.models import Meeting, Series
from meetings.presenting.words import EVERY
from meetings.services.rules import every_of, rule_of
from meetings.states import MeetingKind, OffDays
from members.forms.profile import FindSelect
from members.models import MemberUnit
from people.models import Area
from projects.forms.agreement import offices
from resources.forms.acts import CLOCK, CLOCK_WRONG, DAY_WRONG, NearDay
from resources.models import Booking
from resources.states.booking import LIVE

KEPT = "kept"
"""Of a rule that no choice says: it stays as it is."""
MOST_TIMES = 200


def clock(label: Any, asks: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=CLOCK, error_messages={**CLOCK_WRONG, "required": asks})


def at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def day_field(label: Any, help_text: Any = "") -> NearDay:
    asks = {**DAY_WRONG, "required": _("请选哪天。")}
    return NearDay(label=label, help_text=help_text, error_messages=asks)


class PlanForm(forms.Form):
    """What series and meetings have in common. ``row``: what is changed; none: it is new, and where is asked too."""

    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("街道或社区"),
        empty_label=_("请选"),
        error_messages={"required": _("请选哪个街道或社区的会。")},
    )
    kind = forms.ChoiceField(label=_("类别"), choices=MeetingKind.choices)
    title = forms.CharField(label=_("名称"), required=False, help_text=_("例如：民生服务界别小组会"))
    unit = forms.ModelChoiceField(
        MemberUnit.objects.none(),
        label=_("召集单位"),
        required=False,
        empty_label=_("街道社区自己召集"),
        widget=FindSelect,
    )
    place = forms.CharField(label=_("地点"), required=False, help_text=_("例如：党群服务中心二楼议事厅"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    sets: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, user: Any, row: Any = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**(self.first(row) if row else {}), **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        own = offices(user)
        codes = [row.area_id] if row else list(own.values_list("pk", flat=True))
        fields["unit"].queryset = street_units(codes)
        if row is not None:
            del fields["area"]
            return
        fields["area"].queryset = own
        if len(codes) == 1:
            fields["area"].initial = codes[0]

    def first(self, row: Any) -> dict[str, Any]:
        """What it says now."""
        values = {name: getattr(row, name) for name in ("kind", "title", "place", "version")}
        return {**values, "unit": row.unit_id}

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.sets]

    def said(self, *names: str) -> dict[str, Any]:
        """The fields ``names`` as the services take them."""
        given = self.cleaned_data
        values = {name: given[name] for name in ("kind", "title", "place", *names)}
        return {**values, "unit": given["unit"].pk if given["unit"] else None}


class MeetingForm(PlanForm):
    """加一次会; when it is changed later is a step of its own, which asks everybody again."""

    day = day_field(_("哪天"))
    opens = clock(_("从几点"), _("请选几点开始。"))
    closes = clock(_("到几点"), _("请选几点结束。"))
    sets = ((_("什么会"), ("area", "kind", "title", "unit")), (_("时间和地点"), ("day", "opens", "closes", "place")))

    def times(self) -> dict[str, datetime]:
        given = self.cleaned_data
        return {"starts": at(given["day"], given["opens"]), "ends": at(given["day"], given["closes"])}


class MeetingWordsForm(PlanForm):
    """What is said of a meeting, and the room that was booked for it."""

    booking = forms.ModelChoiceField(
        Booking.objects.none(), label=_("场地预约"), required=False, empty_label=_("没有约场地")
    )
    sets = ((_("什么会"), ("kind", "title", "unit")), (_("地点"), ("place", "booking")))

    def __init__(self, *args: Any, user: Any, row: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, user=user, row=row, **kwargs)
        fields: Any = self.fields
        found = Booking.objects.visible_to(user).filter(subject=row.subject, state__in=LIVE)
        fields["booking"].queryset = found.select_related("resource")
        if not found.exists():
            del fields["booking"]

    def first(self, row: Meeting) -> dict[str, Any]:
        return {**super().first(row), "booking": row.booking_id}

    def words(self) -> dict[str, Any]:
        booking = self.cleaned_data.get("booking")
        room = {"booking": booking.pk if booking else None} if "booking" in self.fields else {}
        return {**self.said(), **room}


class SeriesForm(PlanForm):
    """设立例会: the first day, how it comes again, how often."""

    day = day_field(
        _("第一次"), _("往后都按这一天算；每月、每季的，可以是同一天，也可以是同一个星期几，例如第二个周二")
    )
    opens = clock(_("从几点"), _("请选几点开始。"))
    minutes = forms.TypedChoiceField(
        label=_("开多久"),
        coerce=int,
        choices=[(n, _("%(n)d分钟") % {"n": n}) for n in (30, 45, 60, 90, 120, 180, 240)],
        initial=90,
    )
    every = forms.ChoiceField(label=_("怎么重复"), choices=list(EVERY.items()), initial="quarter_weekday")
    times = forms.IntegerField(
        label=_("一共几次"),
        min_value=1,
        max_value=MOST_TIMES,
        initial=4,
        error_messages={"required": _("请写一共几次，例会总要有个头。")},
        help_text=_("最远排三年；到头了，改一改就能接着排"),
    )
    off_days = forms.ChoiceField(label=_("遇到放假"), choices=OffDays.choices, initial=OffDays.AFTER)
    everybody = forms.BooleanField(
        label=_("请全体成员单位"), required=False, help_text=_("联盟的成员单位都来；只请几家的，设立以后再定名单")
    )
    sets = (
        (_("什么会"), ("area", "kind", "title", "unit")),
        (_("时间和地点"), ("day", "opens", "minutes", "every", "times", "off_days", "place")),
        (_("请谁"), ("everybody",)),
    )

    def __init__(self, *args: Any, user: Any, row: Series | None = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, user=user, row=row, **kwargs)
        fields: Any = self.fields
        if row is None:
            return
        if row.minutes not in dict(fields["minutes"].choices):
            fields["minutes"].choices = [*fields["minutes"].choices, (row.minutes, f"{row.minutes}")]
        if every_of(row.rule, timezone.localdate(row.starts)) is None:
            fields["every"].choices = [(KEPT, row.rule), *EVERY.items()]

    def first(self, row: Series) -> dict[str, Any]:
        local = timezone.localtime(row.starts)
        values = {name: getattr(row, name) for name in ("minutes", "off_days", "everybody")}
        every, times = every_of(row.rule, local.date()) or (KEPT, 1)
        return {
            **super().first(row),
            **values,
            "day": local.date(),
            "opens": local.time(),
            "every": every,
            "times": times,
        }

    def words(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["every"] == KEPT and self.row is not None:
            rule = self.row.rule
        else:
            rule = rule_of(given["every"], given["day"], given["times"])
        starts = at(given["day"], given["opens"])
        return {**self.said("minutes", "off_days", "everybody"), "rule": rule, "starts": starts}
