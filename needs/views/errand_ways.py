"""What the community does about an errand that is out: says that it arrived or not, takes it back, takes it down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict
from claims import services as claims
from claims.models import Claim
from claims.permissions import abilities
from claims.states import ClaimState, Verb
from needs import wording
from needs.forms import triage as forms
from needs.models import Need
from needs.presenting.under_way import running_errand
from needs.services.errand_ends import subject_of
from needs.views.steps import Step
from people.models import User

MOVED = _("跑腿的情况刚变了，请看看最新的。")


def called_off(need: Need) -> dict[str, str]:
    """What a step that takes the errand down says above its form; nothing where none is out."""
    errand, claim = running_errand(need)
    if errand is None:
        return {}
    if claim is not None and claim.state == ClaimState.AWAITING:
        return {"line": gettext("志愿者说送到了：这样办，跑腿就记成送到了。")}
    if claim is not None:
        return {"line": gettext("有志愿者正在跑腿：这样办，跑腿就撤下，会告诉志愿者不用去了。")}
    return {"line": gettext("跑腿正等人接单：这样办，跑腿就撤下。")}


def unit_leaves(need: Need) -> dict[str, str]:
    """What a step that ends a unit's help says above its form; nothing where none was asked."""
    if need.unit is None:
        return {}
    said = {"unit": need.unit, "said": wording.coming(need)}
    asked = gettext("请了%(unit)s（%(said)s）：") if said["said"] else gettext("请了%(unit)s：")
    return {"line": gettext("%(asked)s这样办，就不用它来了，会告诉它。") % {"asked": asked % said}}


def ends_help(need: Need) -> dict[str, str]:
    """``called_off`` and ``unit_leaves``: all that a step which takes the need away ends."""
    lines = [found["line"] for found in (called_off(need), unit_leaves(need)) if found]
    return {"line": "".join(lines)} if lines else {}


def _open_to(verb: str) -> Callable[[Need, User], bool]:
    def able(need: Need, user: User) -> bool:
        _errand, claim = running_errand(need)
        return claim is not None and verb in abilities(user, claim)

    return able


def _running(need: Need, user: User) -> dict[str, Any]:
    return {"running": running_errand(need)[1]}


def _take(service: Callable[..., Any], field: str = "") -> Callable[..., Any]:
    """``service`` for the very claim that stood on the page: another one, or another state of it, is a conflict."""

    def take(pk: int, by: User, version: int, form: Any) -> Any:
        given = form.cleaned_data
        key, seen = given.get("claim"), given.get("claim_version")
        if seen is None or not Claim.objects.filter(pk=key, offer__subject=subject_of(pk)).exists():
            raise Conflict(MOVED)
        try:
            return service(claim_id=key, by=by, version=seen, note=given.get(field, ""))
        except Conflict as error:
            raise Conflict(MOVED) from error

    return take


ERRAND = (
    Step(
        name="errand_confirm",
        verb=None,
        label=_("跑腿：送到了"),
        hint=_("东西到了居民手里，替居民确认。确认后这件事办好了，请居民评价。"),
        button=_("代居民确认收到"),
        done=_("确认了，谢谢志愿者。"),
        form=forms.ErrandClaimForm,
        arguments=_running,
        tone="main",
        open_to=_open_to(Verb.CONFIRM),
        take=_take(claims.confirm),
    ),
    Step(
        name="errand_not_there",
        verb=None,
        label=_("跑腿：没收到"),
        button=_("告诉志愿者没收到"),
        done=_("已告诉志愿者还没收到。"),
        form=forms.NoteForm,
        arguments=_running,
        open_to=_open_to(Verb.NOT_THERE),
        take=_take(claims.not_there, "words"),
    ),
    Step(
        name="errand_release",
        verb=None,
        label=_("跑腿：收回"),
        hint=_("接单的人一直没去的，收回来，别人可以再接。"),
        done=_("收回了，别人可以接单了。"),
        form=forms.NoteForm,
        arguments=_running,
        open_to=_open_to(Verb.RELEASE),
        take=_take(claims.release_claim, "words"),
    ),
)
