"""约场地: which day, which room."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.lib.seen import SeenField
from resources.forms.acts import ActForm
from resources.presenting.halls import hall_named


class VenueForm(ActForm):
    """``slots``: pairs of key and words; ``halls``: rooms with ``capacity``."""

    slot = forms.TypedChoiceField(label=_("哪一场"), coerce=int)
    resource = forms.TypedChoiceField(label=_("哪里"), coerce=int, error_messages={"required": _("请选一处场地。")})
    people = forms.IntegerField(label=_("大约几个人"), required=False, min_value=1)
    seen_warnings = SeenField(label=_("再看一眼"), required=False, help_text=_("我看过了，就这样写"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, slots: Any = (), halls: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slot: Any = self.fields["slot"]
        slot.choices = slots
        resource: Any = self.fields["resource"]
        resource.choices = [("", _("请选")), *((one.pk, hall_named(one)) for one in halls)]
