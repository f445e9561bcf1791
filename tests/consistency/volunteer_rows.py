"""Rows of the world about volunteers: one with a team, a pledge to sign, papers, hours, a certificate, a 双报到."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from people.models import User
from tests.cast import Street
from tests.volunteers.givers import PLEDGE, register_as, team_in, worked
from volunteers.services.belonging import join_team
from volunteers.services.certificates import issue_certificate
from volunteers.services.papers import insure_volunteer, note_qualification, note_training
from volunteers.services.party_reports import report_in


def given(here: Street, who: User) -> dict[str, Any]:
    """The resident as a volunteer of 万寿桥社区."""
    today = timezone.localdate()
    row = register_as(who, here, skills=["hair"], times=["weekends"])
    team = team_in(here, pledge=PLEDGE)
    join_team(pk=team.pk, by=who)
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
    return {
        "volunteers/volunteer": row,
        "volunteers/team": team,
        "volunteers/insurance": insurance,
        "volunteers/certificate": issue_certificate(by=who, client_key=uuid4(), starts_on=today, ends_on=today),
        "volunteers/partyreport": report_in(
            by=who, client_key=uuid4(), unit_name="区中医院", branch="第一党支部", posts=["patrol"]
        ),
    }
