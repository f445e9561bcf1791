"""How a run of the tests is shared out to its workers."""

from __future__ import annotations

from tests.spread import rank, room_of

SIZES = {
    "tests/infra/test_watchdog.py": 9,
    "tests/faults/test_r12.py": 10,
    "tests/journeys/test_twice.py": 8,
    "part0": 6,
    "tests/needs/test_forbidden.py": 265,
    "tests/members/test_names.py": 12,
}


def _order(*, waits: bool) -> list[str]:
    return sorted(SIZES, key=lambda room: rank(room, SIZES[room], waits=waits))


def test_one_worker_begins_with_those_that_wait_and_the_others_with_the_long_ones() -> None:
    waiting = ["tests/faults/test_r12.py", "tests/infra/test_watchdog.py"]
    rest = ["tests/members/test_names.py", "tests/journeys/test_twice.py", "part0", "tests/needs/test_forbidden.py"]
    assert _order(waits=True) == [*waiting, *rest]
    assert _order(waits=False) == [*rest, *waiting]


def test_a_file_is_one_room_and_a_part_of_the_addresses_is_one_for_all_that_judge_it() -> None:
    assert room_of("tests/members/test_names.py::test_one[a::b]") == "tests/members/test_names.py"
    judged = ("test_permissions.py::test_everybody_gets_what_the_table_says", "test_requests.py::test_looking")
    assert {room_of(f"tests/consistency/{name}[part3]") for name in judged} == {"part3"}
