"""Consent: to one version of one text, withdrawn by a date, never deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from alliance.lib.errors import NotFound
from people.defaults import ACCOUNT_BEFORE, load_defaults
from people.models import Consent, PrivacyNotice
from people.services.consents import (
    current_notice,
    notice_digest,
    publish_default,
    record_consent,
    withdraw_consents,
)
from tests.cast import Cast, fresh, say_need
from volunteers.defaults import BEFORE as VOLUNTEER_BEFORE

pytestmark = pytest.mark.django_db


def test_the_newest_version_is_the_current_one() -> None:
    first = current_notice("need")
    PrivacyNotice.objects.create(key="need", version=2, title="告知", summary=["一"], sections=[])
    assert (first.version, current_notice("need").version) == (1, 2)
    with pytest.raises(NotFound):
        current_notice("nothing")


def test_a_published_text_can_be_changed_by_a_new_version_only() -> None:
    notice = current_notice("need")
    with pytest.raises(DatabaseError), transaction.atomic():
        PrivacyNotice.objects.filter(pk=notice.pk).update(title="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        notice.delete()


def test_loading_the_defaults_again_changes_nothing() -> None:
    load_defaults()
    assert PrivacyNotice.objects.filter(key="need").count() == 1


def test_a_default_takes_the_place_of_an_earlier_one_and_never_of_a_streets_own_words() -> None:
    old = PrivacyNotice.objects.create(key="one", version=3, title="告知", summary=["旧"], sections=[{"heading": "旧"}])
    said: Any = {"key": "one", "title": "告知", "summary": ["新"], "sections": []}
    publish_default(**said)
    assert current_notice("one") == old, "the control: nobody said which text it replaces"
    for _twice in range(2):
        publish_default(**said, before=(notice_digest(old.summary, old.sections),))
        assert (current_notice("one").version, current_notice("one").summary) == (4, ["新"])
    own = PrivacyNotice.objects.create(key="one", version=5, title="告知", summary=["街道自己写的"], sections=[])
    publish_default(**said, before=(notice_digest(old.summary, old.sections),))
    assert current_notice("one") == own


def test_what_the_default_notices_said_before_is_known_by_its_digest() -> None:
    for key, before in (("account", ACCOUNT_BEFORE), ("volunteer", VOLUNTEER_BEFORE)):
        now = current_notice(key)
        assert all(len(one) == 64 for one in before) and notice_digest(now.summary, now.sections) not in before


def test_withdrawing_dates_what_was_agreed_for_this_one_thing() -> None:
    notice = current_notice("need")
    for source in ("XQ-CX-20261121-0001", "XQ-CX-20261121-0002"):
        record_consent(notice=notice, subject_key="p:x", source=source, channel="web", area_code="330109001")
    assert withdraw_consents(source="XQ-CX-20261121-0001") == 1
    assert withdraw_consents(source="XQ-CX-20261121-0001") == 0
    assert Consent.objects.filter(withdrawn_at__isnull=True).get().source == "XQ-CX-20261121-0002"


def test_consents_are_read_by_the_audit_administrators_of_their_area_and_by_oneself(cast: Cast) -> None:
    notice, here, there = current_notice("need"), cast.chengxiang, cast.xiasha
    record_consent(notice=notice, subject_key=f"u:{here.worker.pk}", source="a", channel="web", area_code=here.home.pk)
    record_consent(notice=notice, subject_key="p:x", source="b", channel="web", area_code=there.home.pk)
    seen = {
        name: "".join(Consent.objects.visible_to(fresh(user)).values_list("source", flat=True).order_by("source"))
        for name, user in (
            ("here", here.audit_admin),
            ("there", there.audit_admin),
            ("oneself", here.worker),
            ("others", here.system_admin),
        )
    }
    assert seen == {"here": "a", "there": "b", "oneself": "a", "others": ""}


def test_a_needs_consent_belongs_to_its_community(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    assert Consent.objects.get(source=need.number).area_code == cast.chengxiang.home.pk


def _one_consent() -> Consent:
    notice = current_notice("need")
    return record_consent(notice=notice, subject_key="p:x", source="a", channel="web", area_code="330109001")


def test_the_application_cannot_delete_a_consent_but_date_its_withdrawal(db: None) -> None:
    consent = _one_consent()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        consent.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_consent")
    assert withdraw_consents(source="a") == 1


def test_control_the_owner_can(as_owner: Any) -> None:
    _one_consent()
    as_owner.execute("DELETE FROM people_consent")
    assert not Consent.objects.exists()
