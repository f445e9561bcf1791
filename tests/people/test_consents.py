"""Consent: to one version of one text, withdrawn by a date, never deleted."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from alliance.lib.errors import NotFound
from people.defaults import load_defaults
from people.models import Consent, PrivacyNotice
from people.services.consents import current_notice, record_consent, withdraw_consents
from tests.cast import Cast, fresh

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


def test_withdrawing_dates_what_was_agreed_for_this_one_thing() -> None:
    notice = current_notice("need")
    for source in ("XQ-CX-20261121-0001", "XQ-CX-20261121-0002"):
        record_consent(notice=notice, subject_key="p:x", source=source, channel="web")
    assert withdraw_consents(source="XQ-CX-20261121-0001") == 1
    assert withdraw_consents(source="XQ-CX-20261121-0001") == 0
    assert Consent.objects.filter(withdrawn_at__isnull=True).get().source == "XQ-CX-20261121-0002"


def test_consents_are_read_by_audit_administrators_and_by_oneself(cast: Cast) -> None:
    notice = current_notice("need")
    worker = cast.chengxiang.worker
    record_consent(notice=notice, subject_key=f"u:{worker.pk}", source="a", channel="web")
    record_consent(notice=notice, subject_key="p:x", source="b", channel="web")
    assert Consent.objects.visible_to(fresh(cast.chengxiang.audit_admin)).count() == 2
    assert Consent.objects.visible_to(fresh(worker)).get().source == "a"
    assert Consent.objects.visible_to(fresh(cast.chengxiang.system_admin)).count() == 0
