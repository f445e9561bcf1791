"""Django's ``migrate``, quicker: a first start waits for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["app_label"]:  # to a place somebody names, perhaps back
            super().handle(*args, **options)
            return
        with drawn_less(), garbage_waits():
            super().handle(*args, **options)


@contextmanager
def drawn_less() -> Iterator[None]:
    """An index or a constraint that comes or goes is noted in the model as it was drawn for migrations.

    Django draws that model and all around it again, for each of hundreds: two thirds of a first start.
    """

    def append(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
        kept = state.models[app_label, model_name].options[option]
        _note(state, app_label, model_name, option, [*kept, added])

    def remove(state: ProjectState, app_label: str, model_name: str, option: str, name: str) -> None:
        kept = state.models[app_label, model_name].options[option]
        _note(state, app_label, model_name, option, [one for one in kept if one.name != name])

    states: Any = ProjectState
    before = states._append_option, states._remove_option
    states._append_option, states._remove_option = append, remove
    try:
        yield
    finally:
        states._append_option, states._remove_option = before


def _note(state: ProjectState, app_label: str, model_name: str, option: str, now: list[Any]) -> None:
    state.models[app_label, model_name].options[option] = now
    if "apps" in state.__dict__:  # something is drawn
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option, list(now))
        meta.__dict__.pop("total_unique_constraints", None)


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Models drawn again are circles, by the thousand: looked for seldom, they cost a little memory and no time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
