"""Asking somebody to take a seat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import DAY
from members.models import Liaison, SeatOffer
from members.services.seat_offers import LASTS


class SeatOfferForm(forms.ModelForm):
    phone = forms.CharField(
        label=_("手机"),
        max_length=30,
        help_text=format_lazy(_("发一条短信，{days}天内点开链接答复。加密保存，答复以后就删去"), days=LASTS.days),
    )

    class Meta:
        model = SeatOffer
        fields = ("unit", "hands_over", "name", "phone", "title", "is_second", "starts_on", "words")
        widgets = {"starts_on": DAY, "words": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "hands_over": _("对方接任的那天，原来的联络员卸任"),
            "is_second": _("交接的不用选，跟原来的席位一样"),
        }

    def clean(self) -> dict[str, Any]:
        """A seat is handed over within its unit."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        seat, unit = typed.get("hands_over"), typed.get("unit")
        if seat is not None and unit is not None and seat.unit_id != unit.pk:
            words = _("要接的席位是“%(unit)s”的。单位请选它，或者不选“接谁的”。") % {"unit": seat.unit}
            self.add_error("unit", words)
        return typed

    def _get_validation_exclusions(self) -> set[str]:
        # One open offer per seat is the service's to judge: one that expired is in nobody's way.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"unit"}


def chosen_seat(user: Any, typed: str) -> Liaison | None:
    """The seat of an address's ``?hands_over=``, if the person sees it."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    seat: Liaison | None = Liaison.objects.visible_to(user).filter(pk=typed, ends_on__isnull=True).first()
    return seat
