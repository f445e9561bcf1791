"""Needs in every situation, and steps sent as a browser sends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from deadlines.services.calendar import calendar
from needs.models import Need
from needs.services.errand_ends import subject_of
from needs.services.handling import accept_need
from needs.states import Office
from people.models import User
from tests.cast import Street, browser_of, say_need


def to(name: str, need: Need) -> str:
    return reverse(f"admin:needs_need_{name}", args=[need.pk])


def page_of(need: Need, person: User) -> Any:
    return browser_of(person).get(to("change", need))


def at(office: str) -> Callable[[Street], Need]:
    def need(street: Street) -> Need:
        made = say_need(street.home)
        Need.objects.filter(pk=made.pk).update(office=office)
        return Need.objects.get(pk=made.pk)

    return need


def in_hand(office: str) -> Callable[[Street], Need]:
    def need(street: Street) -> Need:
        made = at(office)(street)
        return accept_need(pk=made.pk, by=street.worker if office == Office.COMMUNITY else street.clerk)

    return need


def typed(name: str, words: str, here: Street) -> dict[str, str]:
    """Every field of the step, filled in."""
    fields = {
        "words": words,
        "why": words,
        "reason": words,
        "handover": words,
        "to": f"person:{here.secretary.pk}",
        "until": str(calendar().next_working(timezone.localdate(), 7)),
        "what": "买一瓶眼药水",
        "where": "湘湖路小区",
        "client_key": str(uuid4()),
    }
    if name == "decline":
        fields["reason"] = "consumer"
    return {f"{name}-{field}": value for field, value in fields.items()}


def _running(name: str, need: Need) -> dict[str, str]:
    """Who has the errand in hand, as the page carries it."""
    claim = Claim.objects.live().filter(offer__subject=subject_of(need.pk)).first()
    return {f"{name}-claim": str(claim.pk), f"{name}-claim_version": str(claim.version)} if claim else {}


def take(name: str, need: Need, person: User, here: Street, **changes: str) -> Any:
    """The step as ``person`` sends it, opened on the newest version."""
    version = Need.objects.values_list("version", flat=True).get(pk=need.pk)
    sent = {**typed(name, "请帮着看看", here), f"{name}-version": str(version), **_running(name, need), **changes}
    return browser_of(person).post(to(name, need), sent)
