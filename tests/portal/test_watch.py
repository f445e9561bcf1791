"""Health and figures: the truth, for whoever may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from tests.cast import Cast

TOKEN = "a-token-of-more-than-thirty-two-characters"
pytestmark = pytest.mark.django_db


def ask(token: str | None = TOKEN) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Client().get("/metrics/", headers=headers)


def figures() -> dict[tuple[str, ...], float]:
    """(name, label values in the order of their names) → value, as a scraper reads them."""
    answer = ask()
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        assert family.name.startswith("tongxin_") and family.documentation
        for sample in family.samples:
            found[sample.name, *(value for _name, value in sorted(sample.labels.items()))] = sample.value
    return found


@pytest.fixture
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize("sent", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é"])
def test_without_the_token_there_is_no_such_page(token: None, sent: str | None) -> None:
    assert ask(sent).status_code == 404
    assert ask().status_code == 200


@pytest.mark.parametrize("ours", ["", "short", "x" * 31])
def test_no_token_or_a_short_one_opens_nothing(settings: Any, ours: str) -> None:
    settings.METRICS_TOKEN = ours
    assert ask(ours).status_code == 404
    assert Client().get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "x" * 32
    assert ask("x" * 32).status_code == 200


def test_the_figures_are_kept_by_nobody_and_asked_by_reading_alone(token: None) -> None:
    answer = ask()
    assert "no-store" in answer["Cache-Control"] and answer["Content-Type"].startswith("text/plain")
    assert Client().post("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_the_figures_are_the_rows(token: None, cast: Cast) -> None:
    from deadlines.models import Due, Heartbeat, Stage
    from deadlines.services.stages import start_stage
    from deadlines.tasks import pulse
    from tests.cast import say_need

    here = cast.chengxiang
    say_need(here.home)
    stage = start_stage(kind="needs.reply", subject="need:0", label="x", area_code=here.home.code)
    Due.objects.all().delete()
    now = timezone.now()
    for number, (state, ended) in enumerate([("failed", now), ("failed", now), ("missed", now), ("done", now)]):
        Due.objects.create(
            kind="deadlines.chase", subject="x", key=f"k{number}", due_at=now, state=state, ended_at=ended
        )
    Due.objects.create(kind="deadlines.chase", subject="x", key="w", due_at=now - timedelta(hours=2))
    Due.objects.create(kind="deadlines.digest", subject="x", key="later", due_at=now + timedelta(days=2))
    Stage.objects.filter(pk=stage.pk).update(due_at=now - timedelta(days=1))
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now - timedelta(seconds=100)})
    found = figures()
    dues = {key[1:]: value for key, value in found.items() if key[0] == "tongxin_dues"}
    assert dues["deadlines.chase", "failed"] == 2
    assert dues["deadlines.chase", "missed"] == 1
    assert dues["deadlines.chase", "waiting"] == 1
    assert dues["deadlines.digest", "waiting"] == 1
    assert not [key for key in dues if "done" in key], "what is done is not counted"
    assert 7190 < found["tongxin_due_oldest_undone_seconds",] < 7300
    assert found["tongxin_stages_running", "needs.first_response"] == 1
    assert found["tongxin_stages_late", "needs.first_response"] == 0
    assert found["tongxin_stages_late", "needs.reply"] == found["tongxin_stages_running", "needs.reply"] == 1
    assert 95 < found["tongxin_sweep_age_seconds",] < 160
    pulse()
    assert 0 <= figures()["tongxin_pulse_age_seconds",] < 60
    assert found["tongxin_messages", "inapp", "sent"] > 0
    assert found["tongxin_message_oldest_waiting_seconds",] == 0


def test_messages_are_counted_by_state_and_channel(token: None) -> None:
    from notifications.models import Message

    now = timezone.now()
    for number, state in enumerate(("waiting", "waiting", "failed", "uncertain")):
        secret = {"address": "13800000000", "text": "x"} if state == "waiting" else {}
        Message.objects.create(
            rule="x",
            occurrence=str(number),
            recipient_key="p:" + "a" * 43,
            channel="sms",
            state=state,
            not_before=now - timedelta(minutes=5),
            expires_at=now + timedelta(days=1),
            **secret,
        )
    found = figures()
    assert found["tongxin_messages", "sms", "waiting"] == 2
    assert found["tongxin_messages", "sms", "failed"] == found["tongxin_messages", "sms", "uncertain"] == 1
    assert found["tongxin_messages", "email", "waiting"] == 0
    assert 299 <= found["tongxin_message_oldest_waiting_seconds",] < 400
    assert "13800000000" not in ask().content.decode()


def test_a_new_installation_has_no_age_rather_than_none_at_all(token: None) -> None:
    from deadlines.models import Heartbeat

    Heartbeat.objects.all().delete()
    assert not {("tongxin_sweep_age_seconds",), ("tongxin_pulse_age_seconds",)} & set(figures())


def test_what_has_been_done_is_never_read(token: None, as_owner: Any) -> None:
    """Two hundred thousand done rows: every statement goes by an index that holds none of them."""
    as_owner.execute(
        "INSERT INTO deadlines_due (kind, subject, label, area_code, key, params, due_at, state, attempts, last_error,"
        " created_at, ended_at) SELECT 'deadlines.chase', 'x', '', '', 'done' || n, '{}', now() - interval '1 day',"
        " 'done', 1, '', now(), now() FROM generate_series(1, 200000) n"
    )
    as_owner.execute("ANALYZE deadlines_due")
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    asked = [query["sql"] for query in captured if '"deadlines_due"' in query["sql"]]
    assert len(asked) == 3
    for sql in asked:
        as_owner.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF) {sql}")
        plan = "\n".join(row[0] for row in as_owner.fetchall())
        assert "Seq Scan" not in plan and ("due_undone" in plan or "due_gone_wrong" in plan), plan
    as_owner.execute("EXPLAIN SELECT count(*) FROM deadlines_due WHERE state IN ('waiting', 'failed', 'missed')")
    plan = "\n".join(row[0] for row in as_owner.fetchall())
    assert "Seq Scan" in plan, f"one question for all states would read everything; if not, ask once:\n{plan}"


def health() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/health/")
    return answer.status_code, answer.json()


def test_health_tells_whether_reminders_run() -> None:
    from deadlines.models import Heartbeat

    Heartbeat.objects.all().delete()
    assert health() == (200, {"status": "ok", "database": "ok", "reminders": "new", "sweep_age_seconds": None})
    silent = ("degraded", "silent")
    for age, status, reminders in ((10, "ok", "ok"), (290, "ok", "ok"), (400, *silent), (-3600, *silent)):
        Heartbeat.objects.update_or_create(name="sweep", defaults={"at": timezone.now() - timedelta(seconds=age)})
        code, said = health()
        assert (code, said["status"], said["reminders"], said["database"]) == (200, status, reminders, "ok")
        assert age <= said["sweep_age_seconds"] < age + 60


def test_health_fails_only_without_a_database(settings: Any) -> None:
    from django.db.utils import OperationalError

    def gone(*_args: Any) -> Any:
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(gone):
        code, said = health()
    assert (code, said["status"]) == (503, "down")
    assert health()[0] == 200
