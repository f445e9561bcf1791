"""Staff and their roles from a table: right rows, wrong rows with a sentence each, again, back, and once more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from people.models import RoleGrant, User
from people.services.accounts import set_active
from tests.cast import Cast, resident
from tests.transfers.tables import carry_out, outcomes, results, said, upload, xlsx
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import undo_import
from transfers.services.working import work_all
from transfers.states import Mode

HEAD = ["用户名*", "姓名*", "角色*", "区域*", "手机", "起", "止", "初始密码"]
GOOD = "Xin-Ma-Tou-2027"


def _row(username: str = "wangfang", name: str = "王芳", **changes: object) -> list[object]:
    line = {"role": "社工", "area": "万寿桥社区", "phone": "", "starts": "", "ends": "", "password": ""}
    return [username, name, *{**line, **changes}.values()]


def _sent(cast: Cast, *rows: list[object]) -> ImportBatch:
    return upload(cast.chengxiang.system_admin, cast.chengxiang.street, xlsx(HEAD, *rows), "staff")


def _done(cast: Cast, *rows: list[object], mode: str = Mode.UPDATE) -> ImportBatch:
    return carry_out(_sent(cast, *rows), cast.chengxiang.system_admin, mode)


def _undone(cast: Cast, batch: ImportBatch) -> None:
    undo_import(pk=batch.pk, by=cast.chengxiang.system_admin)
    work_all()


def test_a_colleague_with_two_roles_is_one_account(cast: Cast) -> None:
    rows = [
        _row(phone="13800007001", starts="2027年1月4日", ends="2027/12/31", password=GOOD),
        _row(role="社区书记", area="拱秀社区"),
        _row("lina", "李娜", role="党建办", area="城厢街道"),
    ]
    batch = _done(cast, *rows)
    assert batch.counts == {"new": 3, "result_done": 3}
    user = User.objects.get(username="wangfang")
    held = set(user.grants.values_list("role", "area_id", "starts_on", "ends_on"))
    assert held == {
        ("community_staff", "330109001048", date(2027, 1, 4), date(2027, 12, 31)),
        ("community_secretary", "330109001028", timezone.localdate(), None),
    }
    assert user.name == "王芳" and user.phone == "13800007001" and user.area_id == "330109001"
    assert user.check_password(GOOD) and user.must_change_password
    assert not User.objects.get(username="lina").has_usable_password()
    given = AuditEntry.objects.filter(action="grant", actor=cast.chengxiang.system_admin, subject=f"u:{user.pk}")
    assert given.count() == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (_row(area="智格社区"), "没有“智格社区”"),
        (_row(role="主任"), "可以填"),
        (_row(role="系统管理员"), "可以填"),
        (_row(name=""), "请填写"),
        (_row(phone="12345"), "手机号应为11位数字"),
        (_row(starts="明天"), "不是日期"),
        (_row(starts="2027-02-01", ends="2027-01-01"), "结束日期不能早于开始日期"),
        (_row(password="123456"), "密码"),
        (_row("xs-worker", "别人"), "这个用户名已经有人用了"),
        (_row("cx-security_admin", "换个名字"), "这个账号的姓名不归您改"),
        (_row("cx-system_admin", "cxsystem_admin"), "不能给自己授角色"),
        (_row("=A1", "王芳"), "公式"),
    ],
)
def test_a_wrong_row_says_why_before_anything_is_written(cast: Cast, line: list[object], words: str) -> None:
    before = (User.objects.count(), RoleGrant.objects.count())
    batch = _sent(cast, line, _row("lina", "李娜"))
    assert outcomes(batch) == {2: "error", 3: "new"} and words in said(batch, 2)
    assert (User.objects.count(), RoleGrant.objects.count()) == before
    carry_out(batch, cast.chengxiang.system_admin)
    assert results(batch) == {2: "failed", 3: "done"}
    assert (User.objects.count(), RoleGrant.objects.count()) == (before[0] + 1, before[1] + 1)


def test_a_resident_who_signs_in_by_code_gets_no_office_from_a_table(cast: Cast) -> None:
    person = resident("13800007002")
    batch = _sent(cast, _row(person.username, "居民"))
    assert outcomes(batch) == {2: "error"} and "已经有人用了" in said(batch, 2)


def test_two_lines_that_call_one_account_differently_are_asked_about(cast: Cast) -> None:
    batch = _sent(cast, _row(), _row(name="王方", area="拱秀社区"), _row(area="城厢街道", role="街道干部"))
    assert outcomes(batch)[3] == "error" and "“王芳”" in said(batch, 3)
    carry_out(batch, cast.chengxiang.system_admin)
    assert User.objects.get(username="wangfang").name == "王芳"


def test_the_same_file_again_adds_nobody_and_no_role(cast: Cast) -> None:
    rows = [_row(starts="2027-01-04"), _row(role="社区书记"), _row("lina", "李娜")]
    _done(cast, *rows)
    before = (User.objects.count(), RoleGrant.objects.count())
    again = _done(cast, *rows)
    assert again.counts == {"same": 3, "result_skipped": 3}
    assert (User.objects.count(), RoleGrant.objects.count()) == before


def test_a_new_name_is_a_change_one_may_skip(cast: Cast) -> None:
    _done(cast, _row())
    skipped = _done(cast, _row(name="王芳芳"), mode=Mode.SKIP)
    assert skipped.counts == {"changed": 1, "result_skipped": 1}
    assert User.objects.get(username="wangfang").name == "王芳"
    _done(cast, _row(name="王芳芳"))
    assert User.objects.get(username="wangfang").name == "王芳芳"


def test_a_role_held_for_other_days_is_said_and_left_alone(cast: Cast) -> None:
    """The table would have it end sooner; that is done where roles are given."""
    _done(cast, _row())
    batch = _done(cast, _row(ends="2099-12-31"))
    assert batch.counts == {"error": 1, "result_failed": 1} and "角色授权" in said(batch, 2)
    assert User.objects.get(username="wangfang").grants.get().ends_on is None


def test_an_import_of_staff_is_taken_back(cast: Cast) -> None:
    _done(cast, _row("lina", "李娜"))
    batch = _done(cast, _row(), _row(role="社区书记"), _row("lina", "李娜娜", area="拱秀社区"))
    _undone(cast, batch)
    assert results(batch) == {2: "undone", 3: "undone", 4: "undone"}
    user, older = User.objects.get(username="wangfang"), User.objects.get(username="lina")
    assert not user.is_active and not user.grants.unended().exists()
    assert older.is_active and older.name == "李娜" and older.grants.unended().get().area_id == "330109001048"


def test_who_signed_in_meanwhile_keeps_account_and_role(cast: Cast) -> None:
    batch = _done(cast, _row(password=GOOD))
    User.objects.filter(username="wangfang").update(last_login=timezone.now())
    _undone(cast, batch)
    assert results(batch) == {2: "kept"} and "已经登录过" in said(batch, 2)
    user = User.objects.get(username="wangfang")
    assert user.is_active and user.grants.unended().exists()


def test_a_file_that_was_taken_back_comes_again(cast: Cast) -> None:
    """Taken back to be mended: the second time the account is switched on and holds the role from the same day."""
    rows = [_row(), _row(role="社区书记")]
    _undone(cast, _done(cast, *rows))
    again = _sent(cast, *rows)
    assert outcomes(again) == {2: "new", 3: "new"}
    assert "已停用" in ImportRow.objects.get(batch=again, line=2).found.encode().decode("unicode_escape")
    carry_out(again, cast.chengxiang.system_admin)
    assert results(again) == {2: "done", 3: "done"}, said(again, 2)
    user = User.objects.get(username="wangfang")
    assert user.is_active and user.grants.active().count() == 2
    _undone(cast, again)
    user.refresh_from_db()
    assert results(again) == {2: "undone", 3: "undone"}
    assert not user.is_active and not user.grants.unended().exists()


def test_who_was_switched_off_after_working_stays_off(cast: Cast) -> None:
    _done(cast, _row())
    user = User.objects.get(username="wangfang")
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(days=3))
    set_active(user=user, by=cast.chengxiang.system_admin, active=False)
    batch = _done(cast, _row(area="拱秀社区"))
    assert results(batch) == {2: "failed"} and "已停用" in said(batch, 2)
    user.refresh_from_db()
    assert not user.is_active


def test_a_first_password_is_forgotten_with_the_import(cast: Cast) -> None:
    batch = _done(cast, _row(password=GOOD))
    row = ImportRow.objects.get(batch=batch)
    assert GOOD not in row.cells + row.found + row.before
    assert not AuditEntry.objects.filter(params__icontains=GOOD).exists()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_of_an_office(cast: Cast, encoding: str) -> None:
    lines = [HEAD, _row(starts="2027年1月4日"), _row("lina", "李娜", area="拱秀社区")]
    content = "\r\n".join(",".join(map(str, line)) for line in lines).encode(encoding)
    here = cast.chengxiang
    batch = carry_out(upload(here.system_admin, here.street, content, "staff", "名单.csv"), here.system_admin)
    assert batch.counts == {"new": 2, "result_done": 2}
    assert User.objects.get(username="wangfang").grants.get().starts_on == date(2027, 1, 4)
    assert User.objects.get(username="lina").grants.get().area_id == "330109001028"
