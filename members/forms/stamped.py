"""Forms that say what stood there when they were opened; a stale one comes back with both versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib.text import clean
from members.services.stamps import stamp_of


class StampedForm(forms.ModelForm):
    """``stamped``: the fields that its service looks at. An empty stamp agrees with nothing."""

    stamped: Sequence[str] = ()
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["seen"] = stamp_of(self.instance, self.stamped)


def with_both_sides(form: type[StampedForm]) -> type[StampedForm]:
    """``form`` as it comes back when somebody was faster: what was typed, beside it what stands there now, and the
    newest stamp, so that saving again is a decision."""

    class BothSides(form):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.standing = {name: getattr(self.instance, name) for name in self.stamped}
            if self.is_bound:
                sent: Any = args[0] if args else kwargs["data"]
                self.data = {**sent.dict(), self.add_prefix("seen"): stamp_of(self.instance, self.stamped)}

        def full_clean(self) -> None:
            super().full_clean()
            for name, value in self.standing.items():
                if name in self.cleaned_data and _plain(self.cleaned_data[name]) != _plain(value):
                    self.add_error(name, _("现在是：%(value)s") % {"value": in_words(value)})

    return BothSides


def _plain(value: Any) -> Any:
    """As it would be kept: a browser sends other line ends than stand there."""
    return clean(value) if isinstance(value, str) else value or ""


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if hasattr(value, "isoformat"):
        return date_format(value)
    return str(value) if value not in (None, "") else _("（空）")
