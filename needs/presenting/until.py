"""Until when, as a resident reads it: when somebody takes it up or calls, and when there will be an answer.

One source for the need's own page and for its line among one's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from needs import wording
from needs.models import Need
from needs.states import Office, State


@dataclass(frozen=True)
class Until:
    """``label`` and ``value`` stand on the need's page, ``short`` in one line of a list."""

    label: str
    value: str
    short: str


def untils(need: Need, ends: datetime | None) -> list[Until]:
    """What is promised of ``need``, which is open: the next step (it ends at ``ends``), and the answer.

    A promise stands while the need waits at another desk. Empty where no day is promised.
    """
    promised = _answer(need)
    begun = need.state != State.PENDING or (ends is None and promised is not None)
    return [*([] if begun else [_next_step(need, ends)]), *([promised] if promised else [])]


def _answer(need: Need) -> Until | None:
    said = wording.until(need)
    if not said or need.promised is None:
        return None
    late = need.promised < timezone.localdate()
    if need.first_reply_at:
        short = _("原定%(day)s前办好，晚了，对不起") if late else _("预计%(day)s前办好")
        return Until(_("预计哪天办好"), said, short % {"day": said})
    short = _("原定%(day)s前答复，晚了，对不起") if late else _("%(day)s前答复")
    return Until(_("哪天前答复"), said, short % {"day": said})


def _next_step(need: Need, ends: datetime | None) -> Until:
    if ends is None:
        undated = _("还没有定，着急请打电话")
        return Until(_("到什么时候"), undated, undated)
    at_leader = need.office == Office.LEADER
    label = _("哪天前打电话") if at_leader else _("最晚什么时候接手")
    when = {"when": wording.at_last(ends)}
    if ends <= timezone.now():
        late = _("原定%(when)s，晚了，对不起；着急请打电话") % when
        short = _("原定%(when)s打电话，晚了，对不起") if at_leader else _("原定%(when)s接手，晚了，对不起")
        return Until(label, late, short % when)
    short = _("最晚%(when)s打电话给您") if at_leader else _("最晚%(when)s接手")
    return Until(label, when["when"], short % when)
