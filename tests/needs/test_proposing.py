"""What the alliance has that may help stands on a need's page with why; one tap tells whoever gives it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from members.models import Liaison
from needs.models import Category, Need, NeedEvent
from needs.services.categories import save_category
from needs.services.handling import accept_need
from needs.services.proposing import fitting, propose_resource
from needs.states import Audience, Verb
from notifications.models import Message
from people.services.accounts import grant_role
from people.states import Role
from resources import services
from resources.models import Booking, Resource, ResourceKind
from tests.cast import Cast, Street, browser_of, fresh, say_need
from tests.claims.things import unit_of
from tests.resources.things import given_by_unit, in_days, resource_in

WORDS = "老人腿脚不便，想请人上门理发"


def _barber(here: Street, **more: Any) -> Resource:
    return given_by_unit(here, kind="haircut", name="上门理发", words="为行动不便的老人理发", capacity=None, **more)


def _page(need: Need) -> str:
    return reverse("admin:needs_need_change", args=[need.pk])


def test_three_taps_from_the_need_to_the_barber(cast: Cast) -> None:
    here = cast.chengxiang
    barber, need = _barber(here), say_need(here.home, words=WORDS)
    worker = browser_of(here.worker)
    text = worker.get(_page(need)).content.decode()
    assert "上门理发" in text and "就在本社区" in text and "种类对得上：理发" in text
    url = reverse("admin:needs_need_propose", args=[need.pk])
    assert worker.post(url, {"resource": barber.pk, "version": need.version}).status_code == 302
    told = Message.objects.filter(rule="needs.ResourceProposed", channel="inapp").get()
    assert told.recipient_key == f"u:{here.liaison.pk}"
    assert not {need.contact_name, need.contact_phone, need.words} & {str(value) for value in told.params.values()}
    after = worker.get(_page(need)).content.decode()
    assert "已经告诉对方" in after and "推荐过了" in after
    line = NeedEvent.objects.get(need=need, verb=Verb.PROPOSE)
    assert line.audience == Audience.STAFF
    before, now = need.state, Need.objects.get(pk=need.pk)
    assert (now.state, now.unit_id, now.holder_id) == (before, None, None)
    shown = browser_of(None).get(reverse("needs:progress", args=[need.link_token])).content.decode()
    assert "推荐" not in shown and str(barber.unit) not in shown


def test_the_category_says_what_kinds_come_first(cast: Cast) -> None:
    here = cast.chengxiang
    _barber(here)
    resource_in(here, kind="clinic", name="社区门诊日", capacity=None)
    category = Category.objects.get(name="医疗健康")
    assert "clinic" in category.kinds.values_list("key", flat=True)
    lost = say_need(here.home, words="猫跑丢了")
    assert "换个词去资源里找" in browser_of(here.worker).get(_page(lost)).content.decode()
    need = say_need(here.home, words="膝盖疼了半个月，想找人看一看")
    accept_need(pk=need.pk, by=here.worker, category_id=category.pk)
    first, *_rest = fitting(Need.objects.get(pk=need.pk))
    assert (first.resource.name, str(first.reasons[0])) == ("社区门诊日", "这类事常找：义诊")


def test_where_nobody_can_be_told_nobody_says_so(cast: Cast) -> None:
    """The unit's liaison has left: the page says it before and after, and the line in the history too."""
    here = cast.chengxiang
    barber, need = _barber(here, phone="0571-82620001"), say_need(here.home, words=WORDS)
    Liaison.objects.filter(unit=barber.unit).delete()
    worker = browser_of(here.worker)
    assert "请打电话0571-82620001" in worker.get(_page(need)).content.decode()
    worker.post(reverse("admin:needs_need_propose", args=[need.pk]), {"resource": barber.pk, "version": need.version})
    after = worker.get(_page(need)).content.decode()
    assert "还没有联络员，要打电话告诉" in after and "收不到消息，请打电话告诉他们" in after and "已经告诉" not in after
    assert not Message.objects.filter(rule="needs.ResourceProposed").exists()


def test_twice_is_told_once(cast: Cast) -> None:
    here = cast.chengxiang
    barber, need = _barber(here), say_need(here.home, words=WORDS)
    propose_resource(pk=need.pk, by=fresh(here.worker), resource=barber.pk, version=need.version)
    with pytest.raises(Conflict):
        propose_resource(pk=need.pk, by=fresh(here.worker), resource=barber.pk, version=need.version)
    with pytest.raises(RuleBroken, match="推荐过了"):
        propose_resource(pk=need.pk, by=fresh(here.clerk), resource=barber.pk)
    assert NeedEvent.objects.filter(verb=Verb.PROPOSE).count() == 1


