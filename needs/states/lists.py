"""States of the yearly two lists and their tables of steps: a round, a unit's lists in it, one line of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.workflow import Transition, Workflow


class RoundState(models.TextChoices):
    OPEN = "open", _("填报中")
    CLOSED = "closed", _("已结束")


class ListsState(models.TextChoices):
    """How far a unit is."""

    EMPTY = "empty", _("还没填")
    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已提交")


class LineState(models.TextChoices):
    """One line. What became of something given is read from its resource."""

    DRAFT = "draft", _("草稿")
    SENT = "sent", _("已提交")
    TAKEN = "taken", _("已采纳")
    NOT_TAKEN = "not_taken", _("没有采纳")
    TAKEN_BACK = "taken_back", _("已收回")


class ListSide(models.TextChoices):
    GIVE = "give", _("服务清单")
    NEED = "need", _("需求清单")


class ListsParty(models.TextChoices):
    UNIT = "unit", _("单位")
    KEEPER = "keeper", _("管联盟的人")


class ListVerb(models.TextChoices):
    """Everything that can happen to a round, to a unit's lists and to a line."""

    OPEN = "open", _("开始填报")
    CHANGE = "change", _("修改")
    CLOSE = "close", _("结束填报")
    REOPEN = "reopen", _("再开放")
    REMIND = "remind", _("催一下")
    SAVE = "save", _("存草稿")
    SEND = "send", _("提交")
    TAKE_BACK = "take_back", _("收回")
    TAKE = "take", _("采纳")
    LEAVE = "leave", _("不采纳")


_Rows = Iterable[tuple[ListVerb, str, str]]


def _table(initial: str, final: Iterable[str], party: dict[ListVerb, ListsParty], rows: _Rows) -> Workflow:
    steps = [
        Transition(verb=verb, source=source, target=target, actors=frozenset({party[verb]}), label=verb.label)
        for verb, source, target in rows
    ]
    return Workflow(initial=initial, final=final, transitions=steps)


_BY = {
    **dict.fromkeys(ListVerb, ListsParty.KEEPER),
    **dict.fromkeys((ListVerb.SAVE, ListVerb.SEND, ListVerb.TAKE_BACK), ListsParty.UNIT),
}

ROUND_WORKFLOW = _table(
    RoundState.OPEN,
    [],
    _BY,
    [
        (ListVerb.CHANGE, RoundState.OPEN, RoundState.OPEN),
        (ListVerb.REMIND, RoundState.OPEN, RoundState.OPEN),
        (ListVerb.CLOSE, RoundState.OPEN, RoundState.CLOSED),
        (ListVerb.REOPEN, RoundState.CLOSED, RoundState.OPEN),
    ],
)
LISTS_WORKFLOW = _table(
    ListsState.EMPTY,
    [],
    _BY,
    [
        (ListVerb.SAVE, ListsState.EMPTY, ListsState.DRAFT),
        (ListVerb.SAVE, ListsState.DRAFT, ListsState.DRAFT),
        # What was sent stays; a further line is a draft beside it.
        (ListVerb.SAVE, ListsState.SENT, ListsState.SENT),
        *((ListVerb.SEND, source, ListsState.SENT) for source in ListsState),
    ],
)
LINE_WORKFLOW = _table(
    LineState.DRAFT,
    [LineState.TAKEN, LineState.NOT_TAKEN, LineState.TAKEN_BACK],
    _BY,
    [
        (ListVerb.SEND, LineState.DRAFT, LineState.SENT),
        (ListVerb.TAKE_BACK, LineState.SENT, LineState.TAKEN_BACK),
        (ListVerb.TAKE, LineState.SENT, LineState.TAKEN),
        (ListVerb.LEAVE, LineState.SENT, LineState.NOT_TAKEN),
    ],
)
