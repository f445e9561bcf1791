"""``python -m tests.prove.lab.forge``: sets Django up once and forks a process for every action it is asked for.

One line of JSON in, one out: ``{"action", "arguments", "at_once", "die_before"}`` → ``{"codes", "answers"}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from typing import Any

import django

DIED = -9


def main() -> None:
    django.setup()
    from alliance.celery import app
    from tests.prove.lab import actions, work

    known = {**actions.ACTIONS, "arrange_work": work.arrange_work, "run_task": work.run_task}
    # Loaded once instead of in every child, so that those asked at once begin at once; nothing is connected yet.
    work.load_tasks()
    with app.connection_for_write() as broker:
        _ = (broker.transport, app.amqp)
    print(json.dumps({"ready": True}), flush=True)
    for number, line in enumerate(sys.stdin):
        asked = json.loads(line)
        os.environ |= {"LAB_ROUND": str(number), "LAB_AT_ONCE": str(asked["at_once"])}
        print(json.dumps(_serve(known[asked["action"]], asked)), flush=True)


def _serve(action: Any, asked: dict[str, Any]) -> dict[str, Any]:
    gate_read, gate_write = os.pipe()
    children = []
    for number in range(asked["at_once"]):
        answer_read, answer_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(gate_write)
            os.close(answer_read)
            _be_child(action, asked, number, gate_read, answer_write)
        os.close(answer_write)
        children.append((pid, answer_read))
    os.close(gate_read)
    for _pid, answer_read in children:
        os.read(answer_read, 1)  # it is ready (or dead)
    os.close(gate_write)
    codes, answers = [], []
    for pid, answer_read in children:
        with os.fdopen(answer_read, "rb") as file:
            said = file.read()
        codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        answers.append(json.loads(said) if said else None)
    return {"codes": codes, "answers": answers}


def _be_child(action: Any, asked: dict[str, Any], number: int, gate: int, answer: int) -> None:
    """Connect, wait until all of us are ready, act, answer. Never returns."""
    code = 1
    os.dup2(2, 1)
    with contextlib.suppress(BaseException):
        try:
            from django.db import connection

            from tests.prove.lab.dying import die_before_step

            connection.ensure_connection()
            os.write(answer, b".")
            os.read(gate, 1)
            if (point := asked["die_before"]) is not None:
                die_before_step(point)
            given = asked["arguments"]
            said = action(**(given[number] if isinstance(given, list) else given))
            os.write(answer, json.dumps(said).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)


if __name__ == "__main__":
    main()
