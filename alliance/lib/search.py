"""Search by bigrams: every pair of neighbouring characters is a lexeme of a stored ``tsvector`` under GIN.

A two-character word is then one index look-up with full recall, which neither trigrams nor a word segmenter give
for Chinese. Terms beyond two characters are narrowed by all their bigrams and confirmed with LIKE.

Texts that people write have a ``BigramField``, computed with the row. Names have ``Names``: two generated columns, so
that whatever writes a name, a service, an import, a merge taken back, the table itself keeps up.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.models import ModelOperation
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


def either(pairs: Iterable[str]) -> str:
    """A tsquery literal that every text matches in which one of ``pairs`` stands."""
    return " | ".join(_quoted(pair) for pair in sorted(pairs))


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


def words_of(term: str) -> list[str]:
    """The folded words of ``term``, of which at most 40 characters are used."""
    return fold(term, 2 * MAX_TERM)[:MAX_TERM].split()


def matching(
    queryset: models.QuerySet[M], term: str, *, column: str = "search", text: str = "search_text"
) -> models.QuerySet[M]:
    """The rows of ``queryset`` whose folded text contains every word of ``term`` (at most 40 characters are used)."""
    for word in words_of(term):
        queryset = queryset.filter(Matches(F(column), Query(Value(query(word)))))
        if len(word) > 2:
            queryset = queryset.filter(Q(**{f"{text}__contains": word}))
    return queryset


FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION tongxin_folded(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(btrim(regexp_replace(regexp_replace(
        normalize(array_to_string(parts, ' '), NFKC) COLLATE pg_c_utf8,
        '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]', '', 'g'),
        '\s+', ' ', 'g')))
$$;
CREATE OR REPLACE FUNCTION tongxin_bigrams(folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT substr(run, place, 2))), '')
    FROM unnest(string_to_array(folded, ' ')) AS run, generate_series(1, length(run)) AS place
$$;
"""
"""``fold`` and ``lexemes`` in the database's own words."""


def create_functions() -> RunSQL:
    """What the columns of ``Names`` are made with; runs before the first of them is added."""
    return RunSQL(
        FUNCTIONS, "DROP FUNCTION IF EXISTS tongxin_bigrams(text); DROP FUNCTION IF EXISTS tongxin_folded(text[])"
    )


class AddNames(ModelOperation):
    """The columns of ``names``, added in one statement: the table is written anew, and locked, once and not twice.

    In a migration that is not atomic every table is locked for itself alone; what was added before it broke off stays.
    """

    def __init__(self, name: str, names: Names) -> None:
        super().__init__(name)
        self.names = names

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "names": self.names}

    def state_forwards(self, app_label: str, state: Any) -> None:
        for name, field in self._columns().items():
            state.add_field(app_label, self.name_lower, name, field, preserve_default=True)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        parts, values = [], []
        for name in self._columns():
            field = model._meta.get_field(name)
            sql, params = schema_editor.column_sql(model, field)
            parts.append(f"ADD COLUMN IF NOT EXISTS {schema_editor.quote_name(field.column)} {sql}")
            values += params
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} {', '.join(parts)}", values or None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        parts = ", ".join(f"DROP COLUMN IF EXISTS {schema_editor.quote_name(name)}" for name in self._columns())
        schema_editor.execute(f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} {parts}")

    def describe(self) -> str:
        return f"Add what rows of {self.name} are found by"

    def _columns(self) -> dict[str, models.GeneratedField]:
        return {"search_text": self.names.text_column(), "search": self.names.search_column()}


class Folded(Func):
    """The folded texts of some columns, one after another."""

    function = "tongxin_folded"
    output_field = models.TextField()


class Bigrams(Func):
    """The lexemes of a folded text."""

    function = "tongxin_bigrams"
    output_field = SearchVectorField()


@dataclass(frozen=True, kw_only=True)
class Names:
    """By what a row is found: words in its ``texts``; ``sounds`` (pinyin, initials); ``tails``, such as of a code.

    Stands on the model as ``names``; ``search_text`` and ``search`` are its columns, the second under GIN, without a
    list of what is pending: names are read far more often than written, and a long list would not be searched.
    """

    texts: tuple[str, ...]
    sounds: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()

    def text_column(self) -> models.GeneratedField:
        """For ``search_text``."""
        return models.GeneratedField(expression=Folded(*self.texts), output_field=models.TextField(), db_persist=True)

    def search_column(self) -> models.GeneratedField:
        """For ``search``."""
        every = Folded(*self.texts, *self.sounds, *self.tails)
        return models.GeneratedField(expression=Bigrams(every), output_field=SearchVectorField(), db_persist=True)

    def having(self, word: str, *, tails: bool = True) -> Q:
        """``word`` stands in a text; or begins a sound (or stands in it, from two letters on); or, with four signs and
        more, ends a tail, unless these are not asked (``tails``). The index narrows, the columns confirm.
        """
        found = [Q(search_text__contains=word)]
        if word.isascii():
            how = "contains" if len(word) > 1 else "startswith"
            found += [Q(**{f"{name}__{how}": word}) for name in self.sounds]
            if tails and len(word) >= 4:
                found += [Q(**{f"{name}__iendswith": word}) for name in self.tails]
        return Q(Matches(F("search"), Query(Value(query(word))))) & reduce(operator.or_, found)


def named(
    queryset: models.QuerySet[M], term: str, *, through: Sequence[str] = (), tails: bool = True
) -> models.QuerySet[M]:
    """The rows of ``queryset`` that have every word of ``term`` among their names, or those of what stands ``through``
    foreign keys. Each way has its own index, so that none is read whole. ``tails``: False for what everybody may
    search, who is not told which row a number belongs to.
    """
    for word in words_of(term):
        queryset = queryset.filter(_having(queryset.model, word, through, tails))
    return queryset


def _having(model: Any, word: str, through: Sequence[str], tails: bool) -> Q:
    names: Names | None = getattr(model, "names", None)
    if names and not through:
        return names.having(word, tails=tails)
    ways = [model._base_manager.filter(names.having(word, tails=tails)).values("pk")] if names else []
    for path in through:
        other = model
        for step in path.split("__"):
            other = other._meta.get_field(step).related_model
        keys = other._base_manager.filter(other.names.having(word, tails=tails)).values("pk")
        ways.append(model._base_manager.filter(**{f"{path}__in": keys}).values("pk"))
    return Q(pk__in=ways[0].union(*ways[1:]))
