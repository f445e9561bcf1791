"""Templates: all compile, none trusts a text, none carries script or style, every form is protected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

REPO = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((REPO / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(REPO / "templates")) for path in TEMPLATES]
COMPONENTS = [name for name in NAMES if name.startswith("components/")]
PYTHON = sorted(
    path
    for app in (
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
        "portal",
        "desk",
    )
    for path in (REPO / app).rglob("*.py")
)


def _text(name: str) -> str:
    return (REPO / "templates" / name).read_text()


def test_there_are_templates() -> None:
    assert len(NAMES) > 50 and len(COMPONENTS) > 10


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_trusts_no_text(name: str) -> None:
    text = _text(name)
    assert not re.search(r"\|\s*safe(seq)?\b", text)
    assert not re.search(r"autoescape\s+off", text)


@pytest.mark.parametrize("name", NAMES)
def test_it_carries_no_script_no_style_and_no_handler(name: str) -> None:
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", _text(name), flags=re.DOTALL)
    assert not re.search(r"<style\b", text, re.I)
    assert not re.search(r"\sstyle\s*=", text, re.I)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text, re.I)
    assert not re.search(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", text, re.I)
    assert not re.search(r"\shx-on", text, re.I)
    for script in re.findall(r"<script\b[^>]*>.*?</script>", text, re.I | re.S):
        assert re.search(r"\ssrc=", script) and re.search(r">\s*</script>$", script), script


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_nothing_from_elsewhere(name: str) -> None:
    for tag in re.findall(r"<(?:script|img|link|iframe|form|source|object)\b[^>]*>", _text(name), re.I):
        assert not re.search(r"=\s*[\"']?(https?:)?//", tag), tag


@pytest.mark.parametrize("name", [name for name in NAMES if re.search(r"method\s*=\s*[\"']?post", _text(name), re.I)])
def test_every_form_that_posts_is_protected(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", _text(name), re.I | re.S):
        if re.search(r"method\s*=\s*[\"']?post", form, re.I):
            assert "{% csrf_token %}" in form, form[:120]


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_opens_with_a_comment_that_names_its_parameters(name: str) -> None:
    text = re.sub(r"^(\s*{%\s*load [^%]*%}\s*)*", "", _text(name))
    opening = re.match(r"(\s*{#.*?#})+", text, re.DOTALL)
    assert opening, "no comment at the top"
    own = set(re.findall(r"{%\s*(?:translate|blocktranslate)[^%]*? (?:as|asvar) (\w+)", text))
    own |= set(re.findall(r"{%\s*with ([^%]+)%}", text)) | set(re.findall(r"{%\s*for (\w+)", text))
    used = set(re.findall(r"{{\s*(\w+)", text)) | set(re.findall(r"{%\s*(?:if|elif) (?:not )?(\w+)", text))
    known = {"forloop", "block", "request", "csrf_token", "LANGUAGE_CODE", "messages", "user", "perms"}
    bound = re.findall(r"\b(\w+)=", " ".join(re.findall(r"{%\s*(?:with|blocktranslate|url)[^%]*%}", text)))
    bound += re.findall(r"{%[^%]*\bas (\w+)\s*%}", text) + re.findall(r"{%\s*for ([\w, ]+) in", text)
    missing = {name for name in used - own - known - set(bound) if name not in opening.group() and not name.isdigit()}
    assert not missing, f"parameters the comment does not name: {sorted(missing)}"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_short(name: str) -> None:
    assert len(_text(name).splitlines()) < 120


def test_no_python_of_ours_vouches_for_a_text() -> None:
    for path in PYTHON:
        text = path.read_text()
        assert not re.search(r"\bmark_safe\b|\bSafeString\b|\bsafe=True|is_safe = True", text), path
