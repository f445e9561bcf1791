"""Minutes by revision, their first words, and the sheet to sign."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from files import services as files
from meetings.models import Invitee, Meeting, Minutes
from meetings.presenting import words
from meetings.services.minutes import PAPER, latest_revision

PICTURE = "image/"
SPARE = 6
"""Empty lines at the end of the sheet, for whoever comes besides."""


def revisions(row: Meeting, *, address: str = "admin:meetings_meeting_paper") -> list[dict[str, Any]]:
    """The newest first: ``{row, when, files [{name, url, is_picture}]}``; ``address``: where a paper is read."""
    found = list(Minutes.objects.filter(meeting=row).select_related("by").order_by("-revision"))
    kept = files.attachments_of(PAPER, [str(one.pk) for one in found if one.has_paper])
    return [{"row": one, "when": moment(one.at), "files": _files(row, one, kept, address)} for one in found]


def _files(row: Meeting, one: Minutes, kept: dict[str, Any], address: str) -> list[dict[str, Any]]:
    return [
        {
            "name": file.name,
            "url": reverse(address, args=[row.pk, one.pk, file.pk]),
            "is_picture": file.content_type.startswith(PICTURE),
            "size": file.size,
        }
        for file in kept.get(str(one.pk), [])
    ]


def first_words(row: Meeting) -> dict[str, Any]:
    """What the form shows: the last revision, or what is known without anybody's typing."""
    last = latest_revision(row)
    text = row.minutes.get(revision=last).text if last else drafted(row)
    return {"base": last, "text": text}


def drafted(row: Meeting) -> str:
    """When, where, which units and offices were there, what came of each point. People are not named."""
    there = Invitee.objects.asked().filter(meeting=row, present_at__isnull=False).select_related("unit", "office")
    rows = list(there.order_by("pk"))
    named = [str(one.unit or one.office) for one in rows if one.unit_id or one.office_id]
    others = len(rows) - len(named)
    lines = [
        _("时间：%(when)s") % {"when": words.plainly(row)},
        _("地点：%(place)s") % {"place": row.place},
        _("召集：%(who)s") % {"who": words.host_of(row)},
    ]
    if named or others:
        who = [*named, *([_("另外%(n)d人") % {"n": others}] if others else [])]
        lines.append(_("到会：%(who)s") % {"who": str(_("、")).join(who)})
    for place, item in enumerate(row.agenda.all(), 1):
        lines += ["", f"{place}. {item.title}", item.result or _("（结果）")]
    actions = list(row.actions.select_related("unit", "office").order_by("due_on", "pk"))
    if actions:
        lines += ["", _("商定：")]
        lines += [
            _("%(what)s（%(who)s，%(day)s前）")
            % {"what": one.what, "who": words.doer_of(one), "day": day_of(one.due_on)}
            for one in actions
        ]
    return "\n".join(lines)


def sheet(row: Meeting) -> dict[str, Any]:
    """For the sheet to print: who is expected, in the order of the list."""
    rows = Invitee.objects.asked().filter(meeting=row).select_related("unit", "office", "user").order_by("pk")
    return {
        **wall(row),
        "rows": [{"name": one.label, "role": one.role, "who": one.stand_in} for one in rows],
        "spare": range(SPARE),
    }


def wall(row: Meeting) -> dict[str, Any]:
    return {"title": row.title, "meeting": row, "when": words.plainly(row), "host": words.host_of(row)}
