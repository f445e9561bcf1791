"""An agreement and its amendments as papers: what each says, who confirmed it, its sealed pages, the sheet on A4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from alliance.lib.errors import NotFound
from files import services as files
from files.models import Attachment
from needs.links import qr_data_uri
from projects.models import Agreement, Amendment, Ask, Paper
from projects.presenting.agreement import SAID
from projects.services.signing import SCANS, scans_of
from projects.services.verifying import papers_of, stands
from projects.services.wording import compose
from projects.states import AmendmentState, Answer

FileUrl = Callable[[Paper, UUID], str]
PICTURE = "image/"


def label(paper: Paper) -> str:
    """协议正文, 补充协议第1号."""
    if isinstance(paper, Amendment):
        return _("补充协议第%(n)d号") % {"n": paper.ordinal}
    return _("协议正文")


def shown(row: Agreement, url: FileUrl) -> list[dict[str, Any]]:
    """The text as it was sent or signed, then the amendments that a unit may know of; their sealed pages."""
    sent = row.amendments.exclude(state=AmendmentState.DRAFT).filter(sent_at__isnull=False).order_by("ordinal")
    return [_shown(paper, url) for paper in ([row] if row.text else []) + list(sent)]


def _shown(paper: Paper, url: FileUrl) -> dict[str, Any]:
    signed = _("%(day)s签于%(place)s") % {"day": day_of(paper.signed_on), "place": paper.signed_place}
    state: Any = paper
    return {
        "label": label(paper),
        "state": "" if isinstance(paper, Agreement) else state.get_state_display(),
        "signed": signed if paper.is_signed else "",
        "text": paper.text,
        "code": paper.sha256,
        "stands": not paper.is_signed or stands(paper),
        "scans": scans(paper, url),
    }


def scans(paper: Paper, url: FileUrl) -> list[dict[str, Any]]:
    """The sealed pages of ``paper``: their names, sizes and addresses."""
    return [_file(one, url(paper, one.pk)) for one in scans_of(paper)] if paper.is_signed else []


def sealed(signed: list[Paper], url: FileUrl) -> list[tuple[Paper, list[dict[str, Any]]]]:
    """The sealed pages of several papers: one query for each kind of paper."""
    kept = {
        kind: files.attachments_of(name, [str(one.pk) for one in signed if isinstance(one, kind)])
        for kind, name in SCANS.items()
    }
    return [(one, [_file(row, url(one, row.pk)) for row in kept[type(one)].get(str(one.pk), [])]) for one in signed]


def _file(one: Attachment, url: str) -> dict[str, Any]:
    return {"name": one.name, "size": one.size, "url": url, "is_picture": one.content_type.startswith(PICTURE)}


def require_of(row: Agreement, kind: str, owner: int) -> Paper:
    """The agreement or one of its amendments, by the name its pages are kept under. Raises ``NotFound``."""
    if kind == SCANS[Agreement] and owner == row.pk:
        return row
    found = row.amendments.filter(pk=owner).first() if kind == SCANS[Amendment] else None
    if found is None:
        raise NotFound
    paper: Paper = found
    return paper


def parties_said(row: Agreement) -> list[dict[str, Any]]:
    """Each unit of the agreement, what it takes on, and what it said to the text as it stands."""
    asks = Ask.objects.filter(party__agreement=row, amendment=None, turn=row.turn, void_at__isnull=True)
    said = {ask.party_id: Answer(ask.answer) for ask in asks} if row.turn else {}
    return [
        {
            "name": party.name,
            "duties": party.duties,
            "label": "" if row.is_signed or party.pk not in said else SAID[said[party.pk]][0],
            "tone": "ok" if said.get(party.pk) == Answer.YES else "warn",
            "left": _("%(day)s退出") % {"day": day_of(party.left_on)} if party.left_on else "",
        }
        for party in row.parties.bound()
    ]


def sheet(row: Agreement, *, back: str) -> dict[str, Any]:
    """The text on A4: as signed with its code, before that as it was sent, or as it is drafted."""
    check = settings.SITE_URL.rstrip("/") + reverse("projects:check", args=[row.number])
    signed = [
        {"text": paper.text, "code": paper.sha256, "qr": _qr(check, paper.sha256), "is_first": paper == row}
        for paper in papers_of(row)
    ]
    return {
        "agreement": row,
        "papers": signed or [{"text": row.text or compose(row), "code": "", "qr": "", "is_first": True}],
        "seals": [(party.name, party.left_on) for party in row.parties.bound()],
        "check_page": check,
        "back": back,
    }


def _qr(check: str, code: str) -> str:
    return qr_data_uri(f"{check}?code={code}") if settings.SITE_URL else ""
