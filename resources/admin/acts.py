"""How a way to go on with a resource or a booking stands on its page: for whom, with which form, calling which service.

A page lists its acts; addresses, refusals and stale forms are the same code for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound, Text
from alliance.lib.refused import add_errors
from people.models import User
from people.visitors import signed_in
from resources.forms.acts import ActForm

STALE = _("这一页打开以后，有人改过了。下面已是最新的，请看一眼再点；您写的还在。")


@dataclass(frozen=True)
class Group:
    """A heading above some of a page's acts; ``folded``: they are seldom wanted, and stand behind 更多."""

    label: Text
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Act:
    """One way on: ``name`` is its address and the prefix of its form, ``verb`` the ability that shows it.

    Without a verb ``fits`` alone decides. ``arguments`` is what its form needs to know; ``take`` gets the key, the
    person, the version and the form.
    """

    name: str
    verb: str | None
    label: Text
    take: Callable[[int, User, int, Any], Any]
    done: Text
    form: type[ActForm] = ActForm
    hint: Text = ""
    button: Text = ""
    buttons: tuple[tuple[str, Text, Text], ...] = ()
    tone: str = ""
    unfolded: bool = False
    group: Group | None = None
    fits: Callable[[Any, User], bool] = lambda row, user: True
    arguments: Callable[[Any, User], dict[str, Any]] = lambda row, user: {}
    onward: Callable[[Any], str] = lambda result: ""
    said: Callable[[Any], Text] = lambda result: ""
    """What is said afterwards where that depends on what came of it; else ``done``."""
    late: Callable[[Any, User], bool] = lambda row, user: False
    """Of an act without a verb: who could take it in another state, and is told by the service that it is too late."""

    def blank(self, row: Any, user: User) -> ActForm:
        given = dict(self.arguments(row, user))
        initial = {"version": row.version, **given.pop("initial", {})}
        return self.form(prefix=self.name, initial=initial, **given)

    def sent(self, request: HttpRequest, row: Any, user: User) -> ActForm:
        given = {name: value for name, value in self.arguments(row, user).items() if name != "initial"}
        form = self.form(request.POST, request.FILES, prefix=self.name, **given)
        form.choice = request.POST.get("choice", "")
        return form

    def seen_as(self, row: Any, user: User) -> Any:
        """The version the form is about, as it is now: of the row, or of what the act names instead."""
        return self.blank(row, user).initial.get("version", row.version)

    def shown(self, form: ActForm, url: str) -> dict[str, Any]:
        """What the template reads."""
        return {
            "name": self.name,
            "label": self.label,
            "hint": self.hint,
            "about": {},
            "buttons": self.buttons or (("", self.button or self.label, ""),),
            "tone": self.tone,
            "url": url,
            "form": form,
            "open": form.is_bound or self.unfolded,
            "group": self.group,
        }


def simply(service: Callable[..., Any]) -> Callable[[int, User, int, Any], Any]:
    """The service takes every field of the form."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        return service(pk=pk, by=by, version=version, **form.given())

    return take


def grouped(acts: Sequence[Act], *groups: Group) -> tuple[Act, ...]:
    """The acts in the order of their groups: first what belongs to none."""
    order = (None, *groups)
    return tuple(sorted(acts, key=lambda act: order.index(act.group)))


def _has_words(form: ActForm | None) -> bool:
    """Whether something was typed that would be lost with the form."""
    return form is not None and any(field.value() for field in form.visible_fields())


class ActViews:
    """What an admin class answers for every act in its ``acts``."""

    acts: tuple[Act, ...] = ()
    opts: Any
    page: Callable[..., HttpResponse]
    _find: Callable[..., Any]
    able: Callable[[User, Any], frozenset[str]]
    parties: Callable[[User, Any], frozenset[Any]]
    """What a person is to a row: the actors of its table of steps."""

    def act_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                f"<int:pk>/{act.name.replace('_', '-')}/", wrap(partial(self.take_act, act)), name=f"{label}_{act.name}"
            )
            for act in self.acts
        ]

    def change_url(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def offered(self, row: Any, user: User) -> list[Act]:
        """The acts that stand on the page of ``row`` for ``user``."""
        may = self.able(user, row)
        return [act for act in self.acts if act.verb in (None, *may) and act.fits(row, user)]

    def shown_acts(self, row: Any, user: User, refused: dict[str, Any]) -> list[dict[str, Any]]:
        """The acts for the template; a refused form keeps what was typed and stands open, alone."""
        label, found = f"admin:{self.opts.app_label}_{self.opts.model_name}", []
        offered = self.offered(row, user)
        for act in self.acts:
            if act not in offered and not _has_words(refused.get(act.name)):
                continue
            form = refused.get(act.name) or act.blank(row, user)
            found.append(act.shown(form, reverse(f"{label}_{act.name}", args=[row.pk])))
        if any(one["form"].is_bound for one in found):
            return [{**one, "open": one["form"].is_bound} for one in found]
        return found

    def take_act(self, act: Act, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand what was typed to the act's service; a refusal comes back with every word."""
        user, row = signed_in(request), self._find(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self.change_url(pk))
        if not self._open_to(act, row, user):
            raise NotAllowed
        form = act.sent(request, row, user)
        if not form.is_valid():
            return self.page(request, pk, 422, refused={act.name: form})
        version = form.cleaned_data.get("version")
        try:
            if version is None:
                raise Conflict(STALE)
            result = act.take(pk, user, version, form)
        except DomainError as error:
            return self._refused(request, pk, act, form, error)
        messages.success(request, str(act.said(result) or act.done))
        return HttpResponseRedirect(act.onward(result) or self.change_url(pk))

    def _open_to(self, act: Act, row: Any, user: User) -> bool:
        """Whoever could take it in another state is told by the service that it is too late."""
        if act.verb is None:
            return act.fits(row, user) or act.late(row, user)
        if act.verb in self.able(user, row):
            return act.fits(row, user)
        mine = self.parties(user, row)
        steps = (step for step in row.workflow.transitions if step.verb == act.verb and step.source != row.state)
        return any(step.actors & mine for step in steps)

    def _refused(self, request: HttpRequest, pk: int, act: Act, form: ActForm, error: DomainError) -> HttpResponse:
        if error.status == NotFound.status:
            raise error
        said: dict[str, Any] = {}
        if isinstance(error, Conflict):
            own = str(error.message) if error.message != Conflict.default else str(STALE)
            said, row = {"stale": own}, self._find(request, pk)
            typed: Any = form.data
            form.data = again = typed.copy()
            again[form.add_prefix("version")] = str(act.seen_as(row, signed_in(request)))
        else:
            add_errors(form, error)
        if not any(one.name == act.name for one in self.offered(self._find(request, pk), signed_in(request))):
            said = {"stale": str(error.message)}
        return self.page(request, pk, 422 if error.status == 400 else error.status, refused={act.name: form}, **said)