def test_what_may_not_be_used_there_is_not_proposed(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    need = say_need(here.home, words=WORDS)
    elsewhere = _barber(there)
    narrow = resource_in(here, kind="haircut", name="只服务隔壁", capacity=None, serves=here.next_door.pk)
    stopped = resource_in(here, kind="haircut", name="停了的", capacity=None)
    services.stop_resource(pk=stopped.pk, by=fresh(here.party_office), version=None, words="装修")
    for row in (elsewhere, narrow, stopped):
        with pytest.raises(NotFound):
            propose_resource(pk=need.pk, by=fresh(here.worker), resource=row.pk)
    barber = _barber(here)
    unit = unit_of(here)
    unit.suspended_at = need.created_at
    unit.save(update_fields=["suspended_at"])
    with pytest.raises(RuleBroken, match="暂停"):
        propose_resource(pk=need.pk, by=fresh(here.worker), resource=barber.pk)
    assert not NeedEvent.objects.filter(verb=Verb.PROPOSE).exists()


def test_only_who_handles_the_need_proposes(cast: Cast) -> None:
    here = cast.chengxiang
    barber, need = _barber(here), say_need(here.home, words=WORDS)
    for person, error in ((here.leader, NotAllowed), (here.neighbour, NotFound), (cast.xiasha.worker, NotFound)):
        with pytest.raises(error):
            propose_resource(pk=need.pk, by=fresh(person), resource=barber.pk)
    leader = browser_of(here.leader).get(_page(need)).content.decode()
    assert reverse("admin:needs_need_propose", args=[need.pk]) not in leader


def test_a_hall_is_booked_for_the_need_and_says_so(cast: Cast) -> None:
    here = cast.chengxiang
    hall, need = resource_in(here, words="居民议事会可用"), say_need(here.home, words="想开一次居民议事会，没地方")
    worker = browser_of(here.worker)
    page = reverse("admin:resources_resource_change", args=[hall.pk])
    link = f"{page}?for=need%3A{need.pk}#way-book"
    assert link in worker.get(_page(need)).content.decode()
    assert f'value="need:{need.pk}"' in worker.get(link).content.decode()
    stranger = say_need(cast.xiasha.home)
    assert f'value="need:{stranger.pk}"' not in worker.get(f"{page}?for=need:{stranger.pk}").content.decode()
    typed = {"office": here.home.pk, "day": in_days(2), "begins": "09:00", "finishes": "10:00", "purpose": "议事会"}
    typed |= {
        "version": hall.version,
        "subject": f"need:{need.pk}",
        "client_key": uuid4(),
    }
    sent = worker.post(
        reverse("admin:resources_resource_book", args=[hall.pk]), {f"book-{k}": v for k, v in typed.items()}
    )
    assert sent.status_code == 302
    booking = Booking.objects.get()
    assert (booking.subject, booking.subject_label) == (f"need:{need.pk}", need.number)
    assert need.number in worker.get(sent["Location"]).content.decode()
    assert sent["Location"] in worker.get(_page(need)).content.decode()


def test_which_kinds_a_category_looks_for_is_kept_and_logged(cast: Cast) -> None:
    here = cast.chengxiang
    grant_role(user=here.system_admin, role=Role.SYSTEM_ADMIN, area=here.street.parent, by=None)
    by, category = fresh(here.system_admin), Category.objects.get(name="其他")
    kind = ResourceKind.objects.get(key="books")
    said: dict[str, Any] = {"pk": category.pk, "by": by, "name": "其他", "name_en": "Other", "order": category.order}
    save_category(**said, kinds=[kind, kind.parent])
    assert list(category.kinds.all()) == [kind]
    assert AuditEntry.objects.get(subject=f"category:{category.pk}").params["kinds"] == [[], ["books"]]
    save_category(**said)
    assert list(category.kinds.all()) == [kind]
    page = reverse("admin:needs_category_change", args=[category.pk])
    assert browser_of(by).get(page).content.decode().count("checked") == 2
    browser_of(by).post(page, {"name": "其他", "order": "160", "is_active": "on"})
    assert not category.kinds.exists()
