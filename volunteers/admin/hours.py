"""报志愿浙江 in the workbench: a list to look at and to take along. Hours are confirmed and put right elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from people.lists import ListedAdmin
from volunteers.listings.hours import HOURS
from volunteers.models import Hours
from volunteers.permissions.people import hours_abilities


@admin.register(Hours)
class HoursAdmin(ListedAdmin):
    listing = HOURS
    abilities = staticmethod(hours_abilities)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("", wrap(self.changelist_view), name="volunteers_hours_changelist")]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []
