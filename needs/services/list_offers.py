"""What a unit can give becomes an offer of the shared warehouse: one mechanism, one approval."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from needs.models import ListLine, UnitLists
from people.models import User
from people.querysets import STREET_LENGTH
from resources.models import Resource
from resources.services import offer_resource
from resources.states import Form, ResourceState

MOST_WHAT = 60
FIELD = {"name": "what", "capacity": "amount", "quantity": "amount"}
"""Where a refusal of the warehouse belongs on the form."""


def still_offered(resource: Resource | None) -> bool:
    """Whether it stands on the shelf, or waits to."""
    return resource is not None and resource.state != ResourceState.STOPPED and not resource.is_over


def offer(line: ListLine, lists: UnitLists, by: User, errors: dict[str, list[Text]]) -> Resource | None:
    """The resource that ``line`` is from now on: last year's if it is still there, else a new one that waits for the
    street. What is wrong is added to ``errors``; then None.
    """
    if still_offered(line.resource):
        return line.resource
    if line.kind is None:
        errors[f"{line.client_key}.kind"] = [_("请选一个种类。")]
        return None
    if line.kind.form == Form.SPACE and line.amount is None:
        errors[f"{line.client_key}.amount"] = [_("请写可以容纳几个人。")]
        return None
    try:
        return offer_resource(client_key=line.client_key, by=by, area=_place(lists), unit=lists.unit_id, **_typed(line))
    except Invalid as error:
        for name, texts in error.fields.items():
            errors.setdefault(f"{line.client_key}.{FIELD.get(name, 'what')}", []).extend(texts)
        return None


def _typed(line: ListLine) -> Any:
    said = [(_now("什么时候"), line.on_when), (_now("给谁用"), line.whom)]
    words = "\n".join(_now("%(what)s：%(value)s") % {"what": what, "value": value} for what, value in said if value)
    typed: dict[str, Any] = {"kind": line.kind.key if line.kind else "", "name": line.what, "words": words}
    if line.kind and line.kind.form == Form.SPACE:
        return {**typed, "capacity": line.amount}
    return {**typed, "quantity": line.amount or 1}


def _place(lists: UnitLists) -> str:
    """Where the unit sits, if that is in the alliance's place; else the alliance's own."""
    here, alliance = lists.unit.area_id, lists.round.alliance.area_id
    inside = here.startswith(alliance) and len(here) >= STREET_LENGTH
    return here if inside else alliance
