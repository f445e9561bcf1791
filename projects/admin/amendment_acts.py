"""The ways to go on with an agreement's amendment, on the page of the agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, RuleBroken
from files import services as files
from members.models import Liaison
from people.models import User
from projects import services
from projects.forms import acts as forms
from projects.models import Agreement, Amendment
from projects.permissions import keeps, paper_abilities, sides
from projects.presenting.shown import once
from projects.services.amending import draft_amendment
from projects.services.held import asks_of
from projects.states import AMENDMENT_WORKFLOW, OPEN_AMENDMENTS, AgreementState, PaperVerb
from resources.admin.acts import Act

OVER = _("这份补充协议已经签了，或者不签了。")


def silent(paper: Any) -> list[tuple[int, str]]:
    """Units that have not answered and for which nobody speaks online."""
    spoken = Liaison.objects.active().values("unit")
    asks = asks_of(paper).open().filter(turn=paper.turn).exclude(party__unit__in=spoken).select_related("party")
    return [(ask.pk, ask.party.name) for ask in asks]


def on_paper(pk: int, by: User, version: int, form: Any) -> Any:
    """What is refused keeps the pages that were sent: they are held under the key of the form."""
    given, key = form.cleaned_data, ""
    if given["hold_key"]:
        key = f"paper:{by.pk}:{given['hold_key']}"
        hold_pages(form.files.getlist(form.add_prefix("scan")), key, by)
    said = {"version": version, "words": given["words"], "hold_key": key}
    return services.confirm_on_paper(pk=int(given["ask"]), by=by, **said)


def hold_pages(uploads: Iterable[Any], key: str, by: User) -> None:
    """Raises ``Invalid`` at ``scan``."""
    for upload in uploads:
        keep = files.hold_document if (upload.name or "").lower().endswith(".pdf") else files.hold_photo
        try:
            keep(upload, hold_key=key, created_by=by)
        except Invalid as error:
            raise Invalid({"scan": [text for texts in error.fields.values() for text in texts]}) from error


def open_amendment(row: Agreement) -> Amendment | None:
    """The one that is under way."""
    found = next((one for one in row.amendments.all() if one.state in OPEN_AMENDMENTS), None)
    if found is not None:
        found.agreement = row
    return found


def _added(service: Callable[..., Any]) -> Callable[[int, User, int, Any], Any]:
    """The service takes every field of the form, for the amendment that is under way."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        found = Amendment.objects.visible_to(by).filter(agreement=pk, state__in=OPEN_AMENDMENTS).first()
        if found is None:
            raise RuleBroken(OVER)
        return service(of=Amendment, pk=found.pk, by=by, version=version, **form.given())

    return take


def _may_added(verb: str) -> Callable[[Any, User], bool]:
    def fits(row: Any, user: User) -> bool:
        found = open_amendment(row)
        return found is not None and verb in may_added(found, user)

    return fits


def may_added(found: Amendment, user: User) -> frozenset[str]:
    """What ``user`` may do with the one under way, as the page shows it."""
    return once(found, ("able", user.pk), lambda: paper_abilities(user, found))


def _late(verb: str) -> Callable[[Any, User], bool]:
    """Whoever might take the step at an amendment in one of its states."""

    def late(row: Any, user: User) -> bool:
        mine = sides(user, row)
        return any(step.actors & mine for step in AMENDMENT_WORKFLOW.transitions if step.verb == verb)

    return late


def _its_silent(row: Any, user: User) -> dict[str, Any]:
    found = open_amendment(row)
    version = {"initial": {"version": found.version if found else None}}
    return {**version, "asks": once(found, "silent", lambda: silent(found)) if found else []}


def _may_on_paper(row: Any, user: User) -> bool:
    return keeps(user, row.area_id) and bool(_its_silent(row, user)["asks"])


