"""R6: after three days without any worker each occurrence is handled once; what is too late by then says so."""

from __future__ import annotations

from dataclasses import dataclass

from tests.prove.lab.world import Lab

HOURS = 72
GRACE = 24
HOUR, DAY = 3600.0, 86_400.0
DIGESTS = (3.1, 2.1, 1.1, 0.1)
"""Days ago. Only the last is within its day."""
SWEEPERS, DELIVERERS = 4, 2


@dataclass
class Downtime:
    """What became of three days."""

    done: int
    missed: int
    listed: int
    faults: list[str]

    def __str__(self) -> str:
        return (
            f"{self.done} handled once, {self.missed} too late, {self.listed} of these listed for a human, "
            f"{len(self.faults)} faults"
        )


def downtime(lab: Lab, sweep: str = "sweep", each_hour: int = 1) -> Downtime:
    """Something fell due every hour (by the half hour, so that no bound is met), a digest on each of four mornings,
    a stage passed, texts were to go out; then workers come back, all at once."""
    lab.must("arrange", batches=1, stages=2)
    lab.release()
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
    faults += [f"{key} still waits" for key, state in due.items() if state == "waiting"]
    faults += _digests(lab, due) + _texts(lab)
    listed = set(lab.must("seen_gone_wrong"))
    faults += [f"{key} is missed and listed nowhere" for key in missed - listed]
    done = sum(count == 1 for count in effects.values())
    return Downtime(done, len(missed), len(missed & listed), faults)


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
