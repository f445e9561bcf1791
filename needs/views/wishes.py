"""Contexts of the workbench's pages about wishes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.onward import onward
from alliance.lib.privacy import mask_name, mask_phone
from alliance.lib.public_text import warnings
from claims.models import Claim
from claims.permissions import abilities as claim_abilities
from claims.permissions import brought_by
from claims.states import ON_THE_WAY
from claims.states import Verb as ClaimVerb
from files import services as files
from needs import wording
from needs.forms.wishes import ClaimForm, HouseholdForm, ReasonForm, VerifyForm
from needs.models import Wish
from needs.permissions import WISH_REVEAL, another_secretary, falls_to_street, wish_abilities
from needs.presenting import wishes as presenting
from needs.presenting.fitting import fitting_wish_rows
from needs.presenting.wish_around import WishAround, wish_around
from needs.services.wish_limits import brought_subject
from needs.services.wish_stages import may_reopen, may_withdraw, stage_of
from needs.states.wish import VERIFIERS, WishStage, WishVerb
from people.models import User
from people.visitors import signed_in

STEPS = (ClaimVerb.CONFIRM, ClaimVerb.NOT_THERE, ClaimVerb.DELIVER, ClaimVerb.RELEASE)
"""What the community does to a claim, in the order of the buttons."""


def wish_context(request: HttpRequest, wish: Wish, **forms: Any) -> dict[str, Any]:
    """Everything on the page of one wish; ``forms`` are refused ones that keep what was typed."""
    user = signed_in(request)
    may = wish_abilities(user, wish)
    around = wish_around([wish])
    version = {"version": wish.version}
    stage = stage_of(wish)
    context: dict[str, Any] = {
        "title": wish.item,
        "wish": facts(wish),
        "state": presenting.state(wish),
        "onward": onward(user, f"wish:{wish.pk}", wish.number),
        "strip": {
            "hand": presenting.hand(wish, around),
            "due": presenting.due(wish, around),
            "shares": presenting.shares(wish) or _("1份"),
            "from_need": _need(wish),
        },
        "can": {
            "edit": WishVerb.EDIT in may,
            "verify": WishVerb.VERIFY in may,
            "approve": WishVerb.APPROVE in may,
            "reject": WishVerb.REJECT in may,
            "withdraw": WishVerb.WITHDRAW in may and may_withdraw(wish) and stage != WishStage.UNDER_WAY,
            "reopen": WishVerb.REOPEN in may and may_reopen(wish),
            "household": WISH_REVEAL in may,
            "reason": not user.roles_at(wish.area_id) & VERIFIERS,
        },
        "why_not": _why_not(wish, may, user.pk, around),
        "then": _then(wish, user) if WishVerb.VERIFY in may else "",
        "verified": _verified(wish),
        "warnings": warnings([wish.item, wish.story, wish.called], [wish.beneficiary]),
        "verify_form": VerifyForm(initial=version),
        "reject_form": ReasonForm(prefix="reject", initial=version),
        "withdraw_form": ReasonForm(prefix="withdraw", initial=version),
        "household_form": HouseholdForm(),
        "fitting": fitting_wish_rows(wish) if WishVerb.PROPOSE in may and stage == WishStage.OPEN else None,
        "claims": _claims(around, wish, user, forms.get("claim_form")),
        "timeline": presenting.timeline(wish),
    }
    return {**context, **_renewed(wish, forms)}


def _renewed(wish: Wish, forms: dict[str, Any]) -> dict[str, Any]:
    """A stale form keeps its words; only its version becomes the newest, so that sending again is a decision."""
    for form in forms.values():
        if "stale" in forms and hasattr(form, "data") and not isinstance(form, ClaimForm):
            form.data = form.data.copy()
            form.data[form.add_prefix("version")] = str(wish.version)
    return forms


def facts(wish: Wish) -> dict[str, Any]:
    """What everybody reads, and what is masked."""
    return {
        "pk": wish.pk,
        "number": wish.number,
        "version": wish.version,
        "item": wish.item,
        "story": wish.story,
        "called": wish.called,
        "community": wish.area.name,
        "kind": wish.get_kind_display(),
        "cap": presenting.most(wish),
        "shares": wish.shares,
        "delivery": wish.get_delivery_display(),
        "masked_name": mask_name(wish.beneficiary),
        "masked_phone": mask_phone(wish.phone),
        "has_household": bool(wish.household),
        "raised": f"{wish.raised_by.name} · {wording.moment(wish.created_at)}",
    }


def _need(wish: Wish) -> dict[str, str] | None:
    if wish.need is None:
        return None
    return {"number": wish.need.number, "url": reverse("admin:needs_need_change", args=[wish.need.pk])}


def _verified(wish: Wish) -> dict[str, str] | None:
    if wish.verified_by is None or wish.verified_at is None:
        return None
    return {"who": wish.verified_by.name, "at": wording.moment(wish.verified_at), "how": wish.verified_how}


def _then(wish: Wish, user: User) -> str:
    """Who says yes or no once ``user`` has verified it, where that is not the community's secretary."""
    if not falls_to_street(wish, user):
        return ""
    if another_secretary(wish, None):
        return _("您是%(community)s唯一的书记，核实以后由街道来审批。") % {"community": wish.area.name}
    return _("%(community)s现在没有书记，核实以后由街道来审批。") % {"community": wish.area.name}


