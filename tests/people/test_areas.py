"""Official codes: read from the national format, imported again and again, short codes that stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from people.models import Area
from people.services.areas import ImportResult, change_area, free_short_code, import_areas, pinyin_of, read_csv
from people.services.numbers import next_number
from people.states import Level
from tests.cast import AREAS, Cast, fresh

pytestmark = pytest.mark.django_db

HEADER = "code,name,level,parent_code\n"
GOOD = HEADER + "3301,杭州市,city,\n330109,萧山区,district,3301\n330109001,城厢街道,street,330109\n"


def _csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "区划代码.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_national_format_is_read(tmp_path: Path, encoding: str, ends: str) -> None:
    rows = read_csv(_csv(tmp_path, GOOD.replace("\n", ends), encoding))
    assert [row["code"] for row in rows] == ["3301", "330109", "330109001"]
    assert rows[0]["name"] == "杭州市"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("330109001,城厢街道,street,330110", "上级代码"),
        ("33010900,城厢街道,street,330109", "第5行"),
        ("33010900A,城厢街道,street,330109", "第5行"),
        ("３３０１０９００１,城厢街道,street,330109", "第5行"),
        ("330109001,城厢街道,town,330109", "第5行"),
        ("330109001,　,street,330109", "第5行"),
        ("330109001,城厢街道", "第5行"),
        ("330109001", "第5行"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(_csv(tmp_path, GOOD + line + "\n"))
    assert wrong in str(refused.value.message) and "第5行" in str(refused.value.message)


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    for text in ("", "代码,名称\n330109001,城厢街道\n"):
        with pytest.raises(Invalid, match="表头"):
            read_csv(_csv(tmp_path, text))


def test_a_file_that_is_not_utf8_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="UTF-8"):
        read_csv(_csv(tmp_path, GOOD, "gb18030"))


def test_importing_twice_adds_and_changes_nothing(tmp_path: Path) -> None:
    rows = read_csv(_csv(tmp_path, GOOD))
    assert import_areas(rows) == ImportResult(created=3, updated=0)
    assert import_areas(rows) == ImportResult(created=0, updated=0)


def test_children_may_stand_before_their_parents(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    rows = read_csv(_csv(tmp_path, "\n".join([lines[0], *reversed(lines[1:])])))
    import_areas(rows)
    assert Area.objects.get(pk="330109001").parent_id == "330109"


def test_an_area_whose_parent_is_nowhere_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="330109"), transaction.atomic():
        import_areas(read_csv(_csv(tmp_path, HEADER + "330109001,城厢街道,street,330109\n")))
    assert not Area.objects.exists()


def test_a_renamed_area_is_renamed_and_keeps_what_the_street_has_set(cast: Cast) -> None:
    area = cast.chengxiang.street
    admin = fresh(cast.chengxiang.system_admin)
    change_area(code=area.pk, by=admin, short_code="CX", aliases=[" 老城厢 ", ""], phone=" 0571-1 ", is_served=False)
    row = {"code": area.pk, "name": "城厢新街道", "level": "street", "parent_code": "330109"}
    assert import_areas([row]) == ImportResult(0, 1)
    area.refresh_from_db()
    assert (area.name, area.short_code, area.aliases, area.phone, area.is_served) == (
        "城厢新街道",
        "CX",
        ["老城厢"],
        "0571-1",
        False,
    )
    assert area.pinyin == "chengxiangxinjiedao"


def test_the_command_reads_only_the_part_asked_for_and_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _csv(tmp_path, GOOD + "330114,钱塘区,district,3301\n")
    call_command("import_areas", str(path), only="330109", served=True)
    assert set(Area.objects.values_list("pk", flat=True)) == {"3301", "330109", "330109001"}
    assert Area.objects.served().count() == 3
    assert "新增 3，更新 0" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_command_ends_with_a_sentence_and_not_with_a_traceback(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(CommandError):
        call_command("import_areas", str(_csv(tmp_path, HEADER + "x,某街道,street,\n", encoding)))
    with pytest.raises(CommandError):
        call_command("import_areas", str(tmp_path / "missing.csv"))


def test_two_streets_of_equal_initials_get_different_short_codes() -> None:
    rows = [
        {"code": "330109001", "name": "城厢街道", "level": "street", "parent_code": ""},
        {"code": "330110001", "name": "崇贤街道", "level": "street", "parent_code": ""},
        {"code": "330110002", "name": "长兴街道", "level": "street", "parent_code": ""},
    ]
    import_areas(rows)
    codes = dict(Area.objects.values_list("name", "short_code"))
    assert codes["城厢街道"] == "CX"
    assert codes["崇贤街道"] == "CXN"
    assert len(set(codes.values())) == 3


@pytest.mark.parametrize("name", ["城厢街道", "义桥镇", "瓜沥", "戴村镇", "乙街道", "Ａ街道", "三江口新城街道"])
def test_a_short_code_has_two_to_four_capitals_and_is_never_one_in_use(name: str) -> None:
    taken: set[str] = set()
    for _time in range(20):
        code = free_short_code(name, taken)
        assert code.isascii() and code.isalpha() and code.isupper() and 2 <= len(code) <= 4
        assert code not in taken
        taken.add(code)


def test_when_no_short_code_is_left_it_is_said() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    taken = {"CX"} | {"CX" + a for a in letters} | {"CX" + a + b for a in letters for b in letters}
    with pytest.raises(Invalid):
        free_short_code("城厢街道", taken)


def test_a_short_code_that_numbers_carry_cannot_be_changed(cast: Cast) -> None:
    street, admin = cast.chengxiang.street, cast.chengxiang.system_admin
    same = {"aliases": [], "phone": "", "is_served": True}
    assert change_area(code=street.pk, by=admin, short_code="CXA", **same).short_code == "CXA"
    street.refresh_from_db()
    next_number("XQ", street, timezone.localdate())
    with pytest.raises(RuleBroken):
        change_area(code=street.pk, by=admin, short_code="CXB", **same)
    assert change_area(code=street.pk, by=admin, short_code="CXA", **{**same, "phone": "1"}).phone == "1"


@pytest.mark.parametrize("short_code", ["XS", "c", "cx", "TOOLONG", "C1"])
def test_a_short_code_taken_or_malformed_is_refused_in_words(cast: Cast, short_code: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_area(
            code=cast.chengxiang.street.pk,
            by=cast.chengxiang.system_admin,
            short_code=short_code,
            aliases=[],
            phone="",
            is_served=True,
        )
    assert refused.value.fields


@pytest.mark.parametrize("name", ["clerk", "leader", "worker", "security_admin", "audit_admin", "liaison"])
def test_only_the_areas_own_system_administrator_keeps_it(cast: Cast, name: str) -> None:
    values = {"short_code": "CX", "aliases": [], "phone": "", "is_served": False}
    for person in (getattr(cast.chengxiang, name), cast.xiasha.system_admin):
        with pytest.raises(NotAllowed):
            change_area(code=cast.chengxiang.street.pk, by=person, **values)
    cast.chengxiang.street.refresh_from_db()
    assert cast.chengxiang.street.is_served


def test_the_database_itself_keeps_short_codes_apart_and_with_streets(cast: Cast) -> None:
    for change in (
        {"pk": cast.xiasha.street.pk, "short_code": cast.chengxiang.street.short_code},
        {"pk": cast.chengxiang.home.pk, "short_code": "WSQ"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(pk=change["pk"]).update(short_code=change["short_code"])


def test_an_area_is_found_by_its_name_or_an_alias(cast: Cast) -> None:
    Area.objects.filter(pk=cast.chengxiang.home.pk).update(aliases=["万寿桥村"])
    assert Area.objects.find_by_name("万寿桥社区") == cast.chengxiang.home
    assert Area.objects.find_by_name("万寿桥村") == cast.chengxiang.home
    assert Area.objects.find_by_name("没有") is None


def test_the_street_of_an_area_is_the_first_nine_digits() -> None:
    assert Area(code="330109001048").street_code == "330109001"
    assert Area(code="330109001").street_code == "330109001"
    assert Area(code="330109").street_code == ""


def test_names_can_be_sorted_and_filtered_by_sound() -> None:
    assert pinyin_of("城厢街道") == ("chengxiangjiedao", "cxjd")


def test_the_cast_is_made_of_official_codes() -> None:
    assert all(level in Level.values for _code, _name, level, _parent in AREAS)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330109001048-0010", "grid"),
        ("330109001048-01", "grid"),
        ("330109001048-001A-1", "compound"),
        ("330109001048001", "grid"),
        ("33010900104", "community"),
        ("33010", "district"),
        ("330109001048", "street"),
        ("330109001", "grid"),
        ("330109001048-abc", "grid"),
    ],
)
def test_a_code_that_could_begin_a_strangers_cannot_exist(cast: Cast, code: str, level: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code=code, name="网格", level=level)


def test_to_begin_with_a_code_is_to_lie_inside(cast: Cast) -> None:
    grid = Area.objects.create(code=f"{cast.chengxiang.home.pk}-001", name="一网格", level=Level.GRID)
    Area.objects.create(code=f"{grid.pk}-0A0", name="某小区", level=Level.COMPOUND)
    inside = Area.objects.filter(pk__startswith=grid.pk)
    assert set(inside.values_list("name", flat=True)) == {"一网格", "某小区"}


def test_what_a_street_changes_about_itself_is_logged_once(cast: Cast) -> None:
    area, admin = cast.chengxiang.street, cast.chengxiang.system_admin
    kept = {"short_code": area.short_code, "aliases": [], "phone": "0571-1", "is_served": True}
    for _time in range(2):
        change_area(code=area.pk, by=admin, **kept)
    entry = AuditEntry.objects.get(action=Action.AREA_CHANGED)
    assert (entry.actor, entry.subject, entry.area_code) == (admin, area.pk, area.pk)
    assert entry.params == {"phone": ["", "0571-1"]}


@pytest.mark.django_db
def test_a_street_is_not_opened_without_a_short_code() -> None:
    import_areas([{"code": "330109001", "name": "城厢街道", "level": "street", "parent_code": ""}], served=False)
    with pytest.raises(IntegrityError, match="area_served_has_short_code"), transaction.atomic():
        Area.objects.filter(pk="330109001").update(is_served=True, short_code="")
