"""Forms of the desk. They carry what was typed; services decide whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.models import MemberUnit

ME = "me"
HAND_OVER, SECOND = "hand_over", "second"


class ClaimForm(forms.Form):
    """For whom one claims. The hidden key makes a second tap find the first."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    who = forms.ChoiceField(label=_("以谁的名义"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, units: list[MemberUnit], person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.pk), str(unit)) for unit in units] + ([(ME, _("我个人"))] if person else [])
        who: Any = self.fields["who"]
        who.choices = choices
        if len(choices) == 1:
            who.widget = forms.HiddenInput()
            who.initial = choices[0][0]

    def unit_id(self) -> int | None:
        """The unit chosen; None in person. The service checks whether one may speak for it."""
        who = str(self.data.get("who", ""))
        return int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None


class DoneForm(forms.Form):
    """送到了, or 办好了: words and photos. ``hold_key`` keeps the photos of a refused form."""

    words = forms.CharField(label=_("说一句"), required=False, strip=False, widget=forms.Textarea)
    photos = forms.FileField(label=_("拍张照"), required=False)
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WillHelpForm(forms.Form):
    """可以帮: how, and the day one comes if it is known."""

    words = forms.CharField(label=_("怎么帮"), required=False, strip=False, widget=forms.Textarea)
    comes_on = forms.DateField(
        label=_("哪天来"), required=False, widget=DAY, error_messages={"invalid": _("请选一个日子，没定就空着。")}
    )
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "will_%s", **kwargs})


class WhyForm(forms.Form):
    """退回, or 帮不了: a sentence why."""

    why = forms.CharField(label=_("为什么"), required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SeatForm(forms.Form):
    """Who is to take the seat (交接), or to be the second liaison; the service decides."""

    name = forms.CharField(label=_("姓名"), required=False, max_length=30)
    phone = forms.CharField(
        label=_("手机"), required=False, max_length=30, help_text=_("发一条短信，点开链接就能答复；以后用它登录")
    )
    title = forms.CharField(label=_("职务"), required=False, max_length=40)
    starts_on = forms.DateField(label=_("从哪天起"), required=False, widget=DAY)
    words = forms.CharField(label=_("交接的话"), required=False, strip=False, max_length=300, widget=forms.Textarea)

    def __init__(self, *args: Any, what: str = SECOND, **kwargs: Any) -> None:
        self.what = HAND_OVER if what == HAND_OVER else SECOND
        super().__init__(*args, **{"auto_id": f"{self.what}_%s", **kwargs})
