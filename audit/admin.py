"""The log on the workbench: to be read, filtered and searched; nothing can be written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from alliance.lib.admin import ScopedAdmin
from alliance.lib.text import clean, fold
from audit.models import AuditEntry, AuditSeal
from audit.permissions import audit_abilities
from people.models import User


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Searched by whoever did it (name or user name) or by the exact subject."""

    abilities = staticmethod(audit_abilities)
    list_display = ("at", "action", "actor_label", "subject", "area_code", "reason", "ip")
    list_filter = ("action", "at")
    search_fields = ("actor__name",)
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = clean(search_term)
        if not term:
            return queryset, False
        # By key, not by text: the log is big and the list of staff is small.
        actors = User.objects.filter(Q(name__contains=term) | Q(username=fold(term))).values("pk")
        return queryset.filter(Q(actor__in=actors) | Q(subject=term)), False


@admin.register(AuditSeal)
class AuditSealAdmin(ScopedAdmin):
    abilities = staticmethod(audit_abilities)
    list_display = ("sealed_at", "first", "up_to", "count", "hash")
    ordering = ("-id",)
