"""行动项 in the workbench: what was resolved, until it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of
from meetings.admin.pages import RowPages, fact
from meetings.forms.acts import ActionEditForm, ClearForm, ReopenForm, SaidForm
from meetings.listings.following import ACTIONS
from meetings.models import ActionItem
from meetings.permissions import action_abilities
from meetings.presenting import words
from meetings.services.actions import clear_action, edit_action, reopen_action, report_action
from meetings.states import ActionVerb, Hand
from members.permissions import keeps_place
from people.models import User
from resources.admin.acts import Act, simply


def _now(row: ActionItem, user: User) -> dict[str, Any]:
    first = {"unit": row.unit_id, "office": row.office_id or "", "due_on": row.due_on}
    return {"area": row.area_id, "initial": first}


ACTS = (
    Act(
        name="report",
        verb=ActionVerb.REPORT,
        label=gettext_lazy("报办理情况"),
        take=simply(report_action),
        done=gettext_lazy("报好了。"),
        form=SaidForm,
        fits=lambda row, user: row.office_id is not None,
    ),
    Act(
        name="clear",
        verb=ActionVerb.CLEAR,
        label=gettext_lazy("销号"),
        take=simply(clear_action),
        done=gettext_lazy("销号了。"),
        form=ClearForm,
        tone="main",
        unfolded=True,
        arguments=lambda row, user: {"initial": {"how": row.said}},
    ),
    Act(
        name="postpone",
        verb=ActionVerb.EDIT,
        label=gettext_lazy("另定期限或责任单位"),
        take=simply(edit_action),
        done=gettext_lazy("改好了；换了责任单位的，已经告诉新的一家。"),
        form=ActionEditForm,
        hint=gettext_lazy("原定的日子留着，大家看得到延后了几天。"),
        arguments=_now,
    ),
    Act(
        name="reopen",
        verb=ActionVerb.REOPEN,
        label=gettext_lazy("重办"),
        take=simply(reopen_action),
        done=gettext_lazy("重新打开了，已经告诉责任单位。"),
        form=ReopenForm,
    ),
)


@admin.register(ActionItem)
class ActionItemAdmin(RowPages):
    """Its own page instead of Django's form."""

    listing = ACTIONS
    abilities = staticmethod(action_abilities)
    acts = ACTS

    def rows(self, request: HttpRequest) -> Any:
        return ActionItem.objects.kept_by(request.user).select_related("area", "unit", "office", "meeting", "item")

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        own = row.office_id is not None and keeps_place(user, row.office_id)
        return super().parties(user, row) | (frozenset({Hand.DOER}) if own else frozenset())

    def sheet(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        meeting = reverse("admin:meetings_meeting_change", args=[row.meeting_id])
        return {
            "title": row.what,
            "code": "",
            "state": words.action_state(row),
            "said": row.said,
            "facts": [
                fact(_("责任单位"), words.doer_of(row)),
                fact(_("期限"), " ".join(part for part in (day_of(row.due_on), words.postponed(row)) if part)),
                fact(_("哪次会"), f"{row.meeting.title} {day_of(row.meeting.starts)}", meeting),
                *([fact(_("议程"), row.item.title)] if row.item else []),
                *([fact(_("销号日期"), day_of(row.done_on))] if row.done_on else []),
            ],
            "lists": [],
        }
