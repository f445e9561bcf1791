"""Pictures of a day: which, and who is to be seen on them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.forms.activities import BareForm
from volunteers.services.photos import People

MOST = 400


class PeopleForm(BareForm):
    """Who is on a picture. ``posted``: what the page sent, for ``people``."""

    nobody = forms.BooleanField(label=_("没有认得出的人（背影、远景、只有东西）"), required=False)
    who = forms.CharField(label=_("照片上有谁"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def ticked(self) -> People:
        """By sign-up: whether the children, too; empty while nothing was sent."""
        data: Any = self.data
        if not self.is_bound:
            return {}
        found = {name: set(_numbers(data.getlist(name))) for name in ("who", "children")}
        return {pk: pk in found["children"] for pk in found["who"] | found["children"]}


def _numbers(typed: list[str]) -> list[int]:
    return [int(one) for one in typed[:MOST] if one.isascii() and one.isdecimal() and len(one) < 18]


class PhotosForm(PeopleForm):
    """New pictures. ``hold_key`` keeps those of a refused form."""

    photos = forms.FileField(label=_("照片"), required=False)
    caption = forms.CharField(label=_("说明"), required=False, help_text=_("大家都看得到，不写姓名"))
    hold_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class AgreeForm(BareForm):
    """可以有我. ``children``: whether the person brings any, or is a child."""

    guardian = forms.BooleanField(label=_("我是监护人，孩子也可以"), required=False)

    def __init__(self, *args: Any, children: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not children:
            del self.fields["guardian"]
