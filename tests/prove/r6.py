"""R6: after three days without any worker each occurrence is handled once; what is too late by then says so.

Of every ladder that ran meanwhile each rung was sent, or is listed as missed, or a later one went to the same people.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.prove.lab.world import Lab

HOURS = 72
GRACE = 24
HOUR, DAY = 3600.0, 86_400.0
DIGESTS = (3.1, 2.1, 1.1, 0.1)
"""Days ago. Only the last is within its day."""
SWEEPERS, DELIVERERS = 4, 2
ENDS = (-20.0, -6.0, 4.0, 10.0, 30.0, 40.0, 60.0, 68.0, 90.0)
"""Hours ago (negative: ahead): ladders of which two, three or all four rungs come while nobody works."""
HANDS, SECRETARY, PARTY = ("worker", "colleague"), ("secretary",), ("party",)
AUDIENCE = {-1: HANDS, 0: HANDS, 1: SECRETARY, 3: PARTY}


@dataclass
class Downtime:
    """What became of three days."""

    done: int
    missed: int
    listed: int
    rungs: Counter[str]
    faults: list[str]

    def __str__(self) -> str:
        return (
            f"{self.done} handled once, {self.missed} too late, {self.listed} of these listed for a human, "
            f"of {len(ENDS)} ladders {dict(self.rungs)}, {len(self.faults)} faults"
        )


def downtime(lab: Lab, sweep: str = "sweep", each_hour: int = 1) -> Downtime:
    """Something fell due every hour (by the half hour, so that no bound is met), a digest on each of four mornings,
    a stage passed, ladders came to their ends, texts were to go out; then workers come back, all at once."""
    lab.must("start_ladders", ends=list(ENDS), down=HOURS)
    lab.must("sweep")
    lab.must("arrange", batches=1, stages=2)
    lab.release()
    lab.must("let_time_pass", ends=list(ENDS))
    hours = [(hour + 0.5) * HOUR for hour in range(HOURS) for _ in range(each_hour)]
    lab.must("add_things", moments=hours, mark="hour")
    lab.must("add_digests", days_ago=list(DIGESTS))
    lab.must("queue_texts", seconds_ago=[days * DAY + HOUR / 2 for days in (0, 0.5, 1, 2, 3)], mark="text")
    for action, count in ((sweep, SWEEPERS), ("deliver", DELIVERERS)) * 2:
        ran = lab.run(action, at_once=count)
        assert not any(ran.codes), lab.errors()
    return look(lab, each_hour)


def look(lab: Lab, each_hour: int = 1) -> Downtime:
    due = dict(lab.rows("SELECT key, state FROM deadlines_due"))
    effects, faults = lab.effects(), []
    missed = {key for key, state in due.items() if state == "missed"}
    for number in range(HOURS * each_hour):
        key, in_time = f"hour:{number}", number // each_hour < GRACE
        wanted = ("done", 1) if in_time else ("missed", 0)
        if (due[key], effects[key]) != wanted:
            faults.append(f"{key} is {due[key]} and was done {effects[key]} times, wanted {wanted}")
    overdue = lab.rows("SELECT key FROM deadlines_due WHERE state = 'waiting' AND due_at < now()")
    faults += [f"{key} still waits" for (key,) in overdue]
    faults += _digests(lab, due) + _texts(lab)
    listed = set(lab.must("seen_gone_wrong"))
    rungs, more = _ladders(lab, listed)
    faults += more
    faults += [f"{key} is missed and listed nowhere" for key in missed - listed]
    done = sum(count == 1 for count in effects.values())
    return Downtime(done, len(missed), len(missed & listed), rungs, faults)


def _ladders(lab: Lab, listed: set[str]) -> tuple[Counter[str], list[str]]:
    """What became of every rung whose moment has come; who should have heard of it and did not, or heard twice."""
    found, faults = Counter[str](), []
    heard = Counter(
        lab.rows(
            "SELECT params ->> 'label', (params ->> 'offset')::int, recipient_key FROM notifications_message"
            " WHERE rule = 'lab.Reminder' AND channel = 'inapp' AND params ->> 'label' LIKE 'L%%'"
        )
    )
    came = lab.rows(
        "SELECT label, (params ->> 'offset')::int, key, state, last_error FROM deadlines_due"
        " WHERE kind = 'deadlines.chase' AND label LIKE 'L%%' AND due_at < now() ORDER BY 1, 2"
    )
    sent = {(label, offset) for label, offset, _key, state, _why in came if state == "done"}
    for label, offset, key, state, why in came:
        people = [lab.keys[name] for name in AUDIENCE[offset]]
        times = [heard[label, offset, person] for person in people]
        later = any(
            (label, other) in sent for other in AUDIENCE if other > offset and AUDIENCE[other] == AUDIENCE[offset]
        )
        became = {
            "sent": state == "done" and set(times) == {1},
            "outdone": (state, why) == ("cancelled", "outdone") and not any(times) and later,
            "missed and listed": state == "missed" and not any(times) and key in listed,
        }
        found.update(name for name, is_so in became.items() if is_so)
        if not any(became.values()):
            faults.append(f"rung {offset} of {label} is {state} ({why}), told {times}")
    return found, faults + _silent(came, heard, lab)


def _silent(came: list[tuple[Any, ...]], heard: Counter[Any], lab: Lab) -> list[str]:
    """Whoever should have heard of a stage has heard of it at least once."""
    audiences = {(label, AUDIENCE[offset]) for label, offset, *_rest in came}
    return [
        f"{name} never heard of {label}"
        for label, names in sorted(audiences)
        for name in names
        if not sum(heard[label, offset, lab.keys[name]] for offset in AUDIENCE)
    ]


def _digests(lab: Lab, due: dict[str, str]) -> list[str]:
    found = [due[f"digest:{number}"] for number in range(len(DIGESTS))]
    faults = [] if found == ["missed", "missed", "missed", "done"] else [f"digests are {found}"]
    sent = lab.rows(
        "SELECT occurrence FROM notifications_message WHERE rule = 'deadlines.DailyDigest' AND channel = 'inapp'"
    )
    return faults + ([] if sent == [("digest:3",)] else [f"digests sent: {sent}"])


def _texts(lab: Lab) -> list[str]:
    """Texts last a day: those of one, two and three days ago are missed, and never went out."""
    rows = lab.rows(
        "SELECT occurrence, state FROM notifications_message WHERE channel = 'sms' AND occurrence LIKE 'text:%%'"
        " ORDER BY occurrence"
    )
    wanted = [(f"text:{n}", "sent" if n < 2 else "missed") for n in range(5)]
    calls = sum(sum(keys.values()) for (label, _offset, _phone), keys in lab.sent().items() if label == "text")
    faults = [] if rows == wanted else [f"texts are {rows}"]
    return faults + ([] if calls == 2 else [f"{calls} texts went out, wanted 2"])
