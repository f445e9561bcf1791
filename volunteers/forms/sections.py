"""What is typed about patrol sections and into their diaries. Services decide whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from alliance.lib.seen import SeenField
from people.models import Area, User
from resources.forms.acts import ActForm
from volunteers.forms.activities import BareForm
from volunteers.forms.people_staff import EndForm, places_of
from volunteers.models import Section
from volunteers.states.sections import TEAM, UNIT, Outcome, Rhythm, SectionKind

TYPED = ("name", "kind", "words", "every", "for_units", "for_people")


class SectionForm(forms.Form):
    """A new section (``section``: none), or what is said of one."""

    area = forms.ModelChoiceField(Area.objects.none(), label=_("哪里的责任段"), empty_label=_("请选"), required=False)
    name = forms.CharField(label=_("名称"), required=False, help_text=_("例如：百尺溪东段"))
    kind = forms.ChoiceField(label=_("类别"), choices=SectionKind.choices, required=False)
    words = forms.CharField(
        label=_("从哪到哪，看什么"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("大家都看得到，例如：北干桥到闸口，看漂浮物、排水口、护栏"),
    )
    every = forms.TypedChoiceField(
        label=_("希望多久走一次"), choices=Rhythm.choices, coerce=int, empty_value=None, required=False, initial=7
    )
    for_units = forms.BooleanField(label=_("单位可以认领"), required=False, initial=True)
    for_people = forms.BooleanField(label=_("个人和队伍可以认领"), required=False, initial=True)
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, section: Section | None = None, **kwargs: Any) -> None:
        if section is not None:
            own = {name: getattr(section, name) for name in (*TYPED, "version")}
            kwargs["initial"] = {**own, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        area: Any = self.fields["area"]
        area.queryset = places_of(user)
        if section is not None:
            del self.fields["area"]

    def typed(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in TYPED}

    def groups(self) -> list[tuple[str, list[Any]]]:
        tick = self["seen_warnings"]
        shown = [one for one in self.visible_fields() if one.name != "seen_warnings" or tick.errors or tick.value()]
        return [(str(_("巡查责任段")), shown)]


class WordsForm(ActForm):
    """One sentence to whoever has it in hand."""

    words = forms.CharField(
        label=_("写一句"), required=False, help_text=_("认领的人看得到"), widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(EndForm):
    """What becomes of something found on a walk."""

    words = forms.CharField(
        label=_("怎么办"), required=False, help_text=_("巡的人看得到"), widget=forms.Textarea(attrs={"rows": 2})
    )
    number = forms.CharField(
        label=_("转成的诉求编号"), required=False, help_text=_("登记成诉求的才填，XQ开头；没有就空着")
    )


class TakeForm(BareForm):
    """For whom one claims. ``holders``: [(``me`` | ``unit-3`` | ``team-5``, name)]."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    holder = forms.ChoiceField(label=_("以谁的名义"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, holders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["holder"]
        field.choices = holders
        field.initial = holders[0][0] if holders else None
        if len(holders) == 1:
            field.widget = forms.HiddenInput()

    def chosen(self) -> dict[str, int | None]:
        """``unit`` and ``team`` for the service; both None in person."""
        kind, _sep, key = str(self.cleaned_data.get("holder") or "").partition("-")
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None
        return {"unit": number if kind == UNIT else None, "team": number if kind == TEAM else None}


class NoteForm(BareForm):
    """One walk. ``hold_key`` keeps the photos of a refused form."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    day = forms.DateField(
        label=_("哪天巡的"),
        required=False,
        widget=DAY,
        initial=timezone.localdate,
        error_messages={"invalid": _("日期请写成 2026-11-28 这样。")},
    )
    outcome = forms.ChoiceField(label=_("怎么样"), choices=Outcome.choices, widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("写几句"), required=False, help_text=_("看到什么、在哪里；都好的可以不写，不写别人的姓名")
    )
    photos = forms.FileField(label=_("拍张照"), required=False)
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class BackForm(BareForm):
    """退回."""

    words = forms.CharField(label=_("为什么"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
