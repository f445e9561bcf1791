"""Wordings as the workbench shows them: by message, with own ones marked, and filled in to look at."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from alliance.lib.errors import Invalid
from notifications.channels import signed
from notifications.messages import MessageClass, message_classes, source_text
from notifications.models import MessageText
from notifications.services import check_text, filled, find_part, sms_count
from notifications.states import LONGEST, Part


def rules() -> list[dict[str, Any]]:
    """Every message with its parts; by app and name, so that what belongs together stands together."""
    own = {(row.rule, row.part): row for row in MessageText.objects.select_related("changed_by")}
    return [_rule(declared, own) for declared in message_classes()]


def _rule(declared: type[MessageClass], own: dict[tuple[str, str], MessageText]) -> dict[str, Any]:
    parts = []
    for part, default in declared.parts().items():
        row = own.get((declared.rule, part))
        parts.append(
            {
                "label": part.label,
                "text": _readable(declared, part, row.text if row else source_text(default)),
                "own": row,
                "url": reverse("admin:notifications_messagetext_change", args=[declared.rule, part]),
            }
        )
    return {"label": declared.label, "channels": [channel.label for channel in declared.channels], "parts": parts}


def _readable(declared: type[MessageClass], part: Part, text: str) -> str:
    """``text`` as it is received; as it is written if it no longer fits."""
    try:
        return filled(declared, part, text)
    except (KeyError, TypeError, ValueError):
        return text


def wording(rule: str, part: str) -> dict[str, Any]:
    """One wording with all that is needed to change it. Raises ``NotFound``."""
    declared, which = find_part(rule, part)
    row = MessageText.objects.filter(rule=rule, part=which).select_related("changed_by").first()
    default = source_text(declared.parts()[which])
    required = declared.required(which)
    return {
        "declared": declared,
        "part": which,
        "label": declared.label,
        "part_label": which.label,
        "default": default,
        "text": row.text if row else default,
        "version": row.version if row else 0,
        "own": row,
        "longest": LONGEST[which],
        "variables": [
            {"sign": f"%({name})s", "sample": source_text(declared.sample[name]), "must": name in required}
            for name in sorted(declared.usable(which), key=list(declared.sample).index)
        ],
        "url": reverse("admin:notifications_messagetext_change", args=[rule, part]),
        "preview_url": reverse("admin:notifications_messagetext_preview", args=[rule, part]),
        "list_url": reverse("admin:notifications_messagetext_changelist"),
    }


def preview(declared: type[MessageClass], part: Part, text: str) -> dict[str, Any]:
    """``text`` filled with samples, or what is wrong with it; how long it is, and how many text messages."""
    try:
        shown = filled(declared, part, check_text(declared, part, text))
    except Invalid as error:
        return {"wrong": error.fields.get("text", [])}
    facts = {"shown": shown, "length": len(shown), "longest": LONGEST[part], "sms": 0}
    return {**facts, "shown": signed(shown), "sms": sms_count(shown)} if part == Part.SMS else facts
