"""Step 3 of giving something: when it is open, and on what conditions one books it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resources.forms.acts import HoursForm
from resources.forms.resource import BUFFERS, LONGEST
from resources.models import Resource
from resources.services.hours import weekly
from resources.services.refusals import length_in_words
from resources.states import Form, ResourceState

ALWAYS, WEEKLY = "always", "week"
RULES = ("asks_first", "longest_minutes", "buffer_minutes", "ahead_days", "cancel_hours", "most_a_month")


class TermsForm(HoursForm):
    """The week and the rules on one form; what has a usual answer stands on it."""

    open = forms.ChoiceField(
        label=_("什么时候开放"), widget=forms.RadioSelect, error_messages={"required": _("请选一个。")}
    )
    asks_first = forms.TypedChoiceField(
        label=_("先问，还是直接约"),
        choices=[("yes", _("先问我们，同意了才算约好")), ("no", _("空着就能约，不用问"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    longest_minutes = forms.TypedChoiceField(label=_("一次最长"), coerce=int)
    buffer_minutes = forms.TypedChoiceField(label=_("两次之间，前后各留"), coerce=int)
    ahead_days = forms.IntegerField(label=_("最早提前几天约"))
    cancel_hours = forms.IntegerField(label=_("取消要提前几小时"))
    most_a_month = forms.IntegerField(label=_("一家每月最多几次"), required=False)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        own = list(resource.openings.all())
        first = {name: getattr(resource, name) for name in (*RULES, "version")}
        first |= {"asks_first": "yes" if resource.asks_first else "no", "open": _stands(resource, bool(own))}
        super().__init__(*args, **{"hours": own or weekly(resource), "initial": first, **kwargs})
        fields: Any = self.fields
        fields["open"].choices = [(ALWAYS, _always(resource)), (WEEKLY, _("按时间开放"))]
        fields["longest_minutes"].choices = _of_choices(LONGEST, resource.longest_minutes)
        fields["buffer_minutes"].choices = _of_choices(BUFFERS, resource.buffer_minutes)
        walked = resource.kind.form == Form.WALK_IN
        self.order_fields(["open", "day1", "same", *(f"day{number}" for number in range(2, 8))])
        for name in RULES if walked else ("buffer_minutes",) if resource.kind.form == Form.PIECES else ():
            del fields[name]

    def week(self) -> list[Any]:
        """The lines of the days."""
        return [self[name] for name in self.fields if name == "same" or name.startswith("day")]

    def clean(self) -> dict[str, Any]:
        """``spans``, empty where it is always open, and the rules."""
        found = dict(self.cleaned_data)
        if found.get("open") != WEEKLY:
            return {**found, "spans": []}
        found |= super().clean()
        if not found["spans"] and not any(name.startswith("day") for name in self.errors):
            self.add_error("day1", _("请写哪天几点开放。"))
        return found

    def given(self) -> dict[str, Any]:
        kept = self.cleaned_data
        return {"spans": kept["spans"], **{name: kept[name] for name in RULES if name in self.fields}}


def _stands(resource: Resource, has_own: bool) -> str:
    """What is chosen; of a new one nothing, so that nobody opens a hall day and night by leaving it."""
    if has_own:
        return WEEKLY
    is_new = resource.state == ResourceState.TO_APPROVE and resource.within is None
    return "" if is_new else ALWAYS


def _always(resource: Resource) -> Any:
    if resource.within is not None:
        return _("跟着“%(station)s”") % {"station": resource.within.name}
    return _("全天都开") if resource.kind.form == Form.WALK_IN else _("随时可以约")


def _of_choices(usual: tuple[Any, ...], now: int) -> list[Any]:
    known = [number for number, _label in usual]
    odd = [] if now in known else [(now, length_in_words(now))]
    return [*usual, *odd]
