"""Residents' stories: the words, the consent, why one is taken down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from projects.states import ConsentHow
from resources.forms.acts import ActForm, NearDay


class WordsForm(ActForm):
    """What the resident says."""

    called = forms.CharField(label=_("怎么称呼"), required=False, help_text=_("称呼，不写姓名，例如：汤大伯"))
    title = forms.CharField(label=_("标题"), required=False, help_text=_("例如：下楼不用人背了"))
    words = forms.CharField(
        label=_("故事"),
        required=False,
        strip=False,
        help_text=_("照本人说的写。病情、住址、家里的事，本人不想说的不写。"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))


class StoryForm(WordsForm):
    """写故事."""

    project = forms.ChoiceField(label=_("关于哪个项目"), error_messages={"required": _("请选一个项目。")})
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    field_order = ("project", "called", "title", "words", "seen_warnings")

    def __init__(self, *args: Any, projects: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.choices = [("", "——"), *((str(pk), name) for pk, name in projects)]

    def groups(self) -> list[tuple[str, list[Any]]]:
        """As the page shows them; the tick only beside a warning."""
        tick = self["seen_warnings"]
        shown = [one for one in self.visible_fields() if one.name != "seen_warnings" or tick.errors or tick.value()]
        return [(str(_("故事")), shown)]


class ConsentForm(ActForm):
    """登记同意."""

    on = NearDay(label=_("哪天同意的"), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("怎么同意的"), choices=ConsentHow.choices, widget=forms.RadioSelect)
    kept = forms.CharField(
        label=_("凭据在哪里"), required=False, help_text=_("例如：同意书，社区档案柜；或者哪两位在场")
    )
