"""A topic as a colleague raises it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from meetings.forms.acts import line
from meetings.forms.parties import street_units, unit_field
from people.models import Area
from people.querysets import within
from people.states import WORK_ROLES, Level


class TopicForm(forms.Form):
    """提议题: where, what, why, and for which unit where it is a unit's."""

    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("哪里的会"),
        empty_label=_("请选"),
        error_messages={"required": _("请选哪个街道或社区的会。")},
    )
    title = forms.CharField(
        label=_("议什么"), required=False, help_text=_("例如：非机动车停放和充电；参会的都看得到，不写个人的姓名和住址")
    )
    words_why = line(_("为什么"), _("只有同事和提出的单位看得到"), 3)
    unit = unit_field(_("替哪家单位提"), empty_label=_("不是单位提的"))
    origin = forms.CharField(label=_("从哪件事来"), required=False, help_text=_("诉求的编号；没有的不填"))
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        own = within(user.areas_of(*WORK_ROLES), area="code", street="")
        rows = Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")
        fields["area"].queryset = rows
        codes = list(rows.values_list("pk", flat=True))
        fields["unit"].queryset = street_units(codes)
        if len(codes) == 1:
            fields["area"].initial = codes[0]

    def groups(self) -> list[tuple[Any, list[Any]]]:
        fields = [self[name] for name in ("area", "title", "words_why", "unit", "origin")]
        if self["seen_warnings"].errors or self["seen_warnings"].value():
            fields.append(self["seen_warnings"])
        return [(_("议题"), fields)]
