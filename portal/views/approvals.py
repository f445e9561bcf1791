"""待我审批: one inbox for everything that waits for this person's yes or no."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.approvals import approvals
from alliance.lib.errors import NotAllowed
from needs.presenting import span
from people.states import WORK_ROLES
from people.visitors import signed_in


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows."""
    now = timezone.now()
    rows = [{**row, "waited": _("等了%(time)s") % {"time": span(now - row["since"])}} for row in approvals(request)]
    return {**admin.site.each_context(request), "title": _("待我审批"), "rows": rows}


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits, the longest waiting first. Raises ``NotAllowed`` for those who decide nothing here."""
    if not signed_in(request).has_role(*WORK_ROLES):
        raise NotAllowed
    return TemplateResponse(request, "admin/approvals.html", context(request))
