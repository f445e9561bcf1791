"""The steps of a need over HTTP: parse, call one service, say what happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, DomainError
from needs.views.steps import Step
from needs.views.ways import WAYS
from people.visitors import signed_in


class StepViews:
    """What ``NeedAdmin`` answers for every step in the table."""

    _find: Callable[..., Any]
    _refused: Callable[..., HttpResponse]
    _by_post: Callable[..., Any]
    _back: Callable[..., HttpResponse]
    page: Callable[..., HttpResponse]

    def step_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        return [
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                wrap(self._by_post(partial(self.take_step, step))),
                name=f"needs_need_{name}",
            )
            for name, step in WAYS.items()
        ]

    def take_step(self, step: Step, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand what was typed to the step's service; a refusal comes back with every word."""
        user = signed_in(request)
        form = step.sent(request, self._find(request, pk), user)
        named = {f"{step.name}_form": form}
        if step.buttons and form.choice not in {value for value, _label, _then in step.buttons}:
            form.add_error(None, _("请按其中一个按钮，说定怎么办。"))
        if not form.is_valid():
            return self.page(request, pk, 422, **named)
        version = form.cleaned_data.get("version")
        try:
            if version is None:
                raise Conflict
            step.take(pk, user, version, form)
        except DomainError as error:
            return self._refused(request, pk, error, **named)
        messages.success(request, str(step.done))
        return self._back(pk)
