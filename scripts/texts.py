"""Finds the texts people read in the product's code and templates: the marked ones, and those somebody forgot."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

APPS = (
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
    "portal",
    "desk",
)
# How many texts a marking function takes, and whether a context stands before them.
MARKS = {
    "_": (1, False),
    "_now": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "npgettext": (2, True),
    "npgettext_lazy": (2, True),
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
RUN = re.compile(rf"{CHINESE.pattern}+")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%n|%[sd](?!\w)|\{\w*\}|</?\w[^>]*>")
# Chinese on purpose: contents of tables and the demo, the API's contract, and what only the terminal shows.
UNMARKED = (
    "*/management/commands/*",
    "alliance/embedded/*",
    "alliance/settings/*",
    "*/defaults.py",
    "*/api/*",
    "portal/demo/*",
    "portal/scale/*",
)
# Chinese that is data, not words to a reader: file by file, as a pattern of what may stand there.
DATA = {
    "alliance/lib/api.py": "下一页的位置；空表示没有了",  # the API's contract
    "alliance/lib/ordering.py": r".*",  # numerals, and what is numbered by them
    "alliance/lib/privacy.py": r"[一-龥 ]+|（演示）|\[.*\]",  # surnames, forms of address, what people type into phones
    "alliance/lib/text.py": r"\[.*\]|，、",  # where a long sentence may be cut
    "alliance/templatetags/words.py": r"\[.*|\\d.*",  # the comma a heading breaks at, dates that do not
    "deadlines/services/workday_file.py": r"[是否班休上假，]|上班|调休上班|休息|放假|日期|\(.*",  # what offices type
    "members/models/alliance.py": "联盟服务中心",  # the default of a field
    "members/forms/bodies.py": r"，|\[.*",  # what is typed between roles
    "members/likeness.py": ".*",  # parts of units' names
    "members/floors.py": ".*",  # floors as people write them
    "members/forms/profile.py": r"：|\[.*",  # what is typed between names
    "members/uscc.py": r"\[.*\]",
    "members/views/public.py": "[：；、]",  # what is typed between principles
    "resources/forms/acts.py": r"[\^\\\[].*|，",  # how hours are typed
    "resources/forms/kind.py": r"，|\[.*",  # what is typed between ways of saying
    "resources/services/whereabouts.py": "上门",  # what says that somebody comes
    "resources/forms/resource.py": r"、|\[.*",  # what is typed between other names
    "desk/forms/resources.py": r"、|\[.*",  # what is typed between other names
    "resources/messages.py": "[月日].*|一位居民",
    "points/models/rule.py": ".*",  # the first coefficients
    "resources/public.py": "街道|社区",  # what a place is called without
    "resources/services/ranking.py": r"[一-龥]+\|.*|[一-龥]{20,}",  # words of every sentence, particles
    "projects/services/wording.py": r"(?s:.*)",  # the text of an agreement is Chinese, whoever reads it
    "projects/menu_defaults.py": ".*",  # the menu that a first year begins with
    "projects/messages.py": "-补",
    "projects/messages_projects.py": "[月日]",
    "projects/forms/project.py": r"，|\[.*",  # what is typed between campaigns
    "projects/importers/projects.py": r"、|\[.*",  # what tables say between them
    "projects/importers/milestones.py": "、",  # between the steps of a plan
    "volunteers/forms/activities.py": r"\[.*",  # what is typed between ages
    "volunteers/forms/staff.py": r"\^.*",  # what is typed between a post and its number
    "projects/importers/figures.py": r"[\^].*",  # how periods are typed
    "alliance/lib/public_text.py": r"[\[(.].*|[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]+|（演示）",  # phones
    "volunteers/services/volunteer_fields.py": r"[\[(].*|（演示）",  # how months are typed, what the demo marks
    "volunteers/forms/people_staff.py": r"，|\[.*",  # what is typed between hours
    "needs/services/wish_fields.py": "[一-龥]{2,3}",  # words for money
    "members/importers/common.py": "[是否]",  # what tables say
    "members/importers/unit_columns.py": "[一-龥]+",  # other names of columns
    "members/importers/liaisons.py": "[一-龥]+",
    "members/importers/party.py": "[一-龥]+",
    "people/importers/areas.py": "代码",
    "resources/importers/stock.py": r"、|\[.*",  # what tables say between other names
    "transfers/cells.py": r"[＝＋－＠]|\s.*",
    "transfers/matching.py": r"示例\(自动忽略\)|[\\(].*|、",
    "transfers/presenting.py": "；",
    "transfers/sheets.py": r"数据|[,，(].*",
    "transfers/workbooks.py": "填写说明|字典",
    "notifications/views/reading.py": "[，。；：,.;:]+",  # between the parts of a notice
    "needs/selectors.py": "的了是我们.*",  # letters that tell nothing
    "notifications/channels/sms.py": ".*",  # the demo's terminal
    "people/services/areas.py": "街道|镇|乡|社区|居委会|村|、",
    "templates/admin/includes/user_menu.html": "中文",  # a language is named in itself
    "templates/components/language.html": "中文",
}
_HIDDEN = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}"
    r"|\{% blocktranslate\b.*?\{% endblocktranslate %\}|\{% translate (?:\"[^\"]*\"|'[^']*').*?%\}|_\(\"[^\"]*\"\)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Text:
    """One text: ``ids`` is the sentence, or the pair of a sentence that counts something."""

    path: str
    line: int
    ids: str | tuple[str, str]
    context: str | None = None

    @property
    def key(self) -> str:
        return self.ids if isinstance(self.ids, str) else self.ids[0]


def bare(text: str) -> bool:
    """Whether ``text`` holds Chinese words or full-width punctuation."""
    return bool(CHINESE.search(text))


def placeholders(text: str) -> set[str]:
    """Names to be filled in, and tags."""
    return set(PLACEHOLDER.findall(text))


def texts() -> Iterator[Text]:
    """Every marked text, file by file."""
    for path in _modules():
        yield from _marked_in_code(path)
    for path in _templates():
        yield from _marked_in_template(path)


def bare_texts() -> Iterator[Text]:
    """Chinese that people would read whatever language they chose."""
    for path in _modules():
        if not any(fnmatch(str(path), pattern) for pattern in UNMARKED):
            yield from _unmarked_in_code(path)
    for path in _templates():
        shown = _HIDDEN.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
        for number, line in enumerate(shown.splitlines(), 1):
            yield from (Text(str(path), number, words) for words in RUN.findall(line) if not _is_data(path, words))


def _is_data(path: Path, words: str) -> bool:
    return bool(re.fullmatch(DATA.get(path.as_posix(), "(?!)"), words))


def _modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted(Path(app).rglob("*.py")) if "migrations" not in path.parts)


def _templates() -> Iterator[Path]:
    yield from (path for path in sorted(Path("templates").rglob("*")) if path.suffix in {".html", ".txt"})


def _call_name(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _words(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _marked_in_code(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or _call_name(node) not in MARKS:
            continue
        count, has_context = MARKS[_call_name(node)]
        found = [_words(argument) for argument in node.args[: count + has_context]]
        words = [word for word in found if word is not None]
        if len(words) < count + has_context:
            continue  # a variable is marked where it is written
        context = words.pop(0) if has_context else None
        yield Text(str(path), node.lineno, words[0] if count == 1 else (words[0], words[1]), context)


def _marked_in_template(path: Path) -> Iterator[Text]:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    # Brackets around the whole let the tokenizer read it as one expression, whatever its indentation.
    source = f"({templatize(path.read_text('utf-8'), origin=str(path))})"
    for line, name, messages, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
        given: Any = messages  # a string where there is one text, whatever Babel's types say
        parts = [given] if isinstance(given, str) else [part for part in given if part]
        context = parts.pop(0) if name in {"pgettext", "npgettext"} else None
        yield Text(str(path), line, (parts[0], parts[1]) if name in {"ngettext", "npgettext"} else parts[0], context)


def _unmarked_in_code(path: Path) -> Iterator[Text]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _call_name(node) in MARKS:
            skipped.update(id(argument) for argument in node.args)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))  # a docstring
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or id(node) in skipped:
            continue
        if (words := _words(node)) and bare(words) and not _is_data(path, words):
            yield Text(str(path), node.lineno, words)
