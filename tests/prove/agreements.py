"""What was signed stands: every way to change it is tried on many agreements, and signings race with whatever would
change the words under them. Beside it the same with the database's guards off, which the digests have to tell.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg2

AGREEMENTS, RACES = 12, 40
GUARDS = {
    "projects_agreement": ("projects_agreement_stands", "projects_agreement_confirmed", "projects_agreement_never_new"),
    "projects_amendment": ("projects_amendment_stands", "projects_amendment_confirmed", "projects_amendment_never_new"),
    "projects_party": ("projects_party_stands", "projects_party_same_unit"),
    "projects_target": ("projects_target_stands",),
    "projects_ask": ("projects_ask_answered",),
}


@dataclass
class Outcome:
    """What became of the tries."""

    tried: int = 0
    refused: int = 0
    signed: int = 0
    verified: int = 0
    told: int = 0
    raced: int = 0
    won: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.tried} tries to change what was signed, {self.refused} refused; {self.signed} papers signed,"
            f" {self.verified} verify, {self.told} told as changed; {self.won} of"
            f" {self.raced} races ended in a signing, {len(self.faults)} faults"
        )


def product(here: Any, seed: int) -> Outcome:
    """Every attack on every agreement; then the races."""
    from tests.cast import fresh
    from tests.projects.attacks import by_columns, by_rows, by_services, refused
    from tests.projects.doors import by_doors
    from tests.projects.things import again, typed

    outcome = Outcome()
    for number in range(AGREEMENTS):
        row, amendment = _one(here, number)
        party, target = row.parties.get(), row.targets.get()
        attacks = [
            *by_services(row, fresh(here.party_office), typed(party.unit, theme="别的主题")),
            *by_doors(row, fresh(here.party_office), typed(party.unit, theme="别的主题")),
            *by_rows(row),
            *(attack for one in (row, amendment, party, target) for attack in by_columns(one)),
        ]
        for name, attack in attacks:
            outcome.tried += 1
            if refused(attack):
                outcome.refused += 1
            else:
                outcome.faults.append(f"{row.number}: {name} went through")
        _count(outcome, again(row), again(amendment))
    for number in range(RACES):
        _race(outcome, here, Random(seed + number))
    return outcome


def naive(here: Any) -> Outcome:
    """With the guards off: what goes through has to be told by the digest."""
    from tests.projects.things import again

    outcome = Outcome()
    with _guards_off():
        for number in range(AGREEMENTS):
            row, amendment = _one(here, AGREEMENTS + number)
            for paper in (row, amendment):
                outcome.tried += 1
                type(paper).objects.filter(pk=paper.pk).update(text=paper.text.replace("600", "6000") + "另")
            _count(outcome, again(row), again(amendment))
    return outcome


def gather() -> Any:
    """The cast's first street, with one more unit."""
    from tests.cast import build
    from tests.claims.things import another_unit

    here = build().chengxiang
    another_unit(here)
    return here


def _one(here: Any, number: int) -> tuple[Any, Any]:
    from tests.projects.amending import amended
    from tests.projects.things import again, signed

    row = signed(here, theme=f"第{number}份")
    amendment = amended(row, here)
    return again(row), amendment


def _count(outcome: Outcome, *papers: Any) -> None:
    from projects.services.verifying import stands

    for paper in papers:
        outcome.signed += 1
        outcome.verified += stands(paper)
        outcome.told += not stands(paper)


def _race(outcome: Outcome, here: Any, random: Random) -> None:
    """Two sign, one takes it back and changes it, two write to the tables: signed wholly, once, or not at all."""
    from alliance.lib.errors import DomainError
    from projects import services
    from projects.models import Agreement, Party, Target
    from projects.services.wording import digest
    from tests.cast import at_once, fresh
    from tests.projects.things import again, approved, sign, typed

    row = approved(here, theme="抢着签")
    party = row.parties.get()

    def change(by: Any) -> None:
        back = services.recall_paper(of=Agreement, pk=row.pk, by=by, version=row.version, words="改")
        services.edit_agreement(pk=row.pk, by=by, version=back.version, **typed(party.unit, theme="改了"))

    others: list[Any] = [
        lambda: change(fresh(here.party_office)),
        lambda: Party.objects.filter(pk=party.pk).update(duties="什么也不做"),
        lambda: Target.objects.filter(agreement=row).update(amount=1),
    ]
    acts: list[Any] = [lambda: sign(row, here.clerk), lambda: sign(row, here.section_head)]
    acts += random.sample(others, random.randint(0, len(others)))
    random.shuffle(acts)
    results = at_once(lambda n: acts[n](), len(acts))
    wrong = [one for one in results if isinstance(one, Exception) and not _expected(one, DomainError)]
    outcome.faults += [repr(one) for one in wrong]
    row = again(row)
    outcome.raced += 1
    if row.state == "running":
        outcome.won += 1
        _count(outcome, row)
        asked = row.parties.get().asks.get(turn=row.turn, answer="yes").sha256
        whole = row.text[: row.text.rindex("\n签订日期")]
        if digest(whole) != asked or row.events.filter(verb="sign").count() != 1:
            outcome.faults.append(f"{row.number} was signed twice, or in other words than were confirmed")
    elif row.state not in {"draft", "to_sign"} or row.sha256:
        outcome.faults.append(f"{row.number} is {row.state} after the race")


def _expected(error: Exception, domain: type[Exception]) -> bool:
    from django.db import DatabaseError

    return isinstance(error, domain | DatabaseError)


@contextlib.contextmanager
def _guards_off() -> Any:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for table, names in GUARDS.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
