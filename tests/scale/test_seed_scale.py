"""Invented needs are rows as the model would have written them, the same for the same seed, never among real ones."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from alliance.lib.privacy import blind_index
from needs.models import Need, NeedEvent
from needs.states import State, Verb
from people.models import NumberSequence
from portal.demo import loading as demo
from portal.scale.texts import invented

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def house(db: None) -> None:
    demo.load_areas()
    demo.load_people()


def seeded(needs: int = 300, seed: int = 7, **options: Any) -> str:
    said = StringIO()
    call_command("seed_scale", needs=needs, seed=seed, until=DAY, stdout=said, **options)
    return said.getvalue()


def test_texts_are_as_long_as_real_ones_and_follow_from_the_seed() -> None:
    some = list(islice(invented(3), 2000))
    assert some == list(islice(invented(3), 2000))
    assert some != list(islice(invented(4), 2000))
    assert 120 <= sum(len(said.words) for said in some) / len(some) <= 140


def test_the_search_column_is_what_the_model_writes(house: None) -> None:
    seeded(60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, search::text FROM needs_need ORDER BY id")
        written = dict(cursor.fetchall())
        for need in Need.objects.all():
            need.save()
        cursor.execute("SELECT id, search::text FROM needs_need ORDER BY id")
        assert dict(cursor.fetchall()) == written


def test_every_need_is_valid_readable_and_found_by_its_secrets(house: None) -> None:
    seeded(60)
    for need in Need.objects.select_related("area", "holder"):
        need.full_clean()
        assert need.street_code == need.area_id[:9]
        assert need.code_index == blind_index("code", need.tracking_code)
        assert need.link_index == blind_index("link", need.link_token)
        assert need.phone_index == blind_index("phone", need.contact_phone)
        assert need.contact_name and need.title and need.created_at.date() < DAY


def test_states_are_spread_and_every_state_is_the_last_event_s(house: None) -> None:
    seeded(1000)
    share = {row["state"]: row["n"] / 1000 for row in Need.objects.values("state").annotate(n=Count("id"))}
    assert share[State.WITHDRAWN] == pytest.approx(0.7, abs=0.06)
    assert share[State.PENDING] == pytest.approx(0.1, abs=0.04)
    last = dict(NeedEvent.objects.order_by("need_id", "at", "id").values_list("need_id", "target"))
    assert last == dict(Need.objects.values_list("id", "state"))
    assert NeedEvent.objects.filter(verb=Verb.SUBMIT).count() == 1000


def test_open_needs_have_the_clocks_the_services_would_have_started(house: None) -> None:
    from deadlines.models import Due, Stage
    from needs.services.unclocked import start_missing_clocks

    seeded(1000)
    assert start_missing_clocks() == 0
    subjects = {f"need:{pk}" for pk in [*pks(Need.objects.pending()), *pks(Need.objects.unanswered())]}
    assert set(Stage.objects.running().values_list("subject", flat=True)) == subjects
    said = ("kind", "subject", "label", "url", "area_code", "params", "holder_id", "amount", "unit", "started_at")
    told = (*said, "counted_from", "due_at", "outcome")
    copied = Stage.objects.filter(breached_at__isnull=False)
    written = {row["subject"]: row for row in copied.values(*told)}
    assert len(written) > 100 and all(row.breached_by_id == row.holder_id for row in copied)
    Due.objects.all().delete()
    Stage.objects.all().delete()
    start_missing_clocks()
    anew = {row["subject"]: row for row in Stage.objects.filter(subject__in=written).values(*told)}
    assert anew.keys() == written.keys()
    for subject, row in written.items():
        assert anew[subject] == row


def pks(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def test_numbers_are_far_from_any_sequence_and_take_nothing_from_it(house: None) -> None:
    seeded(50)
    assert min(int(number.rpartition("-")[2]) for number in Need.objects.values_list("number", flat=True)) == 900_001
    assert not NumberSequence.objects.exists()


def test_the_same_seed_makes_the_same_needs(house: None) -> None:
    columns = ("number", "words", "place", "state", "area_id", "holder__username", "created_at", "category_id")
    seeded(50)
    first = list(Need.objects.order_by("number").values_list(*columns))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE; TRUNCATE needs_need CASCADE; SET ROLE tongxin_app")
    seeded(50)
    assert list(Need.objects.order_by("number").values_list(*columns)) == first


def test_texts_of_one_s_own(house: None, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["title", "body"], ["标题\t一", 'a\\b "c"\nd'], ["标题二", "字" * 3000]])
    seeded(4, texts=path)
    words = list(Need.objects.order_by("id").values_list("words", flat=True))
    assert words[0] == words[2] == '标题\t一\na\\b "c"\nd'
    assert len(words[1]) == 2000


def test_a_file_without_the_columns_is_refused(house: None, tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="title"):
        seeded(4, texts=tmp_path / "texts.csv")


def test_a_second_helping_is_refused(house: None) -> None:
    seeded(5)
    with pytest.raises(CommandError, match="已经写入过"):
        seeded(5, seed=8)


def test_without_served_areas_nothing_is_written() -> None:
    with pytest.raises(CommandError, match="经办人"):
        seeded(5)


def test_outside_the_demo_it_needs_a_word_and_an_empty_house(house: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="--i-know"):
        seeded(5)
    seeded(5, i_know=True)
    with pytest.raises(CommandError, match="真实诉求"):
        seeded(5, i_know=True)
