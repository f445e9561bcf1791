"""R12: what was acknowledged is there, once, whole, whatever is killed meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.infra.quickstart import until
from tests.prove.posting import Post, Residents, posts
from tests.prove.stack import ProofStack

THREADS = 6
GRACE = 10.0
LONG_HARMS = [
    *("web killed", "web killed", "postgres stopped immediately", "web killed"),
    *("web killed", "postgres stopped immediately", "web killed"),
]
SHORT_HARMS = ["web killed", "postgres stopped immediately", "web killed"]

# Everything that draws a number; an errand has it as the label of its offer.
_NUMBERS = """
    SELECT number FROM needs_need
    UNION ALL SELECT number FROM needs_wish
    UNION ALL SELECT label FROM claims_offer WHERE kind = 'errand'
    UNION ALL SELECT number FROM resources_resource
    UNION ALL SELECT number FROM resources_booking
    UNION ALL SELECT number FROM points_account WHERE number <> ''
    UNION ALL SELECT number FROM projects_agreement
    UNION ALL SELECT number FROM projects_project
    UNION ALL SELECT number FROM projects_deed
    UNION ALL SELECT number FROM volunteers_volunteer
    UNION ALL SELECT number FROM volunteers_team
    UNION ALL SELECT number FROM volunteers_section
    UNION ALL SELECT number FROM volunteers_activity
    UNION ALL SELECT number FROM volunteers_certificate
    UNION ALL SELECT number FROM meetings_meeting
"""
# Who has to find a notice in the inbox, asked of the tables in another way than the product asks: the community's
# staff; where a community has none, and where the resident did not know the community, the street's.
_HANDLERS = """
    WITH reached AS (
        SELECT need.number, 'u:' || held.user_id AS recipient,
               CASE WHEN length(need.area_id) > 9 AND held.role LIKE 'community%%' THEN 1
                    WHEN held.role IN ('street_staff', 'party_office') THEN 2 END AS turn
        FROM needs_need AS need
        JOIN people_rolegrant AS held ON need.area_id LIKE held.area_id || '%%' AND held.ends_on IS NULL
        WHERE need.words LIKE %s
    )
    SELECT number, array_agg(DISTINCT recipient) FROM reached AS one
    WHERE turn = (SELECT min(turn) FROM reached AS all_turns WHERE all_turns.number = one.number) GROUP BY number
"""
_NOTICES = """
    SELECT need.number, array_agg(message.recipient_key) FROM needs_need AS need
    JOIN notifications_message AS message ON message.occurrence = need.number AND message.channel = %s
    WHERE need.words LIKE %s GROUP BY need.number
"""


@dataclass
class Outcome:
    """What happened, and what should not have."""

    seed: int
    posts: list[Post]
    harms: list[str]
    seconds: float
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.lost and not self.faults

    @property
    def troubles(self) -> Counter[str]:
        return sum((post.troubles for post in self.posts), Counter())

    def __str__(self) -> str:
        answered = sum(post.acknowledged for post in self.posts)
        tries = sum(post.tries for post in self.posts)
        return (
            f"seed {self.seed}: {len(self.posts)} posts, {answered} acknowledged after {tries} tries in "
            f"{self.seconds:.0f} s, {len(self.lost)} lost, {len(self.faults)} other faults; "
            f"troubles {dict(self.troubles)}; harms {dict(Counter(self.harms))}"
        )


def run(stack: ProofStack, *, count: int, harms: Sequence[str], seed: int) -> Outcome:
    """Post ``count`` needs while ``harms`` happen one after another, then look."""
    todo = posts(count, Random(seed))
    residents, began = Residents(stack.port, todo, THREADS), time.monotonic()
    residents.start()
    for harm in harms:
        # By progress, not by the clock: every harm meets requests under way.
        residents.await_answers(count // (len(harms) + 1))
        stack.hurt(harm)
    residents.finish()
    outcome = Outcome(seed, todo, list(harms), time.monotonic() - began)
    until(stack.healthy)
    return look(stack, outcome)


def look(stack: ProofStack, outcome: Outcome) -> Outcome:
    """``outcome`` with what is lost and what else is wrong by now."""
    mark = outcome.posts[0].words.partition("-")[0] + "-%"
    _give_time(stack, mark, sum(post.acknowledged for post in outcome.posts))
    outcome.lost = []
    outcome.faults = [f"{post.words[:16]} {post.problem}" for post in outcome.posts if post.problem]
    _compare(stack, outcome, mark)
    outcome.faults += [*_gaps(stack), *_companions(stack, mark)]
    return outcome


def _give_time(stack: ProofStack, mark: str, wanted: int) -> None:
    """A server that stores after answering may finish: lost is only what never comes."""
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        if stack.rows("SELECT count(*) FROM needs_need WHERE words LIKE %s", mark)[0][0] >= wanted:
            return
        time.sleep(0.2)


def _compare(stack: ProofStack, outcome: Outcome, mark: str) -> None:
    """Every acknowledged post against the table."""
    there: dict[str, list[tuple[str, str]]] = {}
    for words, number, key in stack.rows(
        "SELECT words, number, client_key::text FROM needs_need WHERE words LIKE %s", mark
    ):
        there.setdefault(words, []).append((number, key))
    for post in outcome.posts:
        found = there.pop(post.words, [])
        if not found and post.acknowledged:
            outcome.lost.append(post.words[:16])
        if len(found) > 1:
            outcome.faults.append(f"{post.words[:16]} stands {len(found)} times: {found}")
        for number, key in found:
            if post.acknowledged and number != post.number:
                outcome.faults.append(f"{post.words[:16]} was told {post.number} and is {number}")
            if not post.by_form and key != post.key:
                outcome.faults.append(f"{number} has another key than it was sent with")
    outcome.faults += [f"{words[:16]} is not as it was sent" for words in there]


def _gaps(stack: ProofStack) -> Iterator[str]:
    """Numbers of each kind, street and day run from 1 to the sequence's value without a gap."""
    last = dict(stack.rows("SELECT scope, value FROM people_numbersequence"))
    given: dict[str, list[int]] = {scope: [] for scope in last}
    for (number,) in stack.rows(_NUMBERS):
        scope, _sep, value = number.rpartition("-")
        given.setdefault(scope, []).append(int(value))
    for scope, values in given.items():
        if sorted(values) != list(range(1, last.get(scope, 0) + 1)):
            yield f"{scope}: {len(values)} numbers up to {max(values, default=0)}, sequence at {last.get(scope)}"


def _companions(stack: ProofStack, mark: str) -> Iterator[str]:
    """Each need has one event of submission, one consent, one text message, and a notice to each handler."""
    for table, condition in {
        "needs_needevent": "other.need_id = need.id AND other.verb = 'submit'",
        "people_consent": "other.source = need.number",
        "notifications_message": "other.occurrence = need.number AND other.channel = 'sms'",
    }.items():
        wrong = stack.rows(
            f"SELECT need.number, count(other.id) FROM needs_need AS need LEFT JOIN {table} AS other ON {condition}"  # noqa: S608
            " WHERE need.words LIKE %s GROUP BY need.number HAVING count(other.id) <> 1",
            mark,
        )
        yield from (f"{number} has {count} rows in {table}" for number, count in wrong)
    wanted, got = dict(stack.rows(_HANDLERS, mark)), dict(stack.rows(_NOTICES, "inapp", mark))
    for number in wanted.keys() | got.keys():
        if sorted(wanted.get(number, [])) != sorted(got.get(number, [])):
            yield f"{number}: notices to {got.get(number)}, wanted {wanted.get(number)}"
