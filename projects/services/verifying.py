"""Whether what somebody holds in their hand is what was signed. For everybody; says nothing beyond that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from alliance.lib.text import clean
from projects.models import Agreement, Amendment, Paper
from projects.services.wording import digest

SHORTEST = 12
_HEX = re.compile(r"^[0-9a-f]{12,64}$")


@dataclass(frozen=True)
class Verdict:
    """``paper``: the one that it is; ``changed``: what is stored is not what its own digest says."""

    paper: Paper | None
    changed: bool = False


def verify(agreement: Agreement, *, code: str = "", text: str = "") -> Verdict:
    """Which of the signed papers ``code`` (the digest, or its beginning from twelve signs on) or ``text`` (the whole)
    belongs to. A paper whose stored text does not give its digest is said to have changed."""
    asked = re.sub(r"[\s-]", "", clean(code)).lower()
    wanted = {digest(text), digest(_tidied(text))} if text else set()
    for paper in papers_of(agreement):
        whole = digest(paper.text)
        named = bool(_HEX.match(asked)) and paper.sha256.startswith(asked)
        if named or paper.sha256 in wanted:
            return Verdict(paper, changed=whole != paper.sha256)
    return Verdict(None)


def papers_of(agreement: Agreement) -> list[Paper]:
    """What was signed: the agreement, then its amendments by number."""
    signed = Amendment.objects.filter(agreement=agreement, signed_at__isnull=False).order_by("ordinal")
    return [*([agreement] if agreement.is_signed else []), *signed]


def stands(paper: Paper) -> bool:
    """Whether the stored text still gives its digest."""
    return paper.is_signed and digest(paper.text) == paper.sha256


def _tidied(text: str) -> str:
    """As pasted from elsewhere: line ends of another system, blanks behind lines."""
    return "\n".join(line.rstrip(" \t") for line in clean(text).split("\n")) + "\n"
