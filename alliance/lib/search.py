"""Search by bigrams: every pair of neighbouring characters is a lexeme of a stored ``tsvector`` under GIN.

A two-character word is then one index look-up with full recall, which neither trigrams nor a word segmenter give
for Chinese. Terms beyond two characters are narrowed by all their bigrams and confirmed with LIKE.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from alliance.lib.text import fold

M = TypeVar("M", bound=models.Model)
MAX_TERM = 40


def lexemes(text: str) -> Iterator[str]:
    """Bigrams of each run of non-space characters of folded ``text``, and each run's last character alone.

    The last characters make one-character searches by prefix complete.
    """
    for run in fold(text).split(" "):
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        if run:
            yield run[-1]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def vector(text: str) -> str:
    """``text`` as a tsvector literal without positions."""
    return " ".join(sorted({_quoted(lexeme) for lexeme in lexemes(text)}))


def query(word: str) -> str:
    """A tsquery literal that every text containing the folded ``word`` (no spaces) matches."""
    if len(word) == 1:
        return _quoted(word) + ":*"
    return " & ".join(_quoted(word[i : i + 2]) for i in range(len(word) - 1))


class BigramField(SearchVectorField):  # type: ignore[type-arg]
    """A tsvector column computed from the text column named ``source`` whenever the row is saved."""

    def __init__(self, *args: Any, source: str = "search_text", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        return vector(getattr(model_instance, self.source))

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector"


class Matches(Func):
    """``column @@ query``, the query given as a tsquery literal."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


class Query(Func):
    """A parameter as tsquery, unparsed: our lexemes are not words of any language."""

    template = "%(expressions)s::tsquery"


def matching(
    queryset: models.QuerySet[M], term: str, *, column: str = "search", text: str = "search_text"
) -> models.QuerySet[M]:
    """The rows of ``queryset`` whose folded text contains every word of ``term`` (at most 40 characters are used)."""
    for word in fold(term, 2 * MAX_TERM)[:MAX_TERM].split():
        queryset = queryset.filter(Matches(F(column), Query(Value(query(word)))))
        if len(word) > 2:
            queryset = queryset.filter(Q(**{f"{text}__contains": word}))
    return queryset
