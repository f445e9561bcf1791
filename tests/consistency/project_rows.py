"""Rows of the world about agreements and projects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from members.models import Alliance, MemberUnit, PartyOrganisation
from projects import services
from projects.models import Agreement
from projects.services import deeds, menu, stories
from projects.services.assessing import assess_project, set_yardsticks
from projects.services.figures import record_reading, set_indicator
from tests.cast import Street, fresh


def agreed(here: Street, unit: MemberUnit) -> dict[str, Any]:
    """An agreement of the street with its unit, signed today."""
    today = timezone.localdate()
    row = services.draft_agreement(
        client_key=uuid4(),
        by=here.clerk,
        area=here.street.pk,
        theme="清厢之旅",
        aim="一起办行走的党课。",
        office_duties="联系参观点。",
        starts_on=today,
        ends_on=today + timedelta(days=364),
        parties=[{"unit": unit.pk, "duties": "安排车辆。"}],
        targets=[{"name": "参加党员", "amount": 600, "measure": "人次"}],
    )
    row = services.send_paper(of=Agreement, pk=row.pk, by=here.clerk, version=row.version)
    ask = row.parties.get().asks.get()
    services.answer_ask(pk=ask.pk, by=fresh(here.liaison), yes=True)
    row.refresh_from_db()
    row = services.approve_paper(of=Agreement, pk=row.pk, by=fresh(here.party_office), version=row.version)
    row = services.sign_paper(
        of=Agreement, pk=row.pk, by=here.clerk, version=row.version, signed_on=today, place="党群服务中心"
    )
    project = _project(here, row)
    services.join_project(pk=project.pk, by=here.clerk, version=None, unit=unit.pk, does="安排车辆")
    return {
        "projects/agreement": row,
        "projects/project": project,
        "projects/indicator": project.indicators.get(),
        "projects/milestone": project.milestones.get(),
        "projects/deed": _promised(here, unit),
        "projects/story": _told(here, project),
        "projects/ask": ask,
        "projects/amendment": _amended(here, row),
        "claims/offer": _offered(here),
    }


def served(here: Street, alliance: Alliance, unit: MemberUnit) -> dict[str, Any]:
    """This year's menu, with a service the unit does."""
    year = timezone.localdate().year
    item = menu.open_menu(alliance=alliance.pk, year=year, by=fresh(here.party_office))[0]
    row = menu.sign_up(item=item.pk, unit=unit.pk, by=fresh(here.liaison), covers=[here.home.pk], does="每月两次")
    return {"projects/menuitem": item, "projects/signup": row}


def _told(here: Street, project: Any) -> Any:
    """A resident's story that everybody may read."""
    said = {"called": "汤大伯", "title": "下楼不用人背了", "words": "以前下楼要人背，现在坐电梯。"}
    row = stories.write_story(project=project.pk, client_key=uuid4(), by=here.clerk, **said)
    agreed: Any = {"on": timezone.localdate(), "how": "signed", "kept": "社区档案柜"}
    stories.note_consent(pk=row.pk, by=here.clerk, version=None, **agreed)
    return stories.show_story(pk=row.pk, by=here.clerk, version=None)


def _offered(here: Street) -> Any:
    """A project that waits for a unit to claim it."""
    today = timezone.localdate()
    row = services.draft_project(
        client_key=uuid4(),
        by=here.clerk,
        area=here.street.pk,
        name="厢爱万家",
        kind="joint",
        aim="一起办法律咨询。",
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    return services.publish_project(pk=row.pk, by=here.clerk, version=None)


def _project(here: Street, agreement: Agreement) -> Any:
    """A project under the agreement that runs, and that everybody may read."""
    today = timezone.localdate()
    branch = PartyOrganisation.objects.filter(street_code=here.street.pk)[0]
    row = services.draft_project(
        client_key=uuid4(),
        by=here.clerk,
        area=here.street.pk,
        name="清厢之旅",
        kind="partner",
        aim="一起办行走的党课。",
        starts_on=today,
        ends_on=today + timedelta(days=300),
        agreement=agreement.pk,
        commissioner=here.clerk.pk,
        branch=branch.pk,
    )
    steps = [{"name": "开五趟", "weight": 100, "due_on": today + timedelta(days=200)}]
    services.plan_milestones(pk=row.pk, by=here.clerk, version=None, milestones=steps)
    row = services.start_project(pk=row.pk, by=here.clerk, version=None)
    _counted(here, row)
    return row


def _promised(here: Street, unit: MemberUnit) -> Any:
    """A livelihood item that everybody may read of, for which the unit is responsible."""
    today = timezone.localdate()
    row = deeds.propose_deed(
        client_key=uuid4(),
        by=here.clerk,
        area=here.street.pk,
        year=today.year,
        name="加装电梯20台",
        words="老旧小区加装电梯。",
        goal="加装电梯20台",
        field="building",
        source="resident",
        unit=unit.pk,
    )
    given = {"pk": row.pk, "by": here.clerk, "version": None, "on_day": today}
    deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
    deeds.note_deed(**given, verb="argue", words="都说可行。")
    (row,) = deeds.publish_deeds(street=here.street, year=today.year, by=fresh(here.party_office), pks=[row.pk])
    return row


def _amended(here: Street, row: Agreement) -> Any:
    """A draft that adds something to the agreement."""
    return services.draft_amendment(
        agreement=row.pk, client_key=uuid4(), by=here.clerk, version=None, words="再加两趟。"
    )


def _counted(here: Street, row: Any) -> None:
    """A figure, and how the service was assessed."""
    given = {"pk": row.pk, "by": here.clerk, "version": None}
    one = set_indicator(**given, name="开了几趟", measure="趟", target=5)
    today = timezone.localdate()
    record_reading(pk=row.pk, by=here.clerk, indicator=one.pk, day=today, value=1)
    set_yardsticks(**given, yardsticks=[{"name": "满意度", "weight": 100}])
    assess_project(
        **given,
        client_key=uuid4(),
        first_day=today,
        last_day=today,
        scores=[{"name": "满意度", "points": 95, "evidence": "问卷60份"}],
        consequence="keep",
        words="办得好。",
    )
