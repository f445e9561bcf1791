"""文件送达 in the workbench: a list to look at and to take along. Only units tick a document off."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from members import permissions
from members.listings.receipts import RECEIPTS
from members.models import Receipt
from people.lists import ListedAdmin


@admin.register(Receipt)
class ReceiptAdmin(ListedAdmin):
    listing = RECEIPTS
    abilities = staticmethod(permissions.receipt_abilities)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("", wrap(self.changelist_view), name="members_receipt_changelist")]

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []
