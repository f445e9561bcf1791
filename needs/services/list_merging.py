"""Two rows of one unit become one: its lists, and the needs it asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.services.journal import Journal
from needs.models import ListLine, Need, UnitLists


def merge_lists(journal: Journal) -> None:
    """The gone unit's needs and lists are the kept one's; where both wrote in one round, the lines move over."""
    asked = journal.hold(Need.objects.filter(asker=journal.gone))
    for need in asked:
        journal.change(need, asker_id=journal.kept.pk)
    journal.count(_("单位提出的需求"), len(asked))
    theirs = {row.round_id: row for row in journal.hold(UnitLists.objects.filter(unit=journal.kept))}
    gone = journal.hold(UnitLists.objects.filter(unit=journal.gone))
    journal.move(_("填报"), [row for row in gone if row.round_id not in theirs])
    for row in gone:
        if row.round_id in theirs:
            lines = journal.hold(ListLine.objects.filter(lists=row, copied_from__isnull=True))
            for line in lines:
                journal.change(line, lists_id=theirs[row.round_id].pk)
            journal.count(_("清单条目"), len(lines))
