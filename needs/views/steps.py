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


@dataclass(frozen=True, kw_only=True)
class Step:
    """One way on: ``name`` is its address and the prefix of its form, ``verb`` the ability that shows it.

    ``open_to`` asks more of the need than the table of steps does; ``arguments`` is what its form needs to know.
    """

    name: str
    verb: Verb
    label: Text
    hint: Text = ""
    button: Text = ""
    done: Text
    form: type[StepForm] = WhyForm
    tone: str = ""
    take: Callable[[int, User, int, Any], Any]
    open_to: Callable[[Need], bool] = lambda need: True
    arguments: Callable[[Need, User], dict[str, Any]] = lambda need, user: {}
    initial: Callable[[Need], dict[str, Any]] = lambda need: {}

    def blank(self, need: Need, user: User) -> StepForm:
        """The form as it stands on the page."""
        initial = {"version": need.version, **self.initial(need)}
        return self.form(prefix=self.name, initial=initial, **self.arguments(need, user))

    def sent(self, request: HttpRequest, need: Need, user: User) -> StepForm:
        """The form as it was sent."""
        return self.form(request.POST, prefix=self.name, **self.arguments(need, user))

    def shown(self, need: Need, form: StepForm) -> dict[str, Any]:
        """What the template reads."""
        return {
            "name": self.name,
            "label": self.label,
            "hint": self.hint,
            "button": self.button or self.label,
            "tone": self.tone,
            "url": reverse(f"admin:needs_need_{self.name}", args=[need.pk]),
            "form": form,
            "open": form.is_bound,
        }


STEPS: dict[str, Step] = {}
"""In the order in which they stand on the page."""


def add_steps(*steps: Step) -> None:
    STEPS.update({step.name: step for step in steps})


def offered(need: Need, may: frozenset[str]) -> list[Step]:
    """The steps that stand on the page of ``need`` for somebody with the abilities ``may``."""
    return [step for step in STEPS.values() if step.verb in may and step.open_to(need)]


def shown_steps(need: Need, user: User, steps: list[Step], refused: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``steps`` for the template; a refused form keeps what was typed and stands open."""
    return [step.shown(need, refused.get(f"{step.name}_form") or step.blank(need, user)) for step in steps]
