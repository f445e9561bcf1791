"""Personal data leave a need two years after its end, as the privacy notice promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotFound
from needs.models import Need
from needs.services.following import find_by_code, withdraw
from needs.services.retention import KEEP, anonymise_old
from tests.cast import Cast, say_need

pytestmark = pytest.mark.django_db
OWN = {"id", "street_code", "number", "client_key", "link_index"}


def _ended(cast: Cast, *, ago: timedelta) -> Need:
    need = withdraw(token=say_need(cast.chengxiang.home).link_token)
    Need.objects.filter(pk=need.pk).update(ended_at=timezone.now() - ago)
    return Need.objects.get(pk=need.pk)


def test_names_phones_and_codes_are_gone_after_two_years_and_what_was_done_stays(cast: Cast) -> None:
    need = _ended(cast, ago=KEEP + timedelta(days=1))
    code = need.tracking_code
    assert anonymise_old() == 1
    kept = Need.objects.get(pk=need.pk)
    hidden = (kept.contact_name, kept.contact_phone, kept.phone_index, kept.helped_name, kept.helped_phone)
    assert hidden == ("", "", "", "", "")
    assert kept.words == need.words
    assert kept.events.count() == need.events.count()
    with pytest.raises(NotFound):
        find_by_code(number=need.number, code=code, ip="203.0.113.5")


def test_what_ended_lately_or_goes_on_is_left_alone(cast: Cast) -> None:
    lately = _ended(cast, ago=KEEP - timedelta(days=1))
    going_on = say_need(cast.chengxiang.home)
    assert anonymise_old() == 0
    for need in (lately, going_on):
        assert Need.objects.get(pk=need.pk).contact_phone


def test_a_second_run_changes_nothing(cast: Cast) -> None:
    need = _ended(cast, ago=KEEP + timedelta(days=1))
    assert anonymise_old() == 1
    before = Need.objects.filter(pk=need.pk).values().get()
    assert anonymise_old() == 0
    assert Need.objects.filter(pk=need.pk).values().get() == before


@pytest.fixture
def crowd(cast: Cast, as_owner: Any) -> Any:
    """Twenty thousand needs that ended lately; the cursor may change the schema."""
    need = _ended(cast, ago=timedelta(days=9))
    columns = [field.column for field in Need._meta.concrete_fields if field.column and field.column not in OWN]
    plain = ", ".join(columns)
    as_owner.execute(
        f"INSERT INTO needs_need ({plain}, number, client_key, link_index)"  # noqa: S608 (columns of the model)
        f" SELECT {plain}, 'X' || n, gen_random_uuid(), 'l' || n FROM needs_need, generate_series(1, 20000) n"
        " WHERE needs_need.id = %s",
        [need.pk],
    )
    as_owner.execute("SET CONSTRAINTS ALL IMMEDIATE; ANALYZE needs_need")
    return as_owner


def test_a_night_on_which_nothing_is_due_reads_no_needs(crowd: Any) -> None:
    from needs.services.retention import _asked, _old

    assert "need_ended_with_phone" in _old().explain()
    assert "Seq Scan on needs_need " not in _asked().explain()


def test_without_the_index_it_reads_them_all(crowd: Any) -> None:
    """The control."""
    from needs.services.retention import _old

    crowd.execute("DROP INDEX need_ended_with_phone")
    assert "Seq Scan on needs_need " in _old().explain()
