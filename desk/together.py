"""What a unit agreed on and does together with others: agreements it is asked about, projects, livelihood items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of, moment
from alliance.lib.errors import NotFound
from claims.models import Claim, Offer
from claims.states import LIVE
from members.models import Liaison, MemberUnit
from people.models import User
from projects.models import Agreement, Ask, Deed, Party, Project, ProjectUnit
from projects.presenting import papers, progress
from projects.services.clock import days_left
from projects.services.people import contacts
from projects.services.project_offers import OFFER_KIND
from projects.services.sending import hoped_by
from projects.states import LIVE_PROJECTS, AgreementState, AmendmentState, DeedState, ProjectState

OPEN_ASK = (AgreementState.CONFIRMING, AmendmentState.CONFIRMING)
MOST = 60
"""So many are listed of what goes on; a unit has a handful."""
TONES = {
    AgreementState.DRAFT: "",
    AgreementState.CONFIRMING: "info",
    AgreementState.TO_SIGN: "info",
    AgreementState.RUNNING: "ok",
    AgreementState.CLOSED: "",
    AgreementState.RENEWED: "",
    AgreementState.ENDED: "",
}


def open_asks(unit: MemberUnit) -> Any:
    """What waits for the word of ``unit``, the first asked first."""
    rows = Ask.objects.open().filter(party__unit=unit, party__left_on__isnull=True)
    return rows.select_related("party__agreement__area", "amendment").order_by("asked_at", "pk")


def agreements_of(unit: MemberUnit) -> Any:
    """Those ``unit`` is a party of, once they were sent; what it left before the signing is not its own any more."""
    mine = Party.objects.bound().filter(unit=unit, agreement__sent_at__isnull=False)
    rows = Agreement.objects.filter(pk__in=mine.values("agreement"))
    return rows.select_related("area", "commissioner", "renews")


def agreement_for(user: User, pk: int, here: Liaison | None, seats: Sequence[Liaison]) -> tuple[Agreement, MemberUnit]:
    """The agreement, and the unit for which one reads it: the one at hand first, else another of one's own.

    Raises ``NotFound``.
    """
    row = Agreement.objects.of_units_of(user).select_related("area", "commissioner", "renews").filter(pk=pk).first()
    if row is None:
        raise NotFound
    mine = set(row.parties.bound().values_list("unit_id", flat=True))
    for seat in sorted(seats, key=lambda one: one != here):
        if seat.unit_id in mine:
            return row, seat.unit
    raise NotFound


def agreement_badge(row: Agreement, *, waits: bool) -> dict[str, str]:
    """How it stands, for a unit: 等您确认 comes before everything else."""
    if waits:
        return {"tone": "warn", "label": _("等您确认")}
    if row.state == AgreementState.DRAFT:
        return {"tone": "", "label": _("收回修改中")}
    if row.is_ahead:
        return {"tone": "info", "label": _("已签，还没开始")}
    return {"tone": TONES[AgreementState(row.state)], "label": row.get_state_display()}


def agreement_row(row: Agreement) -> dict[str, Any]:
    """One line of the list."""
    last = row.runs_until or row.ends_on
    runs = row.state == AgreementState.RUNNING
    return {
        "title": row.theme,
        "about": [row.area.name, row.number],
        "badge": agreement_badge(row, waits=False),
        "until": _("到%(day)s") % {"day": day_of(last)},
        "left": progress.days_note(days_left(row)) if runs and not row.is_over else "",
        "url": reverse("desk:agreement", args=[row.pk]),
    }


def ask_rows(asks: Iterable[Ask]) -> list[dict[str, Any]]:
    """Cards of what waits for a word."""
    return [
        {
            "title": ask.party.agreement.theme,
            "what": papers.label(ask.amendment or ask.party.agreement),
            "asker": ask.party.agreement.area.name,
            "words": ask.amendment.words if ask.amendment else ask.party.agreement.aim,
            "since": moment(ask.asked_at),
            "by": answer_by(ask),
            "url": reverse("desk:agreement", args=[ask.party.agreement_id]),
        }
        for ask in asks
    ]


def answer_by(ask: Ask) -> str:
    """盼11月26日前答复."""
    return _("盼%(day)s前答复") % {"day": day_of(hoped_by(timezone.localdate(ask.asked_at)))}


def agreement_facts(row: Agreement) -> list[tuple[str, str]]:
    """Beside its text: with whom, until when, who looks after it, what became of it."""
    last, known = row.runs_until or row.ends_on, contacts(row)
    parties = row.parties.filter(unit_id__in=known).values_list("unit_id", "name")
    found = [
        (_("甲方"), row.area.name),
        (_("期限"), _("%(first)s到%(last)s") % {"first": day_of(row.starts_on), "last": day_of(last)}),
        (_("街道的专员"), row.commissioner.name if row.commissioner else ""),
        (_("各单位联系人"), _("；").join(f"{name} {known[unit]}" for unit, name in parties)),
        (_("签约"), f"{day_of(row.signed_on)} {row.signed_place}" if row.is_signed else ""),
        (_("续签"), row.renews.number if row.renews else ""),
        (_("评估"), row.review),
        (_("结束"), f"{day_of(row.ended_on)} {row.ended_why}".strip() if row.ended_on else ""),
    ]
    return [(label, value) for label, value in found if value]


def parts_of(unit: MemberUnit) -> Any:
    """The unit's part in projects that are not over, what waits for its word first."""
    rows = ProjectUnit.objects.filter(unit=unit, left_on__isnull=True, project__state__in=LIVE_PROJECTS)
    with_steps = Prefetch("project__milestones")
    found = rows.select_related("project__area").prefetch_related(with_steps)
    return found.order_by("confirmed_at", "project__ends_on", "pk")


