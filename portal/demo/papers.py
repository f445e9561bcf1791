"""Documents of two alliances of the demo: delivered to every unit, seen by some, so that there is something to ask."""

from __future__ import annotations

from members.models import Alliance, DocumentVersion, Liaison, MemberUnit
from members.services import seat_liaison
from members.services.documents import create_document, publish_version
from members.services.receipts import mark_seen
from people.models import Area
from people.services.accounts import create_user
from portal.demo import alliance_data as data
from portal.demo import cast


def load_documents() -> None:
    """北山's three, the last one seen by nobody yet; 城厢's two for the desks of its liaisons."""
    _beishan()
    _chengxiang()


def _beishan() -> None:
    """One invented liaison per zone, for two of its units each: the charter seen by all of them, the rules by half."""
    alliance = Alliance.objects.get(area=cast.BEISHAN, parent=None)
    charter, rules, _plan = [_published(alliance, line) for line in data.BS_DOCUMENTS]
    for zone in data.BS_ZONES:
        area = Area.objects.get(parent=cast.BEISHAN, name=f"{zone}社区")
        username = f"lianluo-{area.code}"
        user = create_user(username=username, name=f"{zone}联络员（演示）", area=area, is_demo=True)
        for place, unit in enumerate(MemberUnit.objects.filter(area=area).order_by("pk")[:2]):
            seat_liaison(unit=unit, user=user, title="办公室", by=None)
            mark_seen(version_pk=charter.pk, unit_id=unit.pk, by=user)
            if place == 0:
                mark_seen(version_pk=rules.pk, unit_id=unit.pk, by=user)


def _chengxiang() -> None:
    """The first liaison has read the first document; everything else waits."""
    alliance = Alliance.objects.get(area=cast.CHENGXIANG, parent=None)
    first, _second = [_published(alliance, line) for line in data.CX_DOCUMENTS]
    seat = Liaison.objects.select_related("user").get(user__username=cast.LIAISONS[0][0])
    mark_seen(version_pk=first.pk, unit_id=seat.unit_id, by=seat.user)


def _published(alliance: Alliance, line: tuple[str, str, str]) -> DocumentVersion:
    kind, title, text = line
    draft = create_document(
        alliance=alliance, by=None, kind=kind, title=f"{title}（演示）", is_public=kind != "plan", text=text
    )
    return publish_version(pk=draft.pk, by=None)
