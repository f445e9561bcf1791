"""Every address of the site, and a world in which every one of them has something to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.http import SimpleCookie
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from knox.models import AuthToken

from audit.models import AuditEntry, AuditSeal
from audit.services import record, seal
from audit.states import Action
from deadlines.models import Due, WorkDay
from files.models import Attachment
from files.services import hold_photo
from members.models import Alliance, Liaison, Membership, MemberUnit
from members.services import (
    create_alliance,
    join_alliance,
)
from needs.messages import NeedReceived
from needs.models import Category, Need
from needs.services.wish_policy import save_policy
from notifications.models import Message
from notifications.services import make_card, save_robot
from people.models import Area, Consent, RoleGrant, User
from people.services.calendar_links import make_link
from tests.cast import Cast, Street, browser_of, fresh, resident, say_need
from tests.consistency.activity_rows import coming, proposed
from tests.consistency.lead_to import LEAD_TO
from tests.consistency.meeting_rows import met
from tests.consistency.papers import written
from tests.consistency.project_rows import agreed, served
from tests.consistency.rows import (
    answered,
    asked_to_sit,
    booked,
    claimed,
    described,
    errand,
    listed,
    merged,
    sitting,
    thanked,
)
from tests.consistency.volunteer_rows import given
from tests.files.pictures import photo, upload
from tests.needs.wishing import verified
from tests.notifications.asking import KIND
from transfers.models import ImportBatch
from transfers.services.exporting import request_export

ROLES = (
    "visitor",
    "liaison",
    "worker",
    "neighbour",
    "clerk",
    "leader",
    "system_admin",
    "security_admin",
    "audit_admin",
    "twin",
    "resident",
)
"""``neighbour`` works in another community of the street, ``twin`` in the other street; the rest are of the need's.
The ``resident`` signed in with the phone of that need."""


@dataclass(frozen=True)
class Route:
    """One address: its name (the pattern for the few that have none), its pattern, the names of its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """All addresses the resolver knows."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, pattern)
        elif isinstance(entry, URLPattern):
            name = namespace + entry.name if entry.name else pattern
            yield Route(name, pattern, tuple(_arguments(entry)))


def _arguments(entry: URLPattern) -> Iterator[str]:
    yield from entry.pattern.regex.groupindex


@dataclass(frozen=True)
class World:
    """The cast, one need of 万寿桥社区 with a photo, and one row of everything the workbench lists."""

    cast: Cast
    need: Need
    photo: Attachment
    resident: User
    rows: dict[str, Any]
    tokens: dict[str, str]
    """Of links that are not the need's, by the name of their address."""

    def person(self, role: str) -> User | None:
        if role == "visitor":
            return None
        if role == "resident":
            return self.resident
        return self.cast.xiasha.worker if role == "twin" else self.cast.chengxiang.people()[role]

    def path(self, route: Route) -> str:
        """The address with arguments that lead to rows of 城厢."""
        values = {
            "pk": str(self._pk(route.name)),
            "photo": str(self.photo.pk),
            "token": self.tokens.get(route.name, self.need.link_token),
            "number": self.rows["projects/agreement"].number,
            "indicator": str(self.rows["projects/indicator"].pk),
            "milestone": str(self.rows["projects/milestone"].pk),
            "signup": str(self.rows["volunteers/signup"].pk),
            "what": "agreement",
            "owner": str(self.rows["projects/agreement"].pk),
            "area": self.rows["projects/deed"].area_id,
            "rule": NeedReceived.rule,
            "part": "sms",
            "key": "needs" if route.name.startswith("portal:list") else "units",
            "unit": str(self.rows["members/memberunit"].pk),
            "document": str(self.rows["members/document"].pk),
            "version": str(self.rows["members/documentversion"].pk),
            "file": str(self.rows["files/attachment"].pk),
            "kind": "needs.reply",
            "code": self.cast.chengxiang.street.pk,
            "account": str(self.rows["points/account"].pk),
            "transfer": str(self.rows["points/transfer"].pk),
            "app_label": "needs",
            "url": "nowhere",
            "content_type_id": str(ContentType.objects.get_for_model(Need).pk),
            "object_id": str(self._row(route)),
        }
        path = "/" + route.pattern.replace("^", "").replace("$", "")
        path = re.sub(r"\(\?P<app_label>[a-z|]+\)/", "needs/", path)
        path = path.replace("(?P<url>.*)", "nowhere/")
        for argument in route.arguments:
            for shape in ("int:", "str:", "uuid:", "path:", ""):
                path = path.replace(f"<{shape}{argument}>", values[argument])
        return path

    def _pk(self, name: str) -> Any:
        kind = next((row for prefix, row in LEAD_TO.items() if name.startswith(prefix)), None)
        if kind is not None:
            return self.rows[kind].pk
        if name in ("api_offer_claim", "desk:offer"):
            return self.rows["claims/claim"].offer_id
        if name.startswith("desk:"):
            errand = self.rows["needs/errand"]
            return errand.offer_id if name == "desk:errand" else errand.need_id
        return self.photo.pk if name in ("needs:photo", "needs:held_photo") else self.need.pk

    def _row(self, route: Route) -> Any:
        model = next((name for name in self.rows if f"/{name}/" in route.pattern), None)
        return self.rows[model].pk if model else self.need.pk


