"""The signing: day, place, the sealed page. From then on the text stands (``projects/frozen.py``).

Locks: the agreement, the amendment; of a renewal the old agreement before the new one (docs/locking.md).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from files import services as files
from files.models import Attachment
from members.services.checked import EARLIEST
from people.models import User
from projects import messages
from projects.models import Agreement, Amendment, Paper
from projects.permissions import agreement_of
from projects.services import wording
from projects.services.clock_dues import follow_term
from projects.services.fields import said
from projects.services.held import P, asks_of, hold
from projects.services.people import parties_people, tell
from projects.services.sending import give_up_amendment, require_members
from projects.states import AgreementState, Answer, PaperVerb

SCANS: dict[type[Paper], str] = {Agreement: "agreement", Amendment: "amendment"}
"""Under which names the sealed pages are kept."""


@transaction.atomic
def sign_paper(
    *, of: type[P], pk: int, by: User, version: int | None, signed_on: date | None, place: str, hold_key: str = ""
) -> P:
    """签约: noted once it is signed and sealed on paper. ``hold_key``: the draft that holds the scan.

    Raises ``NotFound``, ``Conflict``, ``RuleBroken`` (not approved yet, signed already, a unit has not confirmed these
    words or is not in the alliance any more), ``NotAllowed``, ``Invalid`` (day, place).
    """
    _hold_renewed(of, pk)
    paper = hold(of, pk, by, PaperVerb.SIGN, version)
    where = said(place, "signed_place", _("请写在哪里签的。"), 60)
    if signed_on is None or not EARLIEST <= signed_on <= timezone.localdate():
        raise Invalid({"signed_on": [_("请选签约那天，不晚于今天。")]})
    _require_confirmed(paper)
    text = wording.with_signing(paper.text, on=signed_on, place=where)
    changes: dict[str, Any] = {
        "text": text,
        "sha256": wording.digest(text),
        "signed_by": by,
        "signed_at": timezone.now(),
        "signed_on": signed_on,
        "signed_place": where,
    }
    if isinstance(paper, Agreement):
        changes["runs_until"] = paper.ends_on
    paper.move_to(PaperVerb.SIGN, actor=by, changes=changes, params={"sha256": changes["sha256"]})
    _keep_scans(paper, hold_key)
    _take_effect(paper, by)
    tell(paper, messages.AgreementSigned, parties_people(agreement_of(paper)), but=by)
    return paper


def _hold_renewed(of: type[Paper], pk: int) -> None:
    """What is renewed is held before what renews it: both change with the signing."""
    if of is Agreement:
        renewed = Agreement.objects.filter(pk=pk).values_list("renews_id", flat=True).first()
        if renewed is not None:
            Agreement.objects.locked(renewed)


def _require_confirmed(paper: Paper) -> None:
    """Every party said yes to these very words, and is still there. The table asks the same."""
    agreement = agreement_of(paper)
    parties = list(agreement.parties.filter(left_on__isnull=True))
    yes = asks_of(paper).filter(turn=paper.turn, sha256=paper.asked_sha256, answer=Answer.YES, void_at__isnull=True)
    confirmed = set(yes.values_list("party_id", flat=True))
    missing = next((party for party in parties if party.pk not in confirmed), None)
    if missing is not None or not parties:
        who = missing.name if missing else agreement.theme
        raise RuleBroken(_("%(unit)s还没有确认，不能签约。") % {"unit": who})
    if wording.digest(paper.text) != paper.asked_sha256 or wording.compose(paper) != paper.text:
        raise RuleBroken(_("正文同单位确认过的不一样了，请收回重新送确认。"))
    require_members(agreement, parties)


def _take_effect(paper: Paper, by: User) -> None:
    """What was signed moves the term, or takes the place of what it renews."""
    if isinstance(paper, Amendment):
        if paper.new_ends_on is not None:
            paper.agreement.touch(runs_until=paper.new_ends_on)
            follow_term(paper.agreement)
        return
    if not isinstance(paper, Agreement):
        return
    follow_term(paper)
    if paper.renews_id is None:
        return
    old = Agreement.objects.locked(paper.renews_id)
    if old.state != AgreementState.RUNNING:
        raise RuleBroken(_("原来那份现在是“%(state)s”，不能续签。") % {"state": old.get_state_display()})
    give_up_amendment(old, by=by, why=paper.number)
    ended = {"ended_on": timezone.localdate(), "ended_why": paper.number}
    old.move_to(PaperVerb.RENEW, actor=by, note=paper.number, changes=ended)
    follow_term(old)


@transaction.atomic
def add_scan(*, of: type[P], pk: int, by: User, version: int | None, hold_key: str) -> P:
    """上传盖章页, after the signing: pages are added, never taken away. Raises as ``hold``; ``Invalid`` for none."""
    if of is Agreement:
        paper = hold(of, pk, by, PaperVerb.SCAN, version)
        agreement = paper
    else:
        found: Any = Amendment.objects.visible_to(by).filter(pk=pk).first()
        agreement = hold(Agreement, found.agreement_id if found else 0, by, PaperVerb.SCAN, None)  # type: ignore[assignment]
        paper = of.objects.locked(pk)  # type: ignore[attr-defined]
        paper.require_version(version)
        if not paper.is_signed:
            raise RuleBroken(_("这一份还没有签。"))
    added = _keep_scans(paper, hold_key)
    if not added:
        raise Invalid({"scan": [_("请先选盖章页的照片或扫描件。")]})
    agreement.move_to(PaperVerb.SCAN, actor=by, params={"files": len(added)})
    return paper


def _keep_scans(paper: Paper, hold_key: str) -> list[Attachment]:
    if not hold_key:
        return []
    return files.attach_held(
        hold_key=hold_key,
        owner_kind=SCANS[type(paper)],
        owner_id=str(paper.pk),
        area_code=agreement_of(paper).area_id,
    )


def scans_of(paper: Paper) -> list[Attachment]:
    """The sealed pages."""
    return files.attachments(SCANS[type(paper)], str(paper.pk))
