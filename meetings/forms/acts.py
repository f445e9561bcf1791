"""The small forms by which meetings, topics and action items go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from meetings.forms.parties import PartyForm
from meetings.forms.plans import at, clock, day_field
from meetings.services.answering import ANSWERS
from meetings.states import Coming
from resources.forms.acts import ActForm, NearDay

Rows = Iterable[tuple[Any, str]]
LABELS = dict(Coming.choices)


def line(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


class MoveForm(ActForm):
    """改期."""

    day = day_field(_("改到哪天"))
    opens = clock(_("从几点"), _("请选几点开始。"))
    closes = clock(_("到几点"), _("请选几点结束。"))

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"starts": at(said["day"], said["opens"]), "ends": at(said["day"], said["closes"])}


class WhyForm(ActForm):
    why = line(_("为什么"), _("只有同事看得到"))


class PointForm(ActForm):
    """加一项议程."""

    title = forms.CharField(label=_("议什么"), required=False, help_text=_("参会的都看得到，不写居民的姓名和住址"))
    minutes = forms.IntegerField(label=_("几分钟"), required=False)


class ItemForm(ActForm):
    """One point of the agenda."""

    item = forms.IntegerField(widget=forms.HiddenInput)


class ShiftForm(ItemForm):
    """上移, or 下移: the button says which."""

    def given(self) -> dict[str, Any]:
        return {**super().given(), "up": self.choice != "down"}


class TakeForm(ActForm):
    """列入议程."""

    subject = forms.CharField(widget=forms.HiddenInput, max_length=60)


class ResultForm(ItemForm):
    """一项的结果."""

    result = line(_("结果"), _("参会的看得到；是议题的，就是给提出人的答复"))


class ActionForm(PartyForm):
    """转行动项: what, who, until when; ``items``: the points of which one it may be."""

    item = forms.TypedChoiceField(label=_("哪一项"), coerce=int, required=False, empty_value=None)
    what = forms.CharField(label=_("事项"), required=False, help_text=_("例如：公示1到9月公共收益"))
    due_on = NearDay(label=_("期限"), error_messages={"required": _("请选哪天前办好。")})
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_order = ("item", "what", "unit", "office", "due_on")

    def __init__(self, *args: Any, items: Rows = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.choices = [("", _("不是哪一项的")), *items]


class InviteeForm(ActForm):
    """One of those on the list. ``invitees``: keys and names."""

    invitee = forms.TypedChoiceField(label=_("哪一方"), coerce=int, error_messages={"required": _("请选一方。")})

    def __init__(self, *args: Any, invitees: Rows = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["invitee"]
        field.choices = list(invitees)


class AnswerForm(InviteeForm):
    """代为登记: what somebody said by phone."""

    answer = forms.ChoiceField(
        label=_("怎么说的"),
        required=False,
        choices=[(one.value, LABELS[one]) for one in ANSWERS],
        initial=Coming.COMES,
        widget=forms.RadioSelect,
    )
    stand_in = forms.CharField(label=_("谁来代"), required=False, help_text=_("请人代的写"))


class PresentForm(ActForm):
    """点名, or copied from the sheet of paper: the button says which."""

    who = forms.TypedMultipleChoiceField(
        label=_("谁到了"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请勾上到了的。")},
    )

    def __init__(self, *args: Any, invitees: Rows = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = list(invitees)


class TopicAnswerForm(ActForm):
    answer = line(_("结果"), _("提出的人看得到；从诉求来的，居民也看得到"), 3)


class ActionEditForm(PartyForm):
    """另定期限, or other hands."""

    due_on = NearDay(label=_("期限"), error_messages={"required": _("请选哪天前办好。")})
    why = line(_("为什么改"))


class ClearForm(ActForm):
    """销号."""

    how = line(_("办成了什么"), _("从诉求来的，居民也看得到"))
    done_on = NearDay(label=_("哪天办好的"), required=False, initial=timezone.localdate)


class ReopenForm(ActForm):
    """重办."""

    why = line(_("为什么重办"))
    due_on = NearDay(label=_("期限"), error_messages={"required": _("请选哪天前办好。")})


class SaidForm(ActForm):
    said = line(_("办得怎么样了"), _("街道社区看过，就销号"))


class RaiseForm(ActForm):
    """提一个议题."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    title = forms.CharField(
        label=_("议什么"), required=False, help_text=_("例如：非机动车停放和充电；不写个人的姓名和住址")
    )
    words_why = line(_("为什么"), _("可以不写"), 3)
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