def past_parts_of(unit: MemberUnit) -> Any:
    """Its part in what is over, and what it left, newest first."""
    rows = ProjectUnit.objects.filter(unit=unit).exclude(left_on__isnull=True, project__state__in=LIVE_PROJECTS)
    return rows.select_related("project__area").order_by("-project__ended_on", "-pk")


def project_rows(parts: Iterable[ProjectUnit]) -> list[dict[str, Any]]:
    """Lines of projects that go on; ``waits``: the unit has not said yet that it takes part."""
    return [_project_row(part) for part in parts]


def _project_row(part: ProjectUnit) -> dict[str, Any]:
    row, steps = part.project, list(part.project.milestones.all())
    next_due = min((one.due_on for one in steps if one.done_on is None), default=None)
    standing = gently(progress.head(row, next_due))
    return {
        "title": row.name,
        "about": [row.area.name, _("牵头") if part.is_lead else "", row.number],
        "badge": standing,
        "until": _("办了%(n)d%%") % {"n": progress.share(row, steps)} if steps else "",
        "left": standing["note"],
        "waits": part.confirmed_at is None,
        "aim": row.aim,
        "does": part.does,
        "url": reverse("desk:project", args=[row.pk]),
    }


def gently(said: dict[str, Any]) -> dict[str, Any]:
    """How something stands, said to a unit: units are guests, nothing of theirs is 超期."""
    return {**said, "tone": "warn", "label": _("日子过了")} if said["tone"] == "late" else said


def past_rows(parts: Iterable[ProjectUnit]) -> list[dict[str, Any]]:
    return [
        {
            "title": part.project.name,
            "about": [part.project.area.name],
            "badge": {"tone": "ok" if part.project.state == ProjectState.DONE else "", "label": _ended(part)},
            "until": day_of(part.left_on or part.project.ended_on),
            "url": reverse("desk:project", args=[part.project_id]),
        }
        for part in parts
    ]


def _ended(part: ProjectUnit) -> str:
    return _("已退出") if part.left_on else str(part.project.get_state_display())


def project_offers_for(unit: MemberUnit) -> Any:
    """Projects ``unit`` may claim now, the soonest to end first."""
    joined = unit.memberships.active().values("alliance__street_code")
    rows = Offer.objects.open_now().filter(kind=OFFER_KIND, for_units=True, street_code__in=joined)
    return rows.select_related("area").order_by("closes_at", "pk")


def offer_rows(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """Cards of projects that wait for a unit."""
    found = list(offers)
    projects = Project.objects.in_bulk([project_key(one) for one in found])
    return [
        {
            "title": one.title,
            "community": one.area.name,
            "until": _("%(day)s前认领") % {"day": day_of(one.closes_at)} if one.closes_at else "",
            "aim": projects[project_key(one)].aim if project_key(one) in projects else "",
            "url": reverse("desk:project_offer", args=[one.pk]),
        }
        for one in found
    ]


def project_key(offer: Offer) -> int:
    """The key of the project behind ``offer``."""
    key = offer.subject.partition(":")[2]
    return int(key) if key.isdigit() else 0


def claim_on(unit: MemberUnit, project: Project) -> Claim | None:
    """What the unit has of the project by a claim of its own."""
    rows = Claim.objects.filter(unit=unit, offer__subject=project.subject, offer__kind=OFFER_KIND, state__in=LIVE)
    return rows.select_related("offer").first()


def deeds_of(unit: MemberUnit) -> Any:
    """Livelihood items the unit is responsible for that are published and not cleared."""
    rows = Deed.objects.filter(unit=unit, state=DeedState.PUBLISHED).select_related("area")
    return rows.prefetch_related("reports").order_by("-year", "position", "pk")


def deed_rows(deeds: Iterable[Deed], today: date) -> list[dict[str, Any]]:
    """Lines of these, and whether this month is still to be reported."""
    found = []
    for row in deeds:
        reports = list(row.reports.all())
        said = any(one.month == today.replace(day=1) for one in reports)
        label = _("本月报了") if said else _("本月还没报")
        found.append(
            {
                "title": row.name,
                "about": [row.goal],
                "badge": {"tone": "ok" if said else "warn", "label": label},
                "until": _("办了%(n)d%%") % {"n": row.percent},
                "url": reverse("desk:deed", args=[row.pk]),
            }
        )
    return found


def waiting(unit: MemberUnit) -> list[dict[str, Any]]:
    """On the desk's first page: what of all this waits for the unit, each line leading to where it is done.

    ``door``: behind which door of the desk it lies.
    """
    asks = ask_rows(open_asks(unit)[:MOST])
    found = [
        {
            "title": _("%(what)s：%(title)s") % {"what": one["what"], "title": one["title"]},
            "small": _("%(office)s请您确认") % {"office": one["asker"]},
            "by": one["by"],
            "door": "desk:agreements",
            "url": one["url"],
        }
        for one in asks
    ]
    parts = ProjectUnit.objects.filter(
        unit=unit, left_on__isnull=True, confirmed_at__isnull=True, project__state__in=LIVE_PROJECTS
    )
    found += [
        {
            "title": _("共建项目：%(title)s") % {"title": part.project.name},
            "small": _("%(office)s想请您一起办") % {"office": part.project.area.name},
            "by": "",
            "door": "desk:projects",
            "url": reverse("desk:project", args=[part.project_id]),
        }
        for part in parts.select_related("project__area").order_by("pk")[:MOST]
    ]
    return found
