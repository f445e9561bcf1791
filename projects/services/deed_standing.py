"""How far a livelihood item has come before it is published, and what it still wants before it is cleared."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken, Text
from projects.models import Deed, DeedRecord
from projects.states import DeedState, DeedVerb

SCREENED, ARGUED, REFUSED = "screened", "argued", "refused"
STAGES: dict[str, Text] = {SCREENED: _("初筛通过"), ARGUED: _("论证过"), REFUSED: _("初筛没过")}
WHOLE = 100
TESTS = ("for_all", "doable", "countable")


def stages_of(deeds: Iterable[Deed]) -> dict[int, list[str]]:
    """By item what counts for it as it now reads: what was found out before it was last changed counts no more."""
    found: dict[int, list[str]] = {deed.pk: [] for deed in deeds}
    verbs = (DeedVerb.PROPOSE, DeedVerb.EDIT, DeedVerb.SCREEN, DeedVerb.ARGUE)
    for record in DeedRecord.objects.filter(deed__in=list(found), verb__in=verbs).order_by("pk"):
        there = found[record.deed_id]
        if record.verb in (DeedVerb.PROPOSE, DeedVerb.EDIT):
            there.clear()
        elif record.verb == DeedVerb.ARGUE:
            found[record.deed_id] = [*(one for one in there if one != ARGUED), ARGUED]
        else:
            passed = all(record.params.get(name) for name in TESTS)
            rest = [one for one in there if one == ARGUED]
            found[record.deed_id] = [SCREENED if passed else REFUSED, *rest]
    return found


def is_ready(stages: Iterable[str]) -> bool:
    """Whether it can be published."""
    return {SCREENED, ARGUED} <= set(stages)


def require_screened(deed: Deed) -> None:
    """Passed 初筛 as it now reads. Raises ``RuleBroken``."""
    if SCREENED not in stages_of([deed])[deed.pk]:
        raise RuleBroken(_("“%(name)s”还没有通过初筛（普惠、可行、可量化）。") % {"name": deed.name})


def require_whole(deed: Deed) -> None:
    """Reported as wholly done: only then can the whole be looked at. Raises ``RuleBroken``."""
    if deed.percent < WHOLE:
        said = {"n": deed.percent}
        raise RuleBroken(_("进度到了%(n)d%%。报到100%%以后，再验收、问满意度。") % said)


def noted_since_done(deed: Deed) -> set[str]:
    """验收 and 满意度 count once it was reported as wholly done: what was looked at before was not the whole."""
    verbs = (DeedVerb.REPORT, DeedVerb.ACCEPT, DeedVerb.ASK)
    done, found = False, set()
    for verb, params in deed.records.filter(verb__in=verbs).order_by("pk").values_list("verb", "params"):
        if verb == DeedVerb.REPORT:
            done = done or params.get("percent") == WHOLE
        elif done:
            found.add(verb)
    return found


def wanting(deed: Deed) -> list[Text]:
    """What a published item still wants before 销号."""
    if deed.state != DeedState.PUBLISHED:
        return []
    found: list[Text] = []
    noted = noted_since_done(deed)
    if deed.percent < WHOLE:
        found.append(_("进度到100%"))
    if DeedVerb.ACCEPT not in noted:
        found.append(_("验收"))
    if deed.satisfaction is None or DeedVerb.ASK not in noted:
        found.append(_("满意度"))
    return found
