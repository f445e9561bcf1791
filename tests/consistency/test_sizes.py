"""Small rooms: modules under 300 lines, functions under 40."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

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
    "needs",
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


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_has_fewer_than_300_lines_and_its_functions_fewer_than_40(path: Path) -> None:
    text = (REPO / path).read_text()
    assert len(text.splitlines()) < 300 or path in LISTS
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = first.end_lineno if documented else node.lineno
            lines = (node.end_lineno or 0) - (start or 0) + 1
            assert lines <= 40, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] != "tests"], ids=str)
def test_nothing_is_left_for_later_or_silenced_without_a_code(path: Path) -> None:
    text = (REPO / path).read_text()
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
    assert not re.search(r"#\s*noqa(?!:\s*[A-Z]+\d+)", text)
    assert not re.search(r"#\s*type:\s*ignore(?!\[)", text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            bodies = [part for part in node.body if not isinstance(part, ast.Expr)]
            assert not (len(bodies) == 1 and isinstance(bodies[0], ast.Pass)), f"{node.name} does nothing"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "tests"], ids=str)
def test_no_test_waits_and_hopes(path: Path) -> None:
    """Real processes may be polled (infra, journeys and the long runs); nothing else sleeps."""
    if path.parts[1] in ("infra", "journeys", "prove", "faults", "bench"):
        return
    for node in ast.walk(ast.parse((REPO / path).read_text())):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in ("time.sleep", "sleep"), f"line {node.lineno}"
