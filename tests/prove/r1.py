"""R1: two hundred want each of twenty wishes at the same moment, over HTTP. Each wish goes to exactly one."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from alliance.embedded.places import REPO
from tests.infra.quickstart import state_file
from tests.prove.stack import ProofStack

P99_SECONDS = 1.0
# What one claim of a wish leaves behind, asked of the tables.
_LEFT = """
    SELECT offer.id, offer.taken, count(DISTINCT claim.id), count(DISTINCT event.id), count(DISTINCT due.id),
           count(DISTINCT line.id), count(DISTINCT message.id)
    FROM claims_offer AS offer
    LEFT JOIN claims_claim AS claim ON claim.offer_id = offer.id
    LEFT JOIN claims_claimevent AS event ON event.claim_id = claim.id
    LEFT JOIN deadlines_due AS due ON due.subject = 'claim:' || claim.id
    LEFT JOIN needs_wishevent AS line ON line.params ->> 'claim' = claim.id::text
    LEFT JOIN notifications_message AS message ON message.occurrence = offer.label || ':' || line.id
    WHERE offer.id = ANY (%s) GROUP BY offer.id ORDER BY offer.id
"""


@dataclass
class Tap:
    """One claimer's one request, and the answer."""

    offer: int
    claimer: int
    key: str
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Outcome:
    """What happened, and what should not have."""

    seed: int
    claimers: int
    taps: list[Tap]
    seconds: float
    faults: list[str] = field(default_factory=list)

    @property
    def winners(self) -> dict[int, int]:
        """By offer: how many were told that it is theirs."""
        found = Counter(tap.offer for tap in self.taps if tap.status == 201)
        return {offer: found[offer] for offer in dict.fromkeys(tap.offer for tap in self.taps)}

    @property
    def several(self) -> int:
        """Offers that were given to more than one."""
        return sum(count > 1 for count in self.winners.values())

    @property
    def p99(self) -> float:
        return statistics.quantiles([tap.seconds for tap in self.taps], n=100)[98]

    def __str__(self) -> str:
        statuses = dict(sorted(Counter(tap.status for tap in self.taps).items()))
        most = max(self.winners.values())
        median = statistics.median(tap.seconds for tap in self.taps)
        return (
            f"seed {self.seed}: {self.claimers} claimers x {len(self.winners)} wishes in {self.seconds:.1f} s, answers "
            f"{statuses}, at most {most} winners, median {median * 1000:.0f} ms, p99 {self.p99 * 1000:.0f} ms, "
            f"{len(self.faults)} faults"
        )


@dataclass(frozen=True)
class Crowd:
    """Who claims what."""

    claimers: Sequence[tuple[str, int | None]]
    offers: Sequence[int]


def gather(stack: ProofStack, claimers: int, offers: int) -> Crowd:
    """People with tokens and published wishes, in the running site."""
    found = state_file(stack.where)
    env = {**os.environ, **found["env"], **found["addresses"]}
    command = [sys.executable, "-m", "tests.prove.claimers", str(claimers), str(offers)]
    done = subprocess.run(command, cwd=REPO, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    return Crowd([(token, unit) for token, unit in made["claimers"]], made["offers"])


def run(stack: ProofStack, crowd: Crowd, seed: int) -> Outcome:
    """Every offer in turn is wanted by everybody at once."""
    random, began = Random(seed), time.monotonic()
    taps = [
        [Tap(offer, claimer, str(UUID(int=random.getrandbits(128), version=4))) for claimer in order]
        for offer in crowd.offers
        for order in [random.sample(range(len(crowd.claimers)), len(crowd.claimers))]
    ]
    asyncio.run(_all(stack.port, crowd, taps))
    every = [tap for one_round in taps for tap in one_round]
    return Outcome(seed, len(crowd.claimers), every, time.monotonic() - began)


async def _all(port: int, crowd: Crowd, rounds: Sequence[Sequence[Tap]]) -> None:
    lines = [await asyncio.open_connection("127.0.0.1", port) for _claimer in crowd.claimers]
    for one_round in rounds:
        await asyncio.gather(*(_tap(lines[tap.claimer], crowd, tap) for tap in one_round))
    for _reader, writer in lines:
        writer.close()


async def _tap(line: tuple[asyncio.StreamReader, asyncio.StreamWriter], crowd: Crowd, tap: Tap) -> None:
    token, unit = crowd.claimers[tap.claimer]
    reader, writer = line
    body = json.dumps({"client_key": tap.key, **({"unit": unit} if unit else {})})
    began = time.monotonic()
    writer.write(
        f"POST /api/v1/offers/{tap.offer}/claim/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    answer = await reader.readexactly(length)
    tap.seconds = time.monotonic() - began
    tap.status = int(head.split(" ", 2)[1])
    tap.body = json.loads(answer) if answer.startswith(b"{") else {}


def look(stack: ProofStack, crowd: Crowd, outcome: Outcome) -> Outcome:
    """``outcome`` with everything that is wrong: in the answers, in the tables, and after a second tap."""
    won = {tap.offer: tap for tap in outcome.taps if tap.status == 201}
    faults = [f"offer {offer}: {count} winners" for offer, count in outcome.winners.items() if count != 1]
    for tap in outcome.taps:
        if tap.status not in (201, 409) or (tap.status == 409 and not tap.body.get("message")):
            faults.append(f"offer {tap.offer}: answered {tap.status} {tap.body}")
    for offer, *counts in stack.rows(_LEFT, list(crowd.offers)):
        taken, claims, events, dues, lines, messages = counts
        if (taken, claims, events, dues, lines) != (1, 1, 1, 2, 1) or not messages:
            faults.append(f"offer {offer}: taken, claims, events, dues, lines, notices are {counts}")
    faults += _taps_again(stack.port, crowd, won)
    if outcome.p99 >= P99_SECONDS:
        faults.append(f"p99 is {outcome.p99:.2f} s")
    outcome.faults = faults
    return outcome


def _taps_again(port: int, crowd: Crowd, won: Mapping[int, Tap]) -> list[str]:
    """The winner's phone sends once more: it finds its claim, and makes none."""
    again = [Tap(tap.offer, tap.claimer, tap.key) for tap in won.values()]
    asyncio.run(_one_by_one(port, crowd, again))
    return [
        f"offer {tap.offer}: a second tap was answered {tap.status} {tap.body.get('id')}"
        for tap in again
        if (tap.status, tap.body.get("id")) != (200, won[tap.offer].body.get("id"))
    ]


async def _one_by_one(port: int, crowd: Crowd, taps: Sequence[Tap]) -> None:
    for tap in taps:
        line = await asyncio.open_connection("127.0.0.1", port)
        await _tap(line, crowd, tap)
        line[1].close()