def _its_version(row: Any, user: User) -> dict[str, Any]:
    """The form is about the amendment as it was seen."""
    found = open_amendment(row)
    return {"initial": {"version": found.version if found else None}}


def _edit_added(pk: int, by: User, version: int, form: Any) -> Any:
    found = Amendment.objects.visible_to(by).filter(agreement=pk, state__in=OPEN_AMENDMENTS).first()
    if found is None:
        raise RuleBroken(OVER)
    given = {name: value for name, value in form.given().items() if name != "client_key"}
    return services.edit_amendment(pk=found.pk, by=by, version=version, **given)


def _as_drafted(row: Any, user: User) -> dict[str, Any]:
    found = open_amendment(row)
    if found is None:
        return {}
    return {"initial": {"version": found.version, "words": found.words, "new_ends_on": found.new_ends_on}}


def _amend(pk: int, by: User, version: int, form: Any) -> Any:
    return draft_amendment(agreement=pk, by=by, version=version, **form.given())


def _may_amend(row: Any, user: User) -> bool:
    running = row.state == AgreementState.RUNNING and PaperVerb.REVIEW in paper_abilities(user, row)
    return running and open_amendment(row) is None


ADDED_ACTS = (
    Act(
        name="amend",
        verb=None,
        label=_("拟补充协议"),
        button=_("拟好了"),
        take=_amend,
        done=_("拟好了，请看一遍再送单位确认。"),
        form=forms.AmendForm,
        fits=_may_amend,
        late=lambda row, user: keeps(user, row.area_id),
    ),
    Act(
        name="edit_added",
        verb=None,
        label=_("改补充协议"),
        button=_("改好了"),
        take=_edit_added,
        done=_("改好了。"),
        form=forms.AmendForm,
        fits=_may_added(PaperVerb.EDIT),
        late=_late(PaperVerb.EDIT),
        arguments=_as_drafted,
    ),
    Act(
        name="send_added",
        verb=None,
        label=_("补充协议：请单位确认"),
        take=_added(services.send_paper),
        done=_("送出去了。"),
        fits=_may_added(PaperVerb.SEND),
        late=_late(PaperVerb.SEND),
        arguments=_its_version,
    ),
    Act(
        name="approve_added",
        verb=None,
        label=_("补充协议：同意签约"),
        take=_added(services.approve_paper),
        done=_("同意了，可以签约。"),
        fits=_may_added(PaperVerb.APPROVE),
        late=_late(PaperVerb.APPROVE),
        arguments=_its_version,
    ),
    Act(
        name="refuse_added",
        verb=None,
        label=_("补充协议：退回修改"),
        take=_added(services.refuse_paper),
        done=_("退回了。"),
        form=forms.WordsForm,
        fits=_may_added(PaperVerb.REFUSE),
        late=_late(PaperVerb.REFUSE),
        arguments=_its_version,
    ),
    Act(
        name="on_paper_added",
        verb=None,
        label=_("补充协议：登记书面确认"),
        take=on_paper,
        done=_("记下了。"),
        form=forms.PaperForm,
        hint=_("只用于没有联络员的单位。"),
        fits=_may_on_paper,
        late=lambda row, user: keeps(user, row.area_id),
        arguments=_its_silent,
    ),
    Act(
        name="recall_added",
        verb=None,
        label=_("补充协议：收回修改"),
        take=_added(services.recall_paper),
        done=_("收回了，可以改。"),
        form=forms.WordsForm,
        fits=_may_added(PaperVerb.RECALL),
        late=_late(PaperVerb.RECALL),
        arguments=_its_version,
    ),
    Act(
        name="drop_added",
        verb=None,
        label=_("补充协议：不签了"),
        button=_("这份补充协议不签了"),
        tone="danger",
        take=_added(services.drop_paper),
        done=_("不签了。"),
        form=forms.WordsForm,
        fits=_may_added(PaperVerb.DROP),
        late=_late(PaperVerb.DROP),
        arguments=_its_version,
    ),
)
