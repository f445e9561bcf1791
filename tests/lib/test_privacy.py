"""Personal data: unreadable without the keys, found only by digest, shown in part."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError
from django.db import connection

from alliance.lib.errors import Invalid
from alliance.lib.privacy import (
    blind_index,
    clean_phone,
    decrypt,
    decrypt_or_none,
    encrypt,
    mask_name,
    mask_paper_name,
    mask_phone,
    rotate,
)
from needs.models import Need
from tests.cast import build, say_need

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _key in range(3))


def test_what_is_encrypted_comes_back_and_is_never_the_same_twice() -> None:
    first, second = encrypt("赵阿婆"), encrypt("赵阿婆")
    assert first != second
    assert "赵" not in first
    assert decrypt(first) == decrypt(second) == "赵阿婆"
    assert (encrypt(""), decrypt(""), rotate("")) == ("", "", "")


def test_an_old_key_still_reads_and_rotation_moves_to_the_new_one(settings: Any) -> None:
    settings.PRIVACY_KEYS = [OLD]
    token = encrypt("13800000617")
    settings.PRIVACY_KEYS = [NEW, OLD]
    assert decrypt(token) == "13800000617"
    moved = rotate(token)
    settings.PRIVACY_KEYS = [NEW]
    assert decrypt(moved) == "13800000617"
    with pytest.raises(InvalidToken):
        decrypt(token)


def test_a_foreign_or_damaged_token_is_never_shown_as_it_is(settings: Any) -> None:
    settings.PRIVACY_KEYS = [OTHER]
    token = encrypt("秘密")
    settings.PRIVACY_KEYS = [NEW]
    for broken in (token, token[:-4], "plain words", "秘密"):
        with pytest.raises((InvalidToken, ValueError)):
            decrypt(broken)
        assert decrypt_or_none(broken) is None


def test_equal_values_have_equal_digests_for_one_purpose_only(settings: Any) -> None:
    digest = blind_index("phone", "13800000617")
    assert digest == blind_index("phone", "13800000617")
    assert len(digest) == 43
    assert digest != blind_index("phone", "13800000618")
    assert digest != blind_index("code", "13800000617")
    assert blind_index("a", "bc") != blind_index("ab", "c")
    assert blind_index("phone", "") == ""
    settings.PRIVACY_INDEX_KEY = "another"
    assert digest != blind_index("phone", "13800000617")


@pytest.mark.parametrize(
    "typed",
    [
        "13800000617",
        "１３８００００ ０６１７",
        "138-0000-0617",
        "+86 138 0000 0617",
        "0086138 0000 0617",
        "(138)0000.0617",
        "138—0000—0617",
        "\u200b13800000617\u3000",
    ],
)
def test_a_phone_may_be_typed_in_many_ways(typed: str) -> None:
    assert clean_phone(typed, message="x") == "13800000617"


def test_a_landline_needs_its_area_code() -> None:
    assert clean_phone("0571-8273 1234", message="x") == "057182731234"
    with pytest.raises(Invalid):
        clean_phone("82731234", message="x")


@pytest.mark.parametrize(
    "typed",
    ["", "1380000061", "138000006177", "12800000617", "abc", "13800000617x", "٠١٣٨٠٠٠٠٠٦١٧", "0", "+1 2025550123"],
)
def test_what_is_no_phone_is_refused_with_the_callers_sentence(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_phone(typed, message="手机号应为11位数字")
    assert refused.value.fields == {"phone": ["手机号应为11位数字"]}


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800000617", "138****0617"), ("057182731234", "****1234"), ("05718273123", "****3123"), ("", "")],
)
def test_a_masked_phone_keeps_three_and_four(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王*"),
        ("王小明", "王*明"),
        ("王二小明", "王**明"),
        ("欧阳修", "欧阳*"),
        ("欧阳小修", "欧阳**"),
        ("赵阿婆", "赵阿婆"),
        ("李", "李"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_the_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("孙大伯", "孙*伯"), ("小顾", "小*"), ("王小明（演示）", "王*明"), ("欧阳修", "欧阳*")]
)
def test_on_a_paper_a_form_of_address_is_a_name(name: str, shown: str) -> None:
    assert mask_paper_name(name) == shown


@pytest.mark.django_db
def test_the_database_holds_ciphertext_and_python_holds_words() -> None:
    need = say_need(build().chengxiang.home, name="赵阿婆", phone="13800000617")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_name, contact_phone, tracking_code, link_token FROM needs_need")
        (row,) = cursor.fetchall()
    for stored, plain in zip(row, ("赵阿婆", "13800000617", need.tracking_code, need.link_token), strict=True):
        assert plain not in stored
        assert decrypt(stored) == plain
    assert need.contact_phone == "13800000617"


@pytest.mark.parametrize("lookup", ["exact", "iexact", "contains", "icontains", "startswith", "in", "gt", "regex"])
def test_an_encrypted_column_refuses_to_be_searched(lookup: str) -> None:
    value = ["13800000617"] if lookup == "in" else "13800000617"
    with pytest.raises(FieldError):
        str(Need.objects.filter(**{f"contact_phone__{lookup}": value}).query)
    assert "IS NULL" in str(Need.objects.filter(contact_phone__isnull=True).query)
