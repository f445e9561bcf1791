"""Rows of the world about volunteers: one with a team, a pledge to sign, papers, hours, a certificate, a 双报到."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from people.models import User
from tests.cast import Street
from tests.volunteers.givers import PLEDGE, found_on, register_as, registered, section_in, team_in, worked
from volunteers.models import Certificate, PledgeSignature, Team, Volunteer
from volunteers.services.belonging import join_team
from volunteers.services.certificates import issue_certificate
from volunteers.services.papers import insure_volunteer, note_qualification, note_training
from volunteers.services.party_reports import report_in
from volunteers.services.section_turns import take_section


def given(here: Street, who: User) -> dict[str, Any]:
    """The resident as a volunteer of 万寿桥社区."""
    today = timezone.localdate()
    row = register_as(who, here, skills=["hair"], times=["weekends"], reports_hours=True)
    team = team_in(here, pledge=PLEDGE)
    member = join_team(pk=team.pk, by=who)
    PledgeSignature.objects.create(member=member, words="以前的话。")  # other words are signed anew
    note_qualification(
        pk=row.pk, by=here.worker, version=None, kind="first_aid", valid_until=today + timedelta(days=300)
    )
    insurance = insure_volunteer(
        pk=row.pk,
        by=here.worker,
        version=None,
        insurer="某某保险",
        policy_number="PA-2026-0001",
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    note_training(pk=row.pk, by=here.worker, version=None, title="怎么劝", day=today, hours=1.5)
    worked(who, here)
    row.refresh_from_db()
    section = section_in(here)
    take_section(pk=section.pk, by=who, client_key=uuid4())
    return {
        "volunteers/volunteer": row,
        "volunteers/section": section,
        "volunteers/sectionnote": found_on(section, who),
        "volunteers/team": team,
        "volunteers/insurance": insurance,
        "volunteers/certificate": issue_certificate(by=who, client_key=uuid4(), starts_on=today, ends_on=today),
        "volunteers/partyreport": report_in(
            by=who, client_key=uuid4(), unit_name="区中医院", branch="第一党支部", posts=["patrol"]
        ),
    }


def joined(here: Street, team: Team, who: User) -> None:
    """One more in the team, who reported too and has a policy; ``who`` has done, learned and can show more."""
    today = timezone.localdate()
    new = registered(here, skills=["patrol"])
    join_team(pk=team.pk, by=new.user)
    report_in(by=new.user, client_key=uuid4(), unit_name="区中医院", branch="第一党支部", posts=["patrol", "green"])
    policy = {"insurer": "某某保险", "policy_number": new.number, "starts_on": today, "ends_on": today}
    insure_volunteer(pk=new.pk, by=here.worker, version=None, **policy)
    own = Volunteer.objects.get(user=who)
    title = f"培训{new.number}"
    note_training(pk=own.pk, by=here.worker, version=None, title=title, day=today, hours=1)
    worked(who, here, minutes=30, label=title)
    section = section_in(here, name=f"{new.number}段")
    take_section(pk=section.pk, by=who, client_key=uuid4())
    found_on(section, who)
    join_team(pk=team_in(here, name=f"{new.number}队").pk, by=who)
    Certificate.objects.create(
        volunteer=own,
        client_key=uuid4(),
        number=f"ZM-{new.number}",
        name=own.name,
        issuer=here.street.name,
        starts_on=today,
        ends_on=today,
        halves=1,
        code="A" * 12,
    )
