"""The text goes to the units; it is taken back; it is given up.

Locks: the agreement, the amendment, what the units were asked by key, cards, dues last (docs/locking.md).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from alliance.lib.text import clean
from claims.services.people import by_daylight
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from members.models import MemberUnit
from notifications.messages import MessageClass
from notifications.services import card_url, make_card, queue
from people.models import User
from projects import messages
from projects.models import Agreement, Amendment, Ask, Paper, Party
from projects.permissions import agreement_of
from projects.services import wording
from projects.services.fields import said
from projects.services.held import CARD, P, ask_subject, asks_of, hold, subject_of, void_asks
from projects.services.people import liaisons_of, tell
from projects.states import OPEN_AMENDMENTS, AgreementState, AmendmentState, PaperVerb

AGAIN = "projects.confirm_again"
AGAIN_AFTER = 3
"""Working days after which a unit that has said nothing is reminded, once."""


@transaction.atomic
def send_paper(*, of: type[P], pk: int, by: User, version: int | None) -> P:
    """请单位确认: the text is put together, and every unit is asked by its desk and by a link to its liaisons.

    What units said about an earlier wording does not count for this one. Raises ``NotFound``, ``Conflict``,
    ``RuleBroken`` (no draft; a unit is suspended or not in the alliance any more; nobody to sign), ``NotAllowed``.
    """
    paper = hold(of, pk, by, PaperVerb.SEND, version)
    parties = _present(paper)
    text = wording.compose(paper)
    paper.move_to(
        PaperVerb.SEND,
        actor=by,
        changes={
            "text": text,
            "asked_sha256": wording.digest(text),
            "turn": paper.turn + 1,
            "sent_by": by,
            "sent_at": timezone.now(),
            **UNDECIDED,
        },
        params={"sha256": wording.digest(text)},
    )
    for party in parties:
        ask = _asked(paper, party)
        send_cards(paper, ask, messages.AgreementToConfirm, f"ask:{ask.pk}")
    _remind_later(paper)
    return paper


UNDECIDED = {"confirmed_at": None, "approved_by": None, "approved_at": None}


def _present(paper: Paper) -> list[Party]:
    """Those who have to confirm, if every one of them may. Raises ``RuleBroken``."""
    agreement = agreement_of(paper)
    parties = list(agreement.parties.filter(left_on__isnull=True).select_related("unit"))
    if not parties:
        raise RuleBroken(_("还没有签约单位。"))
    require_members(agreement, parties)
    return parties


def require_members(agreement: Agreement, parties: list[Party]) -> None:
    """Every unit is in the street's alliance today and takes things on. Raises ``RuleBroken``, naming the first that
    does not."""
    keys = [party.unit_id for party in parties]
    members = MemberUnit.objects.members_in(agreement.street_code).filter(pk__in=keys, suspended_at__isnull=True)
    there = set(members.values_list("pk", flat=True))
    missing = next((party for party in parties if party.unit_id not in there), None)
    if missing is not None:
        raise RuleBroken(_("%(unit)s已不在联盟里，或者暂停了。请先改协议里的单位。") % {"unit": missing.name})


def _asked(paper: Paper, party: Party) -> Ask:
    amendment = paper if isinstance(paper, Amendment) else None
    return Ask.objects.create(party=party, amendment=amendment, turn=paper.turn, sha256=paper.asked_sha256)


def send_cards(paper: Paper, ask: Ask, kind: type[MessageClass], occurrence: str) -> int:
    """A link for each of the unit's liaisons, which goes out by daylight; returns to how many."""
    people = liaisons_of([ask.party.unit_id])
    for user in people:
        _card, token = make_card(
            kind=CARD,
            subject=ask_subject(ask),
            recipient=user,
            label=ask.party.name,
            area_code=agreement_of(paper).area_id,
        )
        about = messages.about(kind, paper, link=card_url(token))
        queue(about, occurrence=occurrence, users=[user], not_before=by_daylight())
    return len(people)


def hoped_by(asked_on: date) -> date:
    """The day by which a word is hoped for from whoever was asked on ``asked_on``: on it they are reminded."""
    return calendar().next_working(asked_on, AGAIN_AFTER)


def _remind_later(paper: Paper) -> None:
    day = hoped_by(timezone.localdate())
    when = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=9)
    agreement = agreement_of(paper)
    key = f"{AGAIN}:{subject_of(paper)}:{paper.turn}"
    place = {"label": agreement.number, "area_code": agreement.area_id}
    add_dues([NewDue(AGAIN, subject_of(paper), when, key, params={"turn": paper.turn}, **place)])


def stop_asking(paper: Paper, *, why: type[MessageClass] = messages.AgreementTakenBack, by: User | None = None) -> None:
    """What was asked about this wording counts for nothing any more; units that had it are told: it comes back
    changed, or not at all."""
    was_open = asks_of(paper).open().filter(turn=paper.turn).exists()
    void_asks(paper)
    if was_open:
        drop_dues(subject=subject_of(paper), kind=AGAIN)
    units = asks_of(paper).filter(turn=paper.turn).values_list("party__unit_id", flat=True)
    tell(paper, why, liaisons_of(units), but=by)


@transaction.atomic
def recall_paper(*, of: type[P], pk: int, by: User, version: int | None, words: str) -> P:
    """收回修改, with a word why. Raises as ``send_paper``; ``Invalid`` without words."""
    paper = hold(of, pk, by, PaperVerb.RECALL, version)
    text = said(words, "words", _("请写一句为什么收回，单位看得到。"))
    paper.move_to(PaperVerb.RECALL, actor=by, note=text, changes=UNDECIDED)
    stop_asking(paper, by=by)
    return paper


@transaction.atomic
def drop_paper(*, of: type[P], pk: int, by: User, version: int | None, words: str) -> P:
    """不签了: what was not signed comes to nothing. Raises as ``send_paper``; ``Invalid`` without words."""
    paper = hold(of, pk, by, PaperVerb.DROP, version)
    text = said(words, "words", _("请写一句为什么不签了。"))
    was_asked = paper.state != AgreementState.DRAFT
    give_up(paper, by=by, why=text)
    if was_asked:
        stop_asking(paper, why=messages.AgreementDropped, by=by)
    return paper


def give_up(paper: Paper, *, by: User | None, why: str) -> None:
    """Take the step on the locked ``paper``."""
    ended = {"ended_on": timezone.localdate(), "ended_why": clean(why)} if isinstance(paper, Agreement) else {}
    paper.move_to(PaperVerb.DROP, actor=by, note=why, changes=ended)


def give_up_amendment(row: Agreement, *, by: User | None, why: str) -> None:
    """What was to be added comes to nothing with what it was to be added to (locked), or was confirmed by others."""
    found = row.amendments.filter(state__in=OPEN_AMENDMENTS).values_list("pk", flat=True).first()
    if found is None:
        return
    amendment: Amendment = Amendment.objects.locked(found)
    amendment.agreement = row
    was_asked = amendment.state != AmendmentState.DRAFT
    give_up(amendment, by=by, why=why)
    if was_asked:
        stop_asking(amendment, why=messages.AgreementDropped, by=by)