def _imported(here: Street) -> ImportBatch:
    """A file that was looked at, with a row that is wrong."""
    batch = ImportBatch.objects.create(
        kind="units", area=here.street, by=here.clerk, state="ready", file_name="名单.xlsx", digest="", total=1, done=1
    )
    batch.rows.create(line=2, cells='["第1小学"]', outcome="error", found='{"errors": [["kind", "请填写。"]]}')
    ImportBatch.objects.filter(pk=batch.pk).update(counts={"error": 1}, headers=["单位名称"])
    return batch


def _transferred(here: Street) -> dict[str, Any]:
    """A file that came in and one that is to go out."""
    export = request_export(by=here.clerk, listing="members.units", query={})
    return {"transfers/importbatch": _imported(here), "transfers/export": export}


def _member(unit: MemberUnit, membership: Membership) -> dict[str, Any]:
    """The street's unit, in its alliance and with its liaison."""
    return {
        "members/memberunit": unit,
        "members/membership": Membership.objects.get(pk=membership.pk),
        "members/liaison": Liaison.objects.get(unit=unit),
    }


def _ground(here: Street, need: Need) -> dict[str, Any]:
    """What stands below everything else: accounts, their rights, traces, notices, days."""
    token, _secret = AuthToken.objects.create(user=here.worker)
    return {
        "auth/group": Group.objects.create(name="没有用处"),
        "knox/authtoken": token,
        "people/user": here.worker,
        "people/rolegrant": RoleGrant.objects.get(user=here.worker),
        "people/area": here.home,
        "people/consent": Consent.objects.get(source=need.number),
        "audit/auditentry": AuditEntry.objects.latest("pk"),
        "audit/auditseal": AuditSeal.objects.latest("pk"),
        "notifications/message": Message.objects.filter(recipient_key=f"u:{here.worker.pk}").latest("pk"),
        "notifications/robot": save_robot(
            by=fresh(here.system_admin),
            pk=None,
            version=0,
            area=here.street.pk,
            name="联盟群",
            kind="wecom",
            is_active=False,
            secret="0a1b2c3d-0000-4000-8000-000000000001",
        ),
        "deadlines/due": Due.objects.undone().get(kind="deadlines.passed", label=need.number),
        "deadlines/workday": WorkDay.objects.get(day=date(2026, 10, 10)),
    }


def build_world(cast: Cast) -> World:
    """Something of everything, in 城厢."""
    here = cast.chengxiang
    key = "a draft"
    hold_photo(upload(photo()), hold_key=key)
    need = say_need(here.home, hold_key=key)
    alliance = create_alliance(area=here.street, name="平常心党建联盟", by=None)
    unit = MemberUnit.objects.get(area=here.street)
    membership = join_alliance(alliance=alliance, unit=unit, by=None)
    record(Action.REVEAL, actor=here.worker, subject=need.number, area_code=here.home.pk)
    seal()
    rows = {
        **_ground(here, need),
        **_transferred(here),
        "members/alliance": Alliance.objects.get(pk=alliance.pk),
        **_member(unit, membership),
        **sitting(here, alliance),
        **written(here, alliance),
        **(described(here, unit) | agreed(here, unit) | served(here, alliance, unit)),
        "needs/category": Category.objects.in_use()[0],
        "needs/wish": verified(here),
        "needs/wishpolicy": save_policy(by=here.party_office, street_code=here.street.pk, approver="street"),
        "claims/claim": claimed(here, unit),
        "needs/errand": errand(here, unit),
        "needs/answer": answered(here),
    }
    rows |= {
        "members/seatoffer": asked_to_sit(here, unit),
        "members/unitmerge": merged(here),
        **booked(here),
        **listed(here, alliance),
    }
    assert Area.objects.filter(pk=here.home.pk).exists()
    _card, card_token = make_card(kind=KIND.name, subject=need.number, recipient=here.liaison, label=unit.name)
    who = resident(need.contact_phone)
    rows |= thanked(here, who) | given(here, who) | coming(here, who) | proposed(here) | met(here)
    tokens = {f"notifications:{name}": card_token for name in ("card", "card_file")}
    tokens["portal:calendar_feed"] = make_link(who)
    return World(cast, need, Attachment.objects.get(owner_kind="need"), who, rows, tokens)


class Visits:
    """Browsers of all roles, each starting every visit as it was when it signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers: dict[str, tuple[Client, str]] = {}

    def sign_in(self, *roles: str) -> None:
        """Whoever has not signed in before a first visit does so then."""
        for role in roles:
            client = browser_of(self.world.person(role), raise_request_exception=False)
            session = client.cookies.get("sessionid")
            if session:
                client.get("/admin/")  # the first request of a session notes when it began
            self.browsers[role] = (client, session.value if session else "")

    def visit(self, role: str, method: str, path: str, **extra: Any) -> Any:
        if role not in self.browsers:
            self.sign_in(role)
        client, session = self.browsers[role]
        client.cookies = SimpleCookie({"sessionid": session} if session else {})
        if method == "POST":
            body = {"data": {}, "content_type": "application/json"} if path.startswith("/api/") else {"data": {}}
            return client.post(path, **body, **extra)
        return client.get(path, **extra)
