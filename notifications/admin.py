"""Deliveries for system administrators: what became of messages, not what they said."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ScopedAdmin
from notifications.messages import label_of
from notifications.models import Message
from notifications.permissions import message_abilities


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    """Read-only."""

    abilities = staticmethod(message_abilities)
    list_display = ("created_at", "kind", "channel", "subject_label", "state", "reason_text", "attempts")
    list_filter = ("state", "channel")
    ordering = ("-created_at", "-id")
    fields = (
        ("kind", "occurrence"),
        ("channel", "state"),
        "subject_label",
        ("attempts", "reason_text", "provider_id"),
        ("created_at", "not_before", "expires_at", "sent_at", "read_at"),
    )
    readonly_fields = ("kind", "reason_text")

    @admin.display(description=_("消息"), ordering="rule")
    def kind(self, row: Message) -> str:
        return label_of(row)

    @admin.display(description=_("原因"))
    def reason_text(self, row: Message) -> str:
        return row.reason
