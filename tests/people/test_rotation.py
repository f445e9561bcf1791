"""Keys change, names and phones stay readable, and the old key can be thrown away."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from alliance.lib.privacy import blind_index, is_newest
from needs.models import Errand, Need, Wish
from needs.services.following import find_by_link
from notifications.models import CardLink, Message, Robot
from notifications.services import make_card
from notifications.states import Channel, State
from people.models import User
from people.services import rotation
from people.services.accounts import create_user
from people.services.rotation import encrypted_columns, rotate_keys
from tests.cast import Cast as People
from tests.cast import say_need
from tests.needs.running import HANDOVER, publish
from tests.needs.wishing import CANARIES, raised
from tests.notifications.asking import KIND

pytestmark = pytest.mark.django_db
NEW_KEY = Fernet.generate_key().decode()


def ciphertexts() -> list[str]:
    """Every ciphertext of the database."""
    columns = [(model, name) for model, names in encrypted_columns() for name in names]
    found = [model._base_manager.values_list(Cast(name, TextField()), flat=True) for model, name in columns]
    return [token for tokens in found for token in tokens if token]


@pytest.fixture
def need(cast: People) -> Need:
    """A need, its resident, somebody of the staff, a text message on its way, a card: all there is to encrypt."""
    keeper = create_user(username="linlan", name="林岚", phone="13800000177")
    Message.objects.create(
        rule="needs.NeedReplied",
        occurrence="1",
        recipient_key="u:1",
        channel=Channel.SMS,
        state=State.WAITING,
        address="13800000199",
        text="有答复了",
        secrets="{}",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    make_card(kind=KIND.name, subject="1", recipient="13800000199", label="城厢中医院")
    Robot.objects.create(area=cast.chengxiang.home, name="群", kind="wecom", secret="k" * 20, changed_by=keeper)
    raised(cast.chengxiang)
    said = say_need(cast.chengxiang.home, name="赵阿婆", phone="13800000188", helped_name="金大爷")
    publish(said, cast.chengxiang.worker)
    return Need.objects.get(pk=said.pk)


def add_key(settings: Any) -> list[str]:
    """The new key in front, as an administrator sets it; returns the old ones."""
    old = list(settings.PRIVACY_KEYS)
    settings.PRIVACY_KEYS = [NEW_KEY, *old]
    return old


def test_everything_is_readable_with_the_new_key_alone(need: Need, settings: Any) -> None:
    add_key(settings)
    assert rotate_keys() == {
        "members_seatoffer": 0,
        "needs_errand": 1,
        "needs_need": 1,
        "needs_wish": 1,
        "notifications_cardlink": 1,
        "notifications_message": 1,
        "notifications_robot": 1,
        "people_user": 1,
        "points_correction": 0,
        "resources_booking": 0,
        "transfers_export": 0,
        "transfers_importrow": 0,
        "volunteers_certificate": 0,
        "volunteers_feedback": 0,
        "volunteers_qualification": 0,
        "volunteers_signup": 0,
        "volunteers_volunteer": 0,
    }
    settings.PRIVACY_KEYS = [NEW_KEY]
    wish = Wish.objects.get()
    assert {name: getattr(wish, name) for name in CANARIES} == CANARIES
    fresh = Need.objects.get(pk=need.pk)
    assert (fresh.contact_name, fresh.contact_phone, fresh.helped_name) == ("赵阿婆", "13800000188", "金大爷")
    assert fresh.helped_phone == ""
    assert Errand.objects.get().handover == HANDOVER
    assert (fresh.tracking_code, fresh.link_token) == (need.tracking_code, need.link_token)
    assert User.objects.get(username="linlan").phone == "13800000177"
    assert Message.objects.get(channel=Channel.SMS, state=State.WAITING).address == "13800000199"
    assert CardLink.objects.get().label == "城厢中医院"
    assert ciphertexts() and all(is_newest(token) for token in ciphertexts())


def test_what_is_found_by_digest_is_still_found(need: Need, settings: Any) -> None:
    add_key(settings)
    rotate_keys()
    assert find_by_link(need.link_token).pk == need.pk
    assert User.objects.get(phone_index=blind_index("phone", "13800000177")).username == "linlan"


def test_a_form_opened_before_is_not_stale_afterwards(need: Need, settings: Any) -> None:
    add_key(settings)
    rotate_keys()
    assert Need.objects.get(pk=need.pk).version == need.version


def test_a_second_run_finds_nothing_to_do(need: Need, settings: Any) -> None:
    add_key(settings)
    rotate_keys()
    before = ciphertexts()
    assert set(rotate_keys().values()) == {0}
    assert ciphertexts() == before


def test_counting_changes_nothing(need: Need, settings: Any) -> None:
    add_key(settings)
    before, out = ciphertexts(), StringIO()
    call_command("rotate_keys", "--count", stdout=out)
    assert "共 7 行仍用旧密钥" in out.getvalue()
    assert ciphertexts() == before


def test_rows_beyond_one_batch_are_reached(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in range(5):
        create_user(username=f"many{number}", name="甲", phone=f"1380000020{number}")
    add_key(settings)
    assert rotate_keys()["people_user"] == 5
    assert all(is_newest(token) for token in ciphertexts())


def test_a_row_of_an_unknown_key_is_named_and_left_alone(need: Need, settings: Any) -> None:
    errand = Errand.objects.values_list("pk", flat=True).get()
    settings.PRIVACY_KEYS = [NEW_KEY]
    before = ciphertexts()
    with pytest.raises(CommandError, match=f"needs_errand 第{errand}行"):
        call_command("rotate_keys", stdout=StringIO())
    assert ciphertexts() == before
