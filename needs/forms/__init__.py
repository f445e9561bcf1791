"""Forms only parse and carry what was typed; services decide whether it is right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField as SeenField
from needs.models import Category
from needs.states import Nature
from people.models import Area
from people.states import Level


class SayForm(forms.Form):
    """Step 1: what."""

    words = forms.CharField(label=_("什么事"), strip=False, required=False, widget=forms.Textarea)
    photos = forms.FileField(label=_("拍张照"), required=False)


def community_choices() -> list[tuple[str, Any]]:
    """Open streets as groups: first "I do not know", then their communities."""
    areas = list(Area.objects.served().filter(level__in=[Level.STREET, Level.COMMUNITY]).order_by("pinyin"))
    streets = [area for area in areas if area.level == Level.STREET]
    groups: list[tuple[str, Any]] = [("", _now("请选社区"))]
    for street in streets:
        own = [(a.code, a.name) for a in areas if a.level == Level.COMMUNITY and a.code.startswith(street.code)]
        groups.append((street.name, [(street.code, _now("我不清楚，请街道帮我看")), *own]))
    return groups


class WhereForm(forms.Form):
    """Step 2: where. ``saying`` tells which words the page belongs to: two windows share one draft."""

    saying = forms.CharField(required=False, widget=forms.HiddenInput)
    community = forms.ChoiceField(label=_("哪个社区"), choices=lazy(community_choices, list))
    place = forms.CharField(label=_("小区和楼"), max_length=120)
    spot = forms.CharField(label=_("具体位置"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].error_messages = {
            "required": _("请选一个社区；不清楚的，选“我不清楚”。"),
            "invalid_choice": _("请选一个社区；不清楚的，选“我不清楚”。"),
        }
        self.fields["place"].error_messages["required"] = _("请写下在哪里，比如小区和楼号。")


class ContactForm(forms.Form):
    """Step 3: whom to call. ``website`` is a trap that people never see."""

    name = forms.CharField(label=_("怎么称呼"), required=False)
    phone = forms.CharField(label=_("电话"), required=False)
    for_other = forms.ChoiceField(
        label=_("这是谁的事"),
        choices=[("self", _("我自己的")), ("other", _("我帮别人填的"))],
        widget=forms.RadioSelect,
        required=False,
        initial="self",
    )
    helped_name = forms.CharField(label=_("他怎么称呼"), required=False)
    helped_phone = forms.CharField(label=_("他的电话"), required=False)
    consent = forms.BooleanField(label=_("我看过告知，同意这样用我的信息"), required=False)
    website = forms.CharField(required=False)
    saying = forms.CharField(required=False, widget=forms.HiddenInput)
    altcha = forms.CharField(required=False, widget=forms.HiddenInput)
    notice_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Required in the eyes of the page; the service says what is missing, all at once.
        for name in ("name", "phone", "consent"):
            self.fields[name].widget.attrs["aria-required"] = "true"


class TrackForm(forms.Form):
    """Number and code of a need."""

    number = forms.CharField(label=_("编号"), max_length=60, required=False)
    code = forms.CharField(label=_("查询码"), max_length=60, required=False)


class SupplementForm(forms.Form):
    """补充; the hidden key makes a second tap find the first, and keeps the photos of a refused form."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    words = forms.CharField(label=_("补充什么"), strip=False, required=False, widget=forms.Textarea)
    photos = forms.FileField(label=_("拍张照"), required=False)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤回"), max_length=200, required=False)


class AcceptForm(forms.Form):
    """The decision when a need is accepted."""

    nature = forms.ChoiceField(label=_("性质"), choices=Nature.choices, widget=forms.RadioSelect, required=False)
    category = forms.ModelChoiceField(
        label=_("类别"), queryset=Category.objects.in_use(), required=False, empty_label=_("未分类")
    )
    urgent = forms.BooleanField(label=_("紧急"), required=False, help_text=_("急事，同一天里排在最前面"))
    reply_by = forms.DateField(
        label=_("哪天前答复"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("备注"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只有同事看得到，可以不写"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].error_messages["invalid"] = _("日期请写成 2026-11-28 这样。")


class WordsForm(forms.Form):
    """An answer to the resident, or a note for colleagues."""

    words = forms.CharField(label=_("内容"), strip=False, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReplyForm(WordsForm):
    """An answer to the resident: the first one says by when it should be done."""

    done_by = forms.DateField(
        label=_("预计哪天办好"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("居民看得到；已经办好的，请用“办好了”"),
        error_messages={"invalid": _("日期请写成 2026-11-28 这样。")},
    )

    def clean_done_by(self) -> date | None:
        """Emptied by hand is refused; a page from before it was asked for has no such field."""
        day: date | None = self.cleaned_data["done_by"]
        if day is None and self.add_prefix("done_by") in self.data:
            raise forms.ValidationError(_("请选预计哪天办好；已经办好的，请用“办好了”。"))
        return day


class CallForm(forms.Form):
    """Why somebody who does not handle the need wants to see the phone."""

    reason = forms.CharField(label=_("查看的原因"), max_length=200, required=False)
