"""Small rooms: modules under 300 lines, functions under 40."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
FOLDERS = (
    "alliance",
    "people",
    "audit",
    "files",
    "notifications",
    "deadlines",
    "transfers",
    "members",
    "claims",
    "resources",
    "points",
    "needs",
    "projects",
    "volunteers",
    "meetings",
    "desk",
    "portal",
    "scripts",
    "tests",
)
MODULES = sorted(
    path.relative_to(REPO)
    for folder in FOLDERS
    for path in (REPO / folder).rglob("*.py")
    if "migrations" not in path.parts
)
# Tables of words, not programs.
LISTS = {Path("portal/scale/phrases.py"), Path("portal/demo/cast.py")}

TESTS = [path for path in MODULES if path.parts[0] == "tests"]
PROGRAM = [path for path in MODULES if path.parts[0] != "tests"]
# Real processes may be polled (infra, journeys and the long runs); nothing else sleeps.
POLLING = ("infra", "journeys", "prove", "faults", "bench")
FORBIDDEN = (r"\b(TODO|FIXME|XXX|HACK)\b", r"#\s*noqa(?!:\s*[A-Z]+\d+)", r"#\s*type:\s*ignore(?!\[)")


@dataclass(frozen=True)
class Facts:
    """What is judged of a module; its tree is not kept."""

    lines: int
    functions: dict[str, int]
    empty: list[str]
    sleeps: list[int]
    left: list[str]


@cache
def _facts() -> dict[Path, Facts]:
    return {path: _look(path) for path in MODULES}


def _look(path: Path) -> Facts:
    text = (REPO / path).read_text()
    nodes = list(ast.walk(ast.parse(text)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return Facts(
        lines=len(text.splitlines()),
        functions={f"{node.name}, line {node.lineno}": _length(node) for node in functions},
        empty=[node.name for node in functions if _does_nothing(node)],
        sleeps=[node.lineno for node in calls if ast.unparse(node.func) in ("time.sleep", "sleep")],
        left=[match.group() for word in FORBIDDEN for match in re.finditer(word, text)],
    )


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the head, or from behind the docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno if documented else node.lineno
    return (node.end_lineno or 0) - (start or 0) + 1


def _does_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    bodies = [part for part in node.body if not isinstance(part, ast.Expr)]
    return len(bodies) == 1 and isinstance(bodies[0], ast.Pass)


def test_every_folder_is_looked_into() -> None:
    assert {path.parts[0] for path in MODULES} == set(FOLDERS)
    assert len(TESTS) > 100 and len(PROGRAM) > 500


def test_a_module_has_fewer_than_300_lines_and_its_functions_fewer_than_40() -> None:
    found = _facts()
    assert not {path: found[path].lines for path in MODULES if found[path].lines >= 300 and path not in LISTS}
    long = {path: {name: n for name, n in found[path].functions.items() if n > 40} for path in MODULES}
    assert not {path: functions for path, functions in long.items() if functions}


def test_nothing_is_left_for_later_or_silenced_without_a_code() -> None:
    found = _facts()
    assert not {path: found[path].left for path in PROGRAM if found[path].left}
    assert not {path: found[path].empty for path in PROGRAM if found[path].empty}


def test_no_test_waits_and_hopes() -> None:
    quiet = [path for path in TESTS if path.parts[1] not in POLLING]
    assert not {path: sleeps for path in quiet if (sleeps := _facts()[path].sleeps)}
