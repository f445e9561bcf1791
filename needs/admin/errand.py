"""Errands in the workbench: the list. What is done about one is done on its need's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from needs import permissions
from needs.listings.errands import ERRANDS
from needs.models import Errand
from people.lists import ListedAdmin


@admin.register(Errand)
class ErrandAdmin(ListedAdmin):
    """Those of one's areas: out, under way, over."""

    listing = ERRANDS

    abilities = staticmethod(permissions.errand_abilities)
    own_menu = True

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(self.changelist_view), name="needs_errand_changelist")]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What is open may be run by oneself; the way there is in the app above."""
        return [{"label": _("我来跑一趟"), "url": reverse("desk:errands"), "main": False}]
