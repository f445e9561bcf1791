"""What projects add: what falls due, the link to confirm by, what a unit has in hand, what goes along in a merge."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.importing import register_importer
from alliance.lib.registry import contribute
from claims.kinds import OfferKind, register_offer_kind
from claims.models import Offer
from claims.querysets import seated_units
from deadlines.kinds import register_kind
from members.services.in_hand import InHand, OpenThing
from members.services.journal import Journal
from notifications.cards import register_card
from people.models import User
from projects import approvals, doors
from projects.importers import ALL as IMPORTERS
from projects.listings.three import three
from projects.models import Agreement, Ask, Deed, Party, Project, ProjectUnit, SignUp
from projects.presenting import linked, onward, titles, year
from projects.services import deed_dues, milestone_dues
from projects.services.cards import CONFIRM_CARD
from projects.services.clock import KINDS
from projects.services.linked import keys_of
from projects.services.project_offers import OFFER_KIND
from projects.services.thread import Knot
from projects.states import LIVE_PROJECTS, OPEN_STATES
from resources.models import Booking
from resources.services.subjects import Subject

MOST = 50


def in_hand(unit_id: int) -> InHand:
    """Agreements of the unit that are not over."""
    rows = Party.objects.filter(unit_id=unit_id, left_on__isnull=True, agreement__state__in=OPEN_STATES)
    return InHand(_("没结束的共建协议"), rows.count())


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """Agreements of the unit that are not over, for staff of their streets."""
    mine = Party.objects.filter(unit_id=unit_id, left_on__isnull=True)
    rows = Agreement.objects.kept_by(user).filter(pk__in=mine.values("agreement"), state__in=OPEN_STATES)
    return [
        OpenThing(row.theme, _("共建协议"), reverse("admin:projects_agreement_change", args=[row.pk]))
        for row in rows.order_by("-drafted_at", "-pk")[:MOST]
    ]


def merge_agreements(journal: Journal) -> None:
    """The gone unit's part in agreements; where both are parties of one, each keeps its own."""
    both = Party.objects.filter(unit=journal.kept).values("agreement")
    journal.move(_("共建协议"), journal.hold(Party.objects.filter(unit=journal.gone).exclude(agreement__in=both)))


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """What one confirmed for a unit: the moment stands under one's name."""
    rows = Ask.objects.filter(by=user).select_related("party__agreement").order_by("-answered_at", "-id")
    answers = [
        {
            "number": row.party.agreement.number,
            "title": row.party.agreement.theme,
            "unit": row.party.name,
            "answer": row.get_answer_display(),
            "words": row.words,
            "at": row.answered_at.isoformat() if row.answered_at else "",
        }
        for row in rows
    ]
    return {"agreement_answers": answers} if answers else {}


def projects_in_hand(unit_id: int) -> InHand:
    """Projects of the unit that are not over."""
    rows = ProjectUnit.objects.filter(unit_id=unit_id, left_on__isnull=True, project__state__in=LIVE_PROJECTS)
    return InHand(_("没办完的共建项目"), rows.count())


def open_projects(user: User, unit_id: int) -> list[OpenThing]:
    """Projects of the unit that are not over, for staff of their streets."""
    mine = ProjectUnit.objects.filter(unit_id=unit_id, left_on__isnull=True)
    rows = Project.objects.kept_by(user).filter(pk__in=mine.values("project"), state__in=LIVE_PROJECTS)
    return [
        OpenThing(row.name, _("共建项目"), reverse("admin:projects_project_change", args=[row.pk]))
        for row in rows.order_by("-drafted_at", "-pk")[:MOST]
    ]


def merge_projects(journal: Journal) -> None:
    """The gone unit's part in projects; where both take part in one, the doubled part ends: the kept unit leads, or has
    said yes, where the other did."""
    kept = ProjectUnit.objects.filter(unit=journal.kept, left_on__isnull=True)
    rows = ProjectUnit.objects.filter(unit=journal.gone)
    moved = journal.hold(rows.exclude(project__in=kept.values("project")))
    doubled = journal.hold(rows.filter(left_on__isnull=True, project__in=kept.values("project")))
    own = {part.project_id: part for part in journal.hold(kept.filter(project__in=[one.project_id for one in doubled]))}
    journal.move(_("共建项目"), moved)
    for one in doubled:
        part = own[one.project_id]
        journal.change(one, left_on=journal.today, left_why=str(journal.kept)[:200])
        said = {"confirmed_at": part.confirmed_at or one.confirmed_at}
        journal.change(part, is_lead=part.is_lead or one.is_lead, **said)


