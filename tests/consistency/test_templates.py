"""Templates: all compile, none trusts a text, none carries script or style, every form is protected."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import TemplateSyntaxError, engines

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
        "projects",
        "volunteers",
        "meetings",
        "points",
        "needs",
        "portal",
        "desk",
    )
    for path in (REPO / app).rglob("*.py")
)


TEXTS = {name: (REPO / "templates" / name).read_text() for name in NAMES}
TRUSTING = (r"\|\s*safe(seq)?\b", r"autoescape\s+off")
CARRYING = (
    r"<style\b",
    r"\sstyle\s*=",
    r"<[a-z][^>]*\son[a-z]+\s*=",
    r"(href|src|action)\s*=\s*[\"']?\s*javascript:",
    r"\shx-on",
)
POSTING = r"method\s*=\s*[\"']?post"


def _found(text: str, *patterns: str) -> list[str]:
    return [found.group()[:120] for pattern in patterns for found in re.finditer(pattern, text, re.I)]


def _forms(text: str) -> list[str]:
    """Those that post."""
    return [form for form in re.findall(r"<form\b.*?</form>", text, re.I | re.S) if _found(form, POSTING)]


def test_there_are_templates() -> None:
    assert len(NAMES) > 50 and len(COMPONENTS) > 10


def test_all_compile() -> None:
    wrong = {}
    for name in NAMES:
        try:
            engines["django"].get_template(name)
        except TemplateSyntaxError as error:
            wrong[name] = str(error)
    assert not wrong


def test_none_trusts_a_text() -> None:
    assert not {name: found for name in NAMES if (found := _found(TEXTS[name], *TRUSTING))}


def test_none_carries_script_style_or_a_handler() -> None:
    wrong = {}
    for name in NAMES:
        text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", TEXTS[name], flags=re.DOTALL)
        scripts = re.findall(r"<script\b[^>]*>.*?</script>", text, re.I | re.S)
        own = [one for one in scripts if not (re.search(r"\ssrc=", one) and re.search(r">\s*</script>$", one))]
        wrong[name] = _found(text, *CARRYING) + own
    assert not {name: found for name, found in wrong.items() if found}


def test_none_asks_for_anything_from_elsewhere() -> None:
    wrong = {}
    for name in NAMES:
        tags = re.findall(r"<(?:script|img|link|iframe|form|source|object)\b[^>]*>", TEXTS[name], re.I)
        wrong[name] = [tag for tag in tags if re.search(r"=\s*[\"']?(https?:)?//", tag)]
    assert not {name: found for name, found in wrong.items() if found}


def test_every_form_that_posts_is_protected() -> None:
    assert sum(len(_forms(text)) for text in TEXTS.values()) > 50
    bare = {
        name: [form[:120] for form in _forms(text) if "{% csrf_token %}" not in form] for name, text in TEXTS.items()
    }
    assert not {name: forms for name, forms in bare.items() if forms}


def _unnamed(text: str) -> set[str] | str:
    """Parameters of a component that the comment at its top does not name."""
    text = re.sub(r"^(\s*{%\s*load [^%]*%}\s*)*", "", text)
    opening = re.match(r"(\s*{#.*?#})+", text, re.DOTALL)
    if not opening:
        return "no comment at the top"
    own = set(re.findall(r"{%\s*(?:translate|blocktranslate)[^%]*? (?:as|asvar) (\w+)", text))
    own |= set(re.findall(r"{%\s*with ([^%]+)%}", text)) | set(re.findall(r"{%\s*for (\w+)", text))
    used = set(re.findall(r"{{\s*(\w+)", text)) | set(re.findall(r"{%\s*(?:if|elif) (?:not )?(\w+)", text))
    known = {"forloop", "block", "request", "csrf_token", "LANGUAGE_CODE", "messages", "user", "perms"}
    bound = re.findall(r"\b(\w+)=", " ".join(re.findall(r"{%\s*(?:with|blocktranslate|url)[^%]*%}", text)))
    bound += re.findall(r"{%[^%]*\bas (\w+)\s*%}", text) + re.findall(r"{%\s*for ([\w, ]+) in", text)
    return {name for name in used - own - known - set(bound) if name not in opening.group() and not name.isdigit()}


def test_a_component_opens_with_a_comment_that_names_its_parameters() -> None:
    assert not {name: missing for name in COMPONENTS if (missing := _unnamed(TEXTS[name]))}


def test_all_are_short() -> None:
    assert not [name for name in NAMES if len(TEXTS[name].splitlines()) >= 120]


def test_no_python_of_ours_vouches_for_a_text() -> None:
    for path in PYTHON:
        text = path.read_text()
        assert not re.search(r"\bmark_safe\b|\bSafeString\b|\bsafe=True|is_safe = True", text), path


def _included(text: str) -> list[tuple[str, str]]:
    """Every ``include`` of a template by its name, with all that is handed over."""
    return re.findall(r"{%\s*include\s+\"([^\"]+)\"(.*?)%}", text, re.S)


def _sends(name: str) -> bool:
    """Whether a form that posts stands in it, or in what it includes."""
    text = TEXTS.get(name, "")
    return "{% csrf_token %}" in text or any(_sends(inner) for inner, _said in _included(text))


def test_an_included_form_is_handed_the_secret() -> None:
    """``only`` leaves out what every page has, the secret of its forms too: sent like that, a form is refused."""
    found = [(name, *one) for name, text in TEXTS.items() for one in _included(text)]
    cut_off = [(name, inner) for name, inner, said in found if re.search(r"\bonly\s*$", said) and _sends(inner)]
    told = {(name, inner) for name, inner, said in found if "csrf_token=csrf_token" in said}
    assert len(cut_off) > 3, "the walk finds none"
    assert [one for one in cut_off if one not in told] == []
