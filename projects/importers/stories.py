"""Residents' stories from a table: written as if typed in, agreed to and shown on their pages; what stands stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.importing import ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.public_text import Warned
from alliance.lib.text import clean, fold
from members.importers.common import Wrong
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.models import Project, Story
from projects.services.stories import MOST, checked_story, take_down_story, write_story

COLUMNS = (
    Column("project", gettext_lazy("项目编号"), required=True, as_text=True, example="XM-CX-20261123-0001", most=40),
    Column(
        "called",
        gettext_lazy("怎么称呼"),
        required=True,
        help=gettext_lazy("不写姓名"),
        example=gettext_lazy("汤大伯"),
        most=MOST["called"],
    ),
    Column("title", gettext_lazy("标题"), required=True, example=gettext_lazy("下楼不用人背了"), most=MOST["title"]),
    Column(
        "words",
        gettext_lazy("故事"),
        required=True,
        help=gettext_lazy("照本人说的写。病情、住址、家里的事，本人不想说的不写。"),
        most=MOST["words"],
    ),
)


def _number(row: Row) -> str:
    return clean(row.get("project", "")).upper()


def _natural(row: Row) -> Sequence[str]:
    return [f"{fold(_number(row))}/{fold(row.get('title', ''))}"]


def _typed(row: Row) -> dict[str, str]:
    return {name: clean(row.get(name, "")) for name in ("called", "title", "words")}


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        numbers = {_number(row) for row in rows}
        there = Project.objects.filter(street_code=place.area.code[:STREET_LENGTH], number__in=numbers)
        self.projects = {one.number: one for one in there}
        written = Story.objects.filter(project__in=there, title__in={_typed(row)["title"] for row in rows} - {""})
        self.stories = {(one.project_id, one.title): one for one in written.order_by("-pk")}

    def story(self, row: Row) -> Story | None:
        project = self.projects.get(_number(row))
        return self.stories.get((project.pk, _typed(row)["title"])) if project else None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    return [_plan(row, known) for row in rows]


def _plan(row: Row, known: _Known) -> Plan:
    title = _typed(row)["title"]
    if wrong := _wrong(row, known):
        return Plan(ERROR, title, errors=[wrong])
    return Plan(SAME if known.story(row) else NEW, title)


def _wrong(row: Row, known: _Known) -> Wrong | None:
    if known.projects.get(_number(row)) is None:
        return "project", _("本街道没有“%(value)s”这个项目。") % {"value": _number(row)[:20]}
    try:
        said = checked_story(**_typed(row))
    except Warned as error:
        return "words", str(error.fields["seen_warnings"][0])
    except Invalid as error:
        key, texts = next(iter(error.fields.items()))
        return key, str(texts[0])
    there = known.story(row)
    if there is not None and (there.called, there.words) != (said["called"], said["words"]):
        return "title", _("这个项目已经有一篇“%(value)s”，导入不改。要改，请到那一篇里改。") % {"value": there.title}
    return None


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    if wrong := _wrong(row, known):
        raise Invalid({wrong[0]: [wrong[1]]})
    if there := known.story(row):
        return Applied(str(there.pk), {"version": 0})
    project = known.projects[_number(row)]
    made = write_story(project=project.pk, client_key=uuid4(), by=place.by, **_typed(row))
    return Applied(str(made.pk), {"version": made.version})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: it is taken down, its words are gone; what had been there before stays."""
    if not before["version"]:
        return None
    try:
        take_down_story(pk=int(subject), by=place.by, version=before["version"], words=_("导入撤销了"))
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return _("撤下了，故事已经清空。")


STORIES = ImportKind(
    "project-stories",
    label=gettext_lazy("居民故事"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_story_change", args=[subject]),
    order=53,
    help=[
        gettext_lazy("一行是一篇，导入的没有展示：请本人看过、登记了同意，再展示。"),
        gettext_lazy("同一个项目、同样标题的认作同一篇，导入不改。"),
    ],
)