def merge_deeds(journal: Journal) -> None:
    """What the gone unit is responsible for, and what it signed up for. A doubled sign-up ends, and its communities are
    the kept unit's, where that named some."""
    journal.move(_("民生实事"), journal.hold(Deed.objects.filter(unit=journal.gone)))
    rows, kept = SignUp.objects.filter(unit=journal.gone), SignUp.objects.live().filter(unit=journal.kept)
    moved = journal.hold(rows.exclude(left_at__isnull=True, item__in=kept.values("item")))
    doubled = journal.hold(rows.live().filter(item__in=kept.values("item")))
    own = {one.item_id: one for one in journal.hold(kept.filter(item__in=[one.item_id for one in doubled]))}
    journal.move(_("服务报名"), moved)
    covers = SignUp.covers.through._default_manager
    for one in doubled:
        there = list(covers.filter(signup_id=own[one.item_id].pk).values_list("area_id", flat=True))
        for row in journal.hold(covers.filter(signup_id=one.pk).exclude(area_id__in=there)) if there else ():
            journal.change(row, signup_id=own[one.item_id].pk)
        ended = datetime.combine(journal.today, time(), timezone.get_current_timezone())
        journal.change(one, left_at=max(ended, one.at), left_why=str(journal.kept)[:200])


def bookings_of(project: Project, user: User | None, inside: bool) -> list[Knot]:
    """What was booked for the project, for those who may see it."""
    if user is None or not inside:
        return []
    rows = Booking.objects.visible_to(user).filter(subject=project.subject).select_related("resource")
    found = [linked.booked(user, row) for row in rows]
    return [Knot(one.at or project.drafted_at, one.what, one.title, str(one.state), one.url) for one in found]


def booked_for(user: User, key: str) -> Subject | None:
    """What a booking is for, where it is for a project."""
    found = keys_of("project", [key])
    row = Project.objects.visible_to(user).filter(pk__in=found).first() if found else None
    return Subject(row.name, reverse("projects:project", args=[row.pk])) if row else None


def page_of(offer: Offer, user: User) -> str:
    """Where whoever took a project on goes on with it, or reads why it is not theirs any more."""
    key = int(offer.subject.partition(":")[2])
    at_desk = ProjectUnit.objects.filter(project_id=key, unit__in=seated_units(user)).exists()
    return reverse("desk:project" if at_desk else "projects:project", args=[key])


register_offer_kind(OfferKind(OFFER_KIND, label=_("共建项目"), url=page_of, brought=False))
register_card(CONFIRM_CARD)
for _importer in IMPORTERS:
    register_importer(_importer)
for _kind in (*KINDS, *milestone_dues.KINDS, *deed_dues.KINDS):
    register_kind(_kind)
contribute("workbench.approvals", approvals.papers_to_approve, order=50)
contribute("workbench.approvals", approvals.things_to_end, order=51)
contribute("alliance.doors", doors.fair, order=20)
contribute("alliance.doors", doors.deeds, order=21)
contribute("alliance.doors", doors.menu, order=22)
contribute("seat.in_hand", in_hand, order=40)
contribute("unit.open", open_things, order=30)
contribute("unit.merge", merge_agreements, order=35)
contribute("my.data", my_data, order=60)
contribute("due.titles", titles.due_titles, order=40)
contribute("notice.about", titles.titles_by_number, order=40)
contribute("seat.in_hand", projects_in_hand, order=41)
contribute("unit.open", open_projects, order=31)
contribute("unit.merge", merge_projects, order=36)
contribute("unit.merge", merge_deeds, order=37)
contribute("lists.three", three, order=20)
contribute("booking.subject", booked_for, order=20)
contribute("thing.onward", onward.onward, order=10)
contribute("year.tallies", year.tallies, order=30)
contribute("project.links", linked.needs, order=10)
contribute("project.links", linked.wishes, order=20)
contribute("project.links", linked.resources, order=30)
contribute("project.links", linked.bookings, order=40)
contribute("project.thread", bookings_of, order=10)
