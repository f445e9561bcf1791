"""What is said about patrol sections. No message carries what somebody wrote: that stands on the page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.messages import MessageClass
from volunteers.models import Section

SAMPLE = {"name": _("百尺溪东段"), "number": "ZR-CX-20261121-0003"}
NAME = frozenset({"name"})


class SectionTaken(MessageClass):
    """Somebody claimed it."""

    label = _("告诉社区责任段有人认领")
    title = _("“%(name)s”有人认领了")
    body = _("编号%(number)s。谁认领的，点开看。")
    sample = SAMPLE
    must = NAME


class SectionFree(MessageClass):
    """It was given back."""

    label = _("告诉社区责任段退回了")
    title = _("“%(name)s”退回了，等人认领")
    body = _("编号%(number)s。为什么，点开看。")
    sample = SAMPLE
    must = NAME


class SectionFound(MessageClass):
    """Something was found on a walk."""

    label = _("告诉社区巡查发现问题")
    title = _("“%(name)s”巡查发现问题，请看看")
    body = _("编号%(number)s。看到什么，点开看；办了请答复一句。")
    sample = SAMPLE
    must = NAME


class SectionAnswered(MessageClass):
    """The office has answered."""

    label = _("告诉巡查的人社区答复了")
    title = _("“%(name)s”您报的问题，社区答复了")
    body = _("编号%(number)s。怎么办，点开看。")
    sample = SAMPLE
    must = NAME


class SectionThanked(MessageClass):
    """The turn is over."""

    label = _("谢谢巡查的人：这一期满了")
    title = _("“%(name)s”这一期满了，谢谢您")
    body = _("编号%(number)s。还想接着巡的，可以再认领。")
    sample = SAMPLE
    must = NAME


def of_section(kind: type[MessageClass], row: Section, *, at_office: bool = False) -> MessageClass:
    """The message ``kind`` about a section, leading to the page of the workbench or to the public one."""
    page = "admin:volunteers_section_change" if at_office else "volunteers:section"
    return kind(
        params={"name": row.name, "number": row.number},
        area_code=row.area_id,
        subject_label=row.number,
        url=reverse(page, args=[row.pk]),
    )
