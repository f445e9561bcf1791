"""The log on the workbench: to be read, filtered and searched; nothing can be written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ScopedAdmin
from alliance.lib.text import clean, fold
from audit.models import AuditEntry, AuditSeal
from audit.permissions import audit_abilities
from audit.presenting import details_of, name_all, subject_of
from people.models import User
from people.states import SignIn


class NamedChangeList(ChangeList):
    """A page of the log with the names of its people and areas: two queries, however many rows."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = name_all(self.result_list)


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Searched by whoever did it (name or user name) or by the exact subject."""

    abilities = staticmethod(audit_abilities)
    list_display = ("at", "action", "who", "about", "where", "reason", "ip")
    list_filter = ("action", "at")
    search_fields = ("actor__name",)
    search_help_text = _("姓名、用户名，或诉求编号")
    ordering = ("-id",)
    fields = ("at", "action", "who", "about", "where", "reason", "details", ("ip", "ip_key"))
    readonly_fields = ("who", "about", "where", "details")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamedChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry = super().get_object(request, object_id, from_field)
        return name_all([entry])[0] if entry else None

    @admin.display(description=_("操作人"), ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor_label or (str(_("居民")) if entry.actor_id else "")

    @admin.display(description=_("对象"))
    def about(self, entry: AuditEntry) -> str:
        return subject_of(entry)

    @admin.display(description=_("区域"), ordering="area_code")
    def where(self, entry: AuditEntry) -> str:
        names: dict[str, str] = getattr(entry, "area_names", {})
        return names.get(entry.area_code, entry.area_code)

    @admin.display(description=_("细节"))
    def details(self, entry: AuditEntry) -> str:
        return details_of(entry) or "—"

    who.nowrap = about.nowrap = where.nowrap = True  # type: ignore[attr-defined]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = clean(search_term)
        if not term:
            return queryset, False
        # By key, not by text: the log is big and the list of staff is small.
        named = Q(name__contains=term) | Q(username=fold(term))
        actors = User.objects.filter(named, sign_in=SignIn.PASSWORD).values("pk")
        return queryset.filter(Q(actor__in=actors) | Q(subject=term)), False


@admin.register(AuditSeal)
class AuditSealAdmin(ScopedAdmin):
    abilities = staticmethod(audit_abilities)
    list_display = ("sealed_at", "first", "up_to", "count", "hash")
    ordering = ("-id",)
