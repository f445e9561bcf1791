"""Offers of seats in the workbench: ask, send again, take back. Answers come by the link alone."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, RuleBroken
from members import permissions, services
from members.admin.base import RegisterAdmin
from members.forms.register import typed
from members.forms.seat_offers import SeatOfferForm, chosen_seat
from members.listings.seat_offers import OFFERS
from members.models import Liaison, SeatOffer
from members.services.in_hand import in_hand
from members.states import OfferState
from people.lists import ListedAdmin
from people.models import User


@admin.register(SeatOffer)
class SeatOfferAdmin(ListedAdmin, RegisterAdmin):
    listing = OFFERS
    abilities = staticmethod(permissions.seat_offer_abilities)
    form = SeatOfferForm
    entry = ("unit", "hands_over", "name", "phone", "title", "is_second", "starts_on", "words")
    shown = ("unit", "hands_over", "name", "title", "is_second", "starts_on", "words", "state_now", "answered_at")
    change_form_template = "admin/members/seatoffer/change_form.html"
    fixed = shown

    @admin.display(description=_("状态"), ordering="state")
    def state_now(self, obj: SeatOffer) -> Any:
        return OfferState.EXPIRED.label if obj.is_over else obj.get_state_display()

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        """请一位联络员."""
        return [{**action, "label": _("请一位联络员")} for action in super().list_actions(request)]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/resend/", view(self.resend), name="members_seatoffer_resend"),
            path("<int:pk>/withdraw/", view(self.withdraw), name="members_seatoffer_withdraw"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("unit", "hands_over__user", "hands_over__unit")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj is not None else self.entry

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """请一位联络员: sending a text message is no saving, and one is sent at a time."""
        said = {"title": _("请一位联络员"), "save_label": _("发短信邀请")}
        one = dict.fromkeys(("show_save_and_add_another", "show_save_and_continue"), False)
        return super().add_view(request, form_url, {**said, **one, **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From a seat's page: its unit and itself are chosen."""
        seat = chosen_seat(request.user, request.GET.get("hands_over", ""))
        initial: dict[str, Any] = {"starts_on": timezone.localdate()}
        if seat is not None:
            return {**initial, "unit": seat.unit_id, "hands_over": seat.pk}
        unit = request.GET.get("unit", "")
        return {**initial, "unit": unit} if unit.isdecimal() else initial

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "hands_over":
            rows = Liaison.objects.visible_to(request.user).filter(ends_on__isnull=True)
            kwargs["queryset"] = rows.select_related("unit", "user").order_by("unit__sorted_as", "is_second")
            kwargs["empty_label"] = _("不是交接，是新的席位")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        found = self.get_object(request, object_id)
        context: dict[str, Any] = {**(extra_context or {})}
        if found is not None:
            context["may_settle"] = found.state == OfferState.OPEN and permissions.seats_unit(request.user, found.unit)
            context["in_hand"] = in_hand(found.unit_id)
        return super().change_view(request, object_id, form_url, context)

    def add_row(self, by: User, form: ModelForm[Any]) -> SeatOffer:
        values = typed(form, *self.entry)
        unit, seat = values.pop("unit"), values.pop("hands_over") or None
        return services.offer_seat(unit_id=unit.pk, by=by, hands_over=seat.pk if seat else None, **values)

    def change_row(self, by: User, obj: SeatOffer, form: ModelForm[Any]) -> SeatOffer:
        raise RuleBroken(_("发出的邀请不能改，可以撤回再发。"))

    def response_add(self, request: HttpRequest, obj: SeatOffer, post_url_continue: str | None = None) -> HttpResponse:
        """Nothing was entered: somebody was asked, and how it stands is on the offer's page."""
        facts = {"name": obj.name, "days": (obj.expires_at - obj.created_at).days}
        messages.success(request, _("短信发给%(name)s了，%(days)d天内可以答复。") % facts)
        return redirect("admin:members_seatoffer_change", obj.pk)

    def resend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """重新发短信."""
        return self._settle(request, pk, services.resend_seat_offer, _("重新发了一条短信，以前的链接不能用了。"))

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """撤回."""
        return self._settle(request, pk, services.withdraw_seat_offer, _("撤回了，链接不能再接任。"))

    def _settle(self, request: HttpRequest, pk: int, service: Any, said: Any) -> HttpResponse:
        if request.method == "POST":
            try:
                service(pk=pk, by=cast(User, request.user))
                messages.success(request, said)
            except DomainError as error:
                if error.status != 409:
                    raise
                messages.error(request, str(error.message))
        return redirect("admin:members_seatoffer_change", pk)
