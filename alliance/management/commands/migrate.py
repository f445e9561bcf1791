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
    """An index or a constraint that comes or goes is noted in the model as it was drawn for migrations; a model that
    changed is drawn again with those that point to it.

    Django draws again whatever is related to it in any way, to whom the old model was never known as well: nearly
    everything, hundreds of times, and four fifths of a first start.
    """

    def append(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
        kept = state.models[app_label, model_name].options[option]
        _note(state, app_label, model_name, option, [*kept, added])

    def remove(state: ProjectState, app_label: str, model_name: str, option: str, name: str) -> None:
        kept = state.models[app_label, model_name].options[option]
        _note(state, app_label, model_name, option, [one for one in kept if one.name != name])

    ours = {"_append_option": append, "_remove_option": remove, "reload_model": _draw_again}
    before = {name: getattr(ProjectState, name) for name in ours}
    for name, way in ours.items():
        setattr(ProjectState, name, way)
    try:
        yield
    finally:
        for name, way in before.items():
            setattr(ProjectState, name, way)


def _draw_again(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    """Nothing is put off, whatever ``delay`` says: no drawn model is left that knows an old one."""
    if "apps" in state.__dict__:
        state._reload(_who_knows(state, (app_label, model_name)))


def _who_knows(state: Any, changed: tuple[str, str]) -> set[tuple[str, str]]:
    """The model that changed, and all that hold it: by a field, by inheriting, or by holding one that does."""
    found, new = set(), {changed}
    while new:
        found |= new
        bases = {f"{app_label}.{name}" for app_label, name in new}
        heirs = {
            key
            for key, one in state.models.items()
            if any(isinstance(b, str) and b.lower() in bases for b in one.bases)
        }
        new = heirs.union(*(state.relations.get(key, ()) for key in new)) - found
    return found


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