def _why_not(wish: Wish, may: frozenset[str], user_pk: int, around: WishAround) -> str:
    """Why this person finds no button to decide, while the wish waits for a decision."""
    if stage_of(wish) != WishStage.TO_VERIFY or WishVerb.APPROVE in may or wish.verified_by_id is None:
        return ""
    who = {"who": presenting.approver(wish, around)}
    if wish.verified_by_id == user_pk:
        return _("您核实的，要请另一位来审批：现在等%(who)s。") % who
    return _("等%(who)s审批。") % who


def _claims(around: WishAround, wish: Wish, user: Any, refused: ClaimForm | None) -> list[dict[str, Any]]:
    """The claims as the community sees them: who, until when, photos, and what may be done.

    ``refused``: the form of one step that was just refused, with what was typed.
    """
    claims = around.claims_of(wish)
    brought, found = brought_by(claims), []
    for claim in claims:
        claim.offer = wish.offer  # type: ignore[assignment]
        may = claim_abilities(user, claim, brought=brought)
        why_not = _("您说送到的，请另一位同事来代确认。") if brought.get(claim.pk) == user.pk else ""
        found.append(
            {**_claim(claim, wish, may, refused), "why_not": why_not, "confirm_by": _confirm_by(claim, around)}
        )
    return found


def _confirm_by(claim: Claim, around: WishAround) -> str:
    """Until when the community says whether it was brought; empty where nothing waits for that."""
    wait = around.stages.get(brought_subject(claim.pk))
    return wording.day(wait.due_on) if wait else ""


def _claim(claim: Claim, wish: Wish, may: frozenset[str], refused: ClaimForm | None) -> dict[str, Any]:
    labels = {
        ClaimVerb.CONFIRM: _("代确认：收到了"),
        ClaimVerb.NOT_THERE: _("没收到"),
        ClaimVerb.DELIVER: _("社区陪着送到了"),
        ClaimVerb.RELEASE: _("收回认领"),
    }
    steps = [
        {
            "label": labels[verb],
            "verb": verb.value,
            "main": verb == ClaimVerb.CONFIRM,
            "form": _step_form(claim, verb, refused),
        }
        for verb in STEPS
        if verb in may
    ]
    photos = [
        {"url": reverse("admin:needs_wish_photo", args=[wish.pk, photo.pk]), "name": photo.name}
        for photo in files.attachments("claim", str(claim.pk))
    ]
    return {
        "pk": claim.pk,
        "version": claim.version,
        "who": presenting.claimer(claim),
        "state": presenting.claim_state(claim),
        "since": wording.moment(claim.claimed_at),
        "until": presenting.last_day(claim.deliver_by) if claim.state in ON_THE_WAY else "",
        "brought": wording.moment(claim.delivered_at) if claim.delivered_at else "",
        "photos": photos,
        "steps": steps,
    }


def _step_form(claim: Claim, verb: str, refused: ClaimForm | None) -> ClaimForm:
    if refused is not None and (refused.data.get("claim"), refused.data.get("verb")) == (str(claim.pk), str(verb)):
        return refused
    start = {"claim": claim.pk, "verb": verb, "version": claim.version}
    return ClaimForm(initial=start, auto_id=f"id_{verb}_{claim.pk}_%s")
