"""What units and neighbours do in the demo: wishes at every station, an errand that waits, a unit that was asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from claims.services.claiming import claim_offer
from claims.services.steps import confirm, deliver
from members.models import MemberUnit
from needs.models import Need, Wish
from needs.services.errands import publish_errand
from needs.services.wishes import approve_wish, raise_wish, verify_wish
from needs.states.wish import WishKind
from people.models import User
from portal.demo import cast

SPACE = UUID("0d4f8a3e-6f51-4d0e-8a55-3d1a6f0b7c11")
RAISED, VERIFIED, PUBLISHED, CLAIMED, BROUGHT, FULFILLED = range(6)
"""How far along a wish is."""


@dataclass(frozen=True)
class Hope:
    """A wish of the demo; the person behind it is invented."""

    called: str
    item: str
    story: str
    kind: WishKind
    cap_yuan: int | None
    household: str
    station: int
    unit: str = ""


HOSPITAL, WATER = "萧山区中医院", "杭州萧山供水有限公司"
WISHES = [
    Hope("李伯", "一床厚被子", "去年那床睡硬了，想要轻一点的。", WishKind.GOODS, 300, "独居，1米5的床。", PUBLISHED),
    Hope("王奶奶", "修一修厨房水龙头", "滴了半个月，夜里听着响。", WishKind.SERVICE, None, "白天都在家。", PUBLISHED),
    Hope(
        "吴奶奶",
        "陪我去一趟医院",
        "儿子出差，路上想有人说说话。",
        WishKind.COMPANY,
        None,
        "周四复查。",
        PUBLISHED,
    ),
    Hope("8岁男孩", "一双37码的运动鞋", "体育课想跟大家一起跑。", WishKind.GOODS, 200, "读三年级。", VERIFIED),
    Hope("陈大伯", "一盏床头小夜灯", "", WishKind.GOODS, 80, "夜里起身看不清。", RAISED),
    Hope("周阿婆", "保暖内衣两套", "", WishKind.GOODS, 260, "女式，160码。", CLAIMED, HOSPITAL),
    Hope("何伯", "轮椅坐垫", "坐久了疼。", WishKind.GOODS, 180, "坐宽45厘米。", BROUGHT, WATER),
    Hope("孙阿姨", "量一次血压血糖", "", WishKind.SERVICE, None, "腿脚不便，请上门。", FULFILLED, HOSPITAL),
]


def load_wishes(people: dict[str, User]) -> None:
    """Wishes of 万寿桥社区: registered by the worker, approved by the secretary, taken up by units."""
    worker, secretary = (User.objects.get(pk=people[name].pk) for name in ("xujia", "shenjie"))
    for hope in WISHES:
        _go_on(raised(hope, worker, secretary), hope, worker)


def raised(hope: Hope, worker: User, secretary: User) -> Wish:
    """The wish, as far as staff bring it: registered, verified, approved."""
    wish = raise_wish(
        client_key=uuid5(SPACE, hope.item),
        by=worker,
        area=cast.WANSHOUQIAO,
        kind=hope.kind,
        item=hope.item,
        story=hope.story,
        called=hope.called,
        cap_yuan=hope.cap_yuan,
        beneficiary=f"{hope.called}（演示）",
        household=hope.household,
    )
    if hope.station >= VERIFIED:
        verify_wish(pk=wish.pk, by=worker, version=None, how="上门看过，家里确实用得着。")
    if hope.station >= PUBLISHED:
        wish = approve_wish(pk=wish.pk, by=secretary, version=None)
    return wish


def _go_on(wish: Wish, hope: Hope, worker: User) -> None:
    if hope.station < CLAIMED or wish.offer_id is None:
        return
    unit = MemberUnit.objects.get(name=hope.unit)
    seat = unit.seats.select_related("user").order_by("pk")[0]
    key = uuid5(SPACE, f"{hope.item} claimed")
    claim = claim_offer(offer_id=wish.offer_id, by=seat.user, client_key=key, unit_id=unit.pk)
    if hope.station >= BROUGHT:
        deliver(claim_id=claim.pk, by=seat.user, note="已经送到社区党群服务中心。")
    if hope.station >= FULFILLED:
        confirm(claim_id=claim.pk, by=worker, note="陪着送到家里，老人家很高兴。")


def load_errand(people: dict[str, User]) -> None:
    """One need goes out as an errand; the neighbours may take it."""
    worker = User.objects.get(pk=people["xujia"].pk)
    need = Need.objects.filter(client_key=uuid5(cast.SPACE, cast.ERRAND_PHONE)).first()
    if need is not None:
        publish_errand(
            need_pk=need.pk,
            by=worker,
            version=None,
            client_key=uuid5(SPACE, "errand"),
            what="到药店取一盒降压药",
            where="湘湖路小区",
            handover="送到9幢楼下，打社区电话，社工下来接。",
        )
