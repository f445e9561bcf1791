"""Bookings in the workbench: the list, the page of each with the ways to go on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.errors import NotAllowed, NotFound
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from resources.admin.acts import ActViews
from resources.admin.booking_acts import ACTS
from resources.listings.bookings import BOOKINGS, TONES
from resources.models import Booking
from resources.permissions import askers, booking_abilities, booking_list_abilities
from resources.presenting import facts
from resources.presenting import staff as presenting
from resources.services.standing import WITHIN_DAYS, missed
from resources.services.subjects import Subject, subject_of_booking
from resources.states import LIVE

PAGE = "admin/resources/booking/page.html"
LOADED = ("resource__kind", "resource__area", "resource__unit", "unit", "office", "person", "by")


@admin.register(Booking)
class BookingAdmin(ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = BOOKINGS
    abilities = staticmethod(booking_list_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="resources_booking_changelist"),
            path("<int:pk>/change/", wrap(self.page), name="resources_booking_change"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return booking_abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return askers(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Booking:
        if not self.has_view_permission(request):
            raise NotAllowed
        row: Booking | None = Booking.objects.kept_by(request.user).select_related(*LOADED).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        return [{"label": _("场地日历"), "url": reverse("admin:resources_calendar"), "main": False}]

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One booking; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        events = row.events.select_related("actor").order_by("-at", "-pk")
        subject = subject_of_booking(user, row)
        context = {
            **self.admin_site.each_context(request),
            "title": row.number,
            "booking": row,
            "badge": {**facts.booking_badge(row), "tone": TONES[row.state]},  # type: ignore[index]
            "strip": presenting.booking_strip(row, user),
            "facts": self._facts(row, user, subject),
            "resource_url": reverse("admin:resources_resource_change", args=[row.resource_id]),
            "calendar_url": presenting.calendar_of(row),
            "subject": subject,
            "timeline": presenting.story(events, veiled=presenting.veiled_in(row, user)),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def _facts(self, row: Booking, user: User, subject: Subject | None) -> list[dict[str, str]]:
        """What helps to decide: for what (its number, where it cannot be opened), where, who typed it, how often they
        did not come.
        """
        who = row.by.name if row.by.is_staff or row.office_id else ""
        times = 0 if row.office_id else missed(street=row.street_code, unit=row.unit_id, person=row.person_id)
        lines = [
            (_("为哪件事"), "" if subject else row.subject_label),
            (_("在哪里"), facts.place_of(row.resource, user)),
            (_("到哪里来"), facts.where_to(row, user)),
            (_("谁点的"), who if row.person_id is None else ""),
            (_("说明情况"), row.get_appeal_display() if row.appeal else ""),
            (_("爽约"), _("最近%(days)d天%(times)d次") % {"days": WITHIN_DAYS, "times": times} if times else ""),
            (_("最晚取消"), presenting.last_day(row) if row.state in LIVE else ""),
        ]
        return [{"label": label, "text": str(text)} for label, text in lines if text]
