"""How a way to go on with a need stands on its page: for whom, with which form, calling which service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from alliance.lib.errors import Text
from needs.forms.triage import StepForm, WhyForm
from needs.models import Need
from needs.states import Verb
from people.models import User

CHOICE = "choice"
"""The name of a step's buttons, where there are several."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One way on: ``name`` is its address and the prefix of its form, ``verb`` the ability that shows it.

    Without a verb ``open_to`` alone decides; else it asks more of the need than the table of steps does.
    ``arguments`` is what its form needs to know, ``about`` what stands above it (``line``, ``said``).
    ``buttons`` are several ways to send it, as value, label and what comes of it (may be empty), the usual one first;
    ``unfolded``: it is what this person is here for.
    """

    name: str
    verb: Verb | None
    label: Text
    take: Callable[[int, User, int, Any], Any]
    done: Text
    form: type[StepForm] = WhyForm
    hint: Text = ""
    button: Text = ""
    buttons: tuple[tuple[str, Text, Text], ...] = ()
    tone: str = ""
    unfolded: bool = False
    open_to: Callable[[Need, User], bool] = lambda need, user: True
    arguments: Callable[[Need, User], dict[str, Any]] = lambda need, user: {}
    about: Callable[[Need], Mapping[str, Any]] = lambda need: {}

    def blank(self, need: Need, user: User) -> StepForm:
        """The form as it stands on the page."""
        return self.form(prefix=self.name, initial={"version": need.version}, **self.arguments(need, user))

    def sent(self, request: HttpRequest, need: Need, user: User) -> StepForm:
        """The form as it was sent, with the button that sent it."""
        form = self.form(request.POST, prefix=self.name, **self.arguments(need, user))
        form.choice = request.POST.get(CHOICE, "")
        return form

    def shown(self, need: Need, form: StepForm) -> dict[str, Any]:
        """What the template reads."""
        return {
            "name": self.name,
            "label": self.label,
            "hint": self.hint,
            "about": self.about(need),
            "buttons": self.buttons or (("", self.button or self.label, ""),),
            "tone": self.tone,
            "url": reverse(f"admin:needs_need_{self.name}", args=[need.pk]),
            "form": form,
            "open": form.is_bound or self.unfolded,
        }


def offered(steps: Mapping[str, Step], need: Need, user: User, may: frozenset[str]) -> list[Step]:
    """Those of ``steps`` that stand on the page of ``need`` for ``user``, who has the abilities ``may``."""
    return [step for step in steps.values() if step.verb in (None, *may) and step.open_to(need, user)]


def shown_steps(need: Need, user: User, steps: list[Step], refused: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``steps`` for the template; a refused form keeps what was typed and stands open, alone."""
    rows = [step.shown(need, refused.get(f"{step.name}_form") or step.blank(need, user)) for step in steps]
    if any(row["form"].is_bound for row in rows):
        rows = [{**row, "open": row["form"].is_bound} for row in rows]
    return rows


def by_why(service: Any) -> Any:
    """A step whose form asks why and nothing else."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return service(pk=pk, by=by, version=version, why=form.cleaned_data["why"])

    return take


def by_words(service: Any) -> Any:
    """A step whose form asks for words and nothing else."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return service(pk=pk, by=by, version=version, words=form.cleaned_data["words"])

    return take


def by_all(service: Any) -> Any:
    """A step whose service takes every field of the form."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return service(pk=pk, by=by, **{**form.cleaned_data, "version": version})

    return take
