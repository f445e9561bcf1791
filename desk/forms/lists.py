"""One page, two lists: a small form for each line, named by its key. They carry what was typed, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, Invalid
from alliance.lib.text import fold
from needs.models import ListLine
from needs.services.list_filling import Typed, facts_of
from needs.states.lists import ListSide
from resources.models import ResourceKind

KEPT = "kept"
"""Lines of last year's that are still on the shelf and go on: ticked, not typed."""
MOST = 80


def kinds() -> list[tuple[str, Any]]:
    """The kinds of the warehouse below their headings."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = ResourceKind.objects.sorts().select_related("parent").order_by("parent__position", "position")
    for kind in rows:
        groups.setdefault(kind.parent.label if kind.parent else "", []).append((kind.key, kind.label))
    return [("", _now("请选")), *groups.items()]


class LineForm(forms.Form):
    """One line; ``key`` is its name on the page and in the table."""

    what = forms.CharField(label=_("是什么"), required=False)
    kind = forms.ChoiceField(label=_("种类"), required=False)
    amount = forms.CharField(label=_("多少"), required=False, help_text=_("场地写坐得下几个人"))
    whom = forms.CharField(label=_("给谁的"), required=False)
    on_when = forms.CharField(label=_("什么时候"), required=False)

    def __init__(self, data: Any = None, *, key: str, side: str, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(data, prefix=key, auto_id="id_%s", label_suffix="", **kwargs)
        self.key, self.side = key, side
        if side == ListSide.NEED:
            del self.fields["kind"], self.fields["amount"]
            return
        kind: Any = self.fields["kind"]
        kind.choices = choices
        self.fields["what"].label = _("能提供什么")
        self.fields["whom"].label = _("给谁用")

    def typed(self) -> Typed:
        """What stands in it; what is no number is -1, which the service refuses at its field."""

        def said(name: str) -> str:
            return str(self.data.get(self.add_prefix(name), ""))

        number = fold(said("amount"), 12) if self.side == ListSide.GIVE else ""
        amount = (int(number) if number.isascii() and number.isdigit() else -1) if number else None
        kind = said("kind") if self.side == ListSide.GIVE else ""
        texts = {name: said(name) for name in ("what", "whom", "on_when")}
        return Typed(key=UUID(self.key), side=self.side, kind=kind, amount=amount, **texts)


def stored_forms(lines: Iterable[ListLine], side: str, choices: Any, blank: int) -> list[LineForm]:
    """A form for each draft of ``side``, and ``blank`` empty ones."""
    found = [
        LineForm(key=str(line.client_key), side=side, choices=choices, initial=_shown(line))
        for line in lines
        if line.side == side
    ]
    return found + [LineForm(key=str(uuid4()), side=side, choices=choices) for _n in range(blank)]


def _shown(line: ListLine) -> dict[str, Any]:
    return {**facts_of(line), "amount": "" if line.amount is None else line.amount}


def sent_forms(data: QueryDict, side: str, choices: Any) -> list[LineForm]:
    """The forms of ``side`` as they were sent, in their order; a key that is none is nobody's."""
    keys = list(dict.fromkeys(key for key in data.getlist(side)[:MOST] if is_key(key)))
    return [LineForm(data, key=key, side=side, choices=choices) for key in keys]


def typed_of(line: ListLine) -> Typed:
    """A line that stands, as if it had been typed again."""
    facts: Mapping[str, Any] = facts_of(line)
    return Typed(**{**facts, "key": line.client_key})


def is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def put_errors(formset: Iterable[LineForm], error: DomainError) -> list[str]:
    """The refusal at the fields it names (``<key>.<field>``); returns what belongs to the page as a whole."""
    by_key = {form.key: form for form in formset}
    fields = error.fields if isinstance(error, Invalid) else {}
    left: list[str] = [] if fields else [str(error.message)]
    for name, texts in fields.items():
        key, _dot, field = name.partition(".")
        form = by_key.get(key)
        for text in texts:
            if form is not None and field in form.fields:
                form.is_valid()
                form.add_error(field, str(text))
            else:
                left.append(str(text))
    return left
