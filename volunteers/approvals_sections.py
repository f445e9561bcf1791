"""What walks put before whoever keeps the place (``workbench.approvals``): something was found, and nobody answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from members.states import REGISTER_ROLES
from people.models import User
from people.querysets import STREET_LENGTH, within
from people.states import COMMUNITY_ROLES
from volunteers.models import SectionNote

SOON, MOST = timedelta(days=3), 200


def _found(request: HttpRequest) -> QuerySet[SectionNote]:
    user = request.user
    if not isinstance(user, User):
        return SectionNote.objects.none()
    own = {code for code in user.areas_of(*COMMUNITY_ROLES) if len(code) > STREET_LENGTH}
    codes = set(user.areas_of(*REGISTER_ROLES)) | own
    kept = within(codes, area="section__area__code", street="section__street_code")
    return SectionNote.objects.to_answer().filter(kept).exclude(by=user).order_by("at", "pk")[:MOST]


@counted_by(lambda request: [_found(request)])
def found_on_walks(request: HttpRequest) -> list[dict[str, Any]]:
    """The longest waiting first; answered on the page of the section."""
    return [
        {
            "title": one.section.name,
            "what": _("巡查发现"),
            "who": one.section.area.name,
            "since": one.at,
            "url": reverse("admin:volunteers_section_change", args=[one.section_id]),
            "overdue": timezone.now() - one.at > SOON,
            "detail": one.words[:60],
            "number": one.section.number,
        }
        for one in _found(request).select_related("section__area")
    ]
