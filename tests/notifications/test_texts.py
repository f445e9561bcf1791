"""What messages say can be changed in the workbench: rightly or not at all, and never in the way of sending."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.models import AuditEntry
from audit.states import Action
from notifications.messages import MessageClass, message_classes
from notifications.models import Message, MessageText
from notifications.services import inbox, queue, reset_text, save_text, sms_count
from notifications.states import Channel, Part
from people.models import Area, RoleGrant, User
from people.states import Level, Role
from tests.cast import browser_of, fresh
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, Arrived, Mailed, RecordingMail, RecordingSms

pytestmark = pytest.mark.django_db
SMS = {"rule": Answered.rule, "part": Part.SMS}
TITLE = {"rule": Arrived.rule, "part": Part.TITLE}
OWN = "好消息：%(number)s有答复，请看%(link)s"


def _administrator(username: str, code: str) -> User:
    city, _made = Area.objects.get_or_create(code="3301", defaults={"name": "某市", "level": Level.CITY})
    district, _made = Area.objects.get_or_create(
        code="330109", defaults={"name": "某某区", "level": Level.DISTRICT, "parent": city}
    )
    if code == district.pk:
        area = district
    else:
        area = Area.objects.create(code=code, name=code, level=Level.STREET, parent=district)
    user = User.objects.create(username=username, name="管理", area=area)
    RoleGrant.objects.create(user=user, role=Role.SYSTEM_ADMIN, area=area)
    return fresh(user)


@pytest.fixture
def keeper(db: None) -> User:
    return _administrator("keeper", "330109")


@pytest.fixture
def streets(db: None) -> User:
    return _administrator("streets", "330109001")


def test_an_own_wording_goes_out_until_it_is_taken_back(keeper: User, recording: type[RecordingSms]) -> None:
    row = save_text(by=keeper, **SMS, text=OWN, version=0)
    queue(Answered(), occurrence="1", phones=[PHONE])
    reset_text(by=keeper, **SMS, version=row.version)
    queue(Answered(), occurrence="2", phones=[PHONE])
    own, default = Message.objects.order_by("pk")
    assert own.text == "好消息：XQ-CX-20261121-0007有答复，请看/n/secret-token/"
    assert default.text == "您反映的XQ-CX-20261121-0007有答复了：/n/secret-token/"
    assert (own.own_text, default.own_text) == (True, False)
    reset_text(by=keeper, **SMS, version=0)


def test_an_email_takes_its_own_subject_and_text(reader: User, keeper: User, mailbox: type[RecordingMail]) -> None:
    reader.email = "reader@tongxin.example"
    save_text(by=keeper, rule=Mailed.rule, part=Part.EMAIL_SUBJECT, text="请您看看", version=0)
    queue(Mailed(), occurrence="1", users=[reader])
    row = Message.objects.get(channel=Channel.EMAIL)
    assert row.mail_subject == "请您看看"
    assert str(row.text).startswith("XQ-CX-20261121-0007等您受理：/c/secret-token/")


def test_a_notice_keeps_the_words_it_was_queued_with(reader: User, keeper: User) -> None:
    queue(Arrived(), occurrence="before", users=[reader])
    row = save_text(by=keeper, **TITLE, text="请看%(number)s", version=0)
    queue(Arrived(), occurrence="after", users=[reader])
    save_text(by=keeper, **TITLE, text="又改了%(number)s", version=row.version)
    with translation.override("en"):
        after, before = inbox(reader).rows
        assert after.title == "请看XQ-CX-20261121-0007", "an own wording stands as it was said"
        assert before.title == str(Arrived.title), "the product's own is read in the reader's language"


@pytest.mark.parametrize(
    ("which", "text", "said"),
    [
        (SMS, "", "请写上文字"),
        (SMS, "   ", "请写上文字"),
        (SMS, f"{OWN}%(phone)s", "没有变量 %(phone)s"),
        (SMS, f"{OWN}%(number)", "百分号写得不完整"),
        (SMS, f"{OWN}100%", "百分号写得不完整"),
        (SMS, f"{OWN}%s", "百分号写得不完整"),
        (SMS, f"{OWN}%(number)d", "百分号写得不完整"),
        (SMS, "编号%(number)s有答复", "不能少了 %(link)s"),
        (SMS, f"{OWN}\n第二行", "换行"),
        (SMS, f"{OWN}\u202e反过来", "看不见的字符"),
        (SMS, f"{OWN}\x07", "看不见的字符"),
        (SMS, OWN + "字" * 250, "最多300字"),
        (TITLE, "字" * 121, "最多120字"),
        ({"rule": Mailed.rule, "part": Part.BODY}, "%(number)s %(link)s", "没有变量 %(link)s"),
    ],
)
def test_a_wording_that_would_go_wrong_is_refused_in_words(
    keeper: User, which: dict[str, Any], text: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        save_text(by=keeper, **which, text=text, version=0)
    assert said in " ".join(str(one) for one in refused.value.fields["text"])
    assert not MessageText.objects.exists()


def test_a_percent_sign_is_written_twice(keeper: User, recording: type[RecordingSms]) -> None:
    save_text(by=keeper, **SMS, text=f"{OWN}，满意率100%%", version=0)
    queue(Answered(), occurrence="1", phones=[PHONE])
    assert str(Message.objects.get().text).endswith("满意率100%")


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (66, 1), (67, 2), (130, 2), (131, 3), (300, 5)])
def test_long_text_messages_count_as_several(length: int, parts: int) -> None:
    """With 【同心】 in front: 70 characters in one, 67 in each of several."""
    assert sms_count("字" * length) == parts
    assert sms_count("𠮷" * 34) == 2, "a rare character counts twice"


def test_two_administrators_do_not_overwrite_each_other(keeper: User) -> None:
    first = save_text(by=keeper, **SMS, text=OWN, version=0)
    for version in (0, 7):
        with pytest.raises(Conflict):
            save_text(by=keeper, **SMS, text=OWN, version=version)
        with pytest.raises(Conflict):
            reset_text(by=keeper, **SMS, version=version)
    assert save_text(by=keeper, **SMS, text=f"{OWN}。", version=first.version).version == 2


def test_only_administrators_of_a_district_or_wider_change_texts(keeper: User, streets: User, reader: User) -> None:
    for person in (streets, reader):
        with pytest.raises(NotAllowed):
            save_text(by=person, **SMS, text=OWN, version=0)
        with pytest.raises(NotAllowed):
            reset_text(by=person, **SMS, version=0)
    for rule, part in ((Answered.rule, Part.TITLE), (Answered.rule, "nothing"), ("gone.Rule", Part.SMS)):
        with pytest.raises(NotFound):
            save_text(by=keeper, rule=rule, part=part, text=OWN, version=0)
    assert not MessageText.objects.exists()


def test_every_change_is_in_the_audit_log_with_before_and_after(keeper: User) -> None:
    row = save_text(by=keeper, **SMS, text=OWN, version=0)
    row = save_text(by=keeper, **SMS, text=OWN, version=row.version)  # nothing changed: nothing to tell
    reset_text(by=keeper, **SMS, version=row.version)
    changed, taken_back = AuditEntry.objects.filter(action=Action.TEXT_CHANGED).order_by("pk")
    default = "您反映的%(number)s有答复了：%(link)s"
    assert (changed.subject, changed.actor) == (Answered.rule, keeper)
    assert changed.params == {"part": "sms", "before": default, "after": OWN}
    assert taken_back.params == {"part": "sms", "before": OWN, "after": default}


@pytest.mark.parametrize("text", ["没有编号 %(gone)s", "坏了 %(number", "只有 %(number)s", "100%"])
def test_a_text_that_no_longer_fits_its_class_is_left_aside_and_never_in_the_way(
    keeper: User, recording: type[RecordingSms], caplog: pytest.LogCaptureFixture, text: str
) -> None:
    row = save_text(by=keeper, **SMS, text=OWN, version=0)
    MessageText.objects.update(text=text)  # as if the class had changed since
    queue(Answered(), occurrence="1", phones=[PHONE])
    assert Message.objects.get().text == "您反映的XQ-CX-20261121-0007有答复了：/n/secret-token/"
    assert not Message.objects.get().own_text
    assert "own_text_left_aside" in caplog.text and str(row.pk) in caplog.text


def test_a_class_declares_its_variables() -> None:
    def declare(**body: Any) -> None:
        type("Undeclared", (MessageClass,), {"__module__": "tests.elsewhere", "label": "…", **body})

    with pytest.raises(TypeError, match="sample"):
        declare(title="%(number)s")
    with pytest.raises(TypeError, match="sample"):
        declare(title="…", must=frozenset({"number"}))
    with pytest.raises(TypeError, match="link"):
        declare(title="%(link)s", sample={"link": "x"}, secret=frozenset({"link"}))
    with pytest.raises(ValueError, match="100%"):
        declare(title="100%")
    assert "tests.elsewhere.Undeclared" not in {declared.rule for declared in message_classes()}
    with pytest.raises(TypeError, match="secret"):
        MessageClass.__init__(Arrived.__new__(Arrived), params={}, secrets={"number": "1"})


# The pages ----------------------------------------------------------------------------------------------------------

LIST = "/admin/notifications/messagetext/"
EDIT = f"{LIST}{Answered.rule}/sms/"


def test_the_list_names_every_message_and_marks_what_was_changed(keeper: User) -> None:
    desk = browser_of(keeper)
    assert "已改" not in desk.get(LIST).content.decode()
    save_text(by=keeper, **SMS, text=OWN, version=0)
    page = desk.get(LIST).content.decode()
    assert "已改" in page and "好消息：XQ-CX-20261121-0007有答复" in page and EDIT in page
    MessageText.objects.update(text="坏了 %(gone)s")  # as if the class had changed since
    assert "坏了 %(gone)s" in desk.get(LIST).content.decode()
    assert desk.get(EDIT).status_code == 200
    for label in ("告诉居民已收到", "新诉求，提醒受理"):
        assert label in page


def test_a_wording_is_changed_previewed_and_taken_back_on_its_page(keeper: User) -> None:
    desk = browser_of(keeper)
    page = desk.get(EDIT).content.decode()
    assert "您反映的XQ-CX-20261121-0007有答复了：https://tongxin.example/n/abc/" in page, "the preview"
    preview = desk.post(f"{EDIT}preview/", {"text": OWN}, headers={"hx-request": "true"}).content.decode()
    assert "【同心】好消息：XQ-CX-20261121-0007有答复" in preview and "算1条短信" in preview
    wrong = desk.post(f"{EDIT}preview/", {"text": "%(x)s"}, headers={"hx-request": "true"}).content.decode()
    assert "没有变量 %(x)s" in wrong
    assert not MessageText.objects.exists()
    refused = desk.post(EDIT, {"text": "少了链接%(number)s", "version": 0})
    assert refused.status_code == 422
    assert "少了链接" in refused.content.decode() and "不能少了 %(link)s" in refused.content.decode()
    assert desk.post(EDIT, {"text": OWN, "version": 0}).status_code == 302
    stale = desk.post(EDIT, {"text": f"{OWN}！", "version": 0})
    assert stale.status_code == 409 and f"{OWN}！" in stale.content.decode()
    assert desk.post(EDIT, {"text": "", "version": 1, "reset": "1"}).status_code == 302
    assert not MessageText.objects.exists()


def test_a_streets_administrator_looks_and_others_do_not(streets: User, reader: User) -> None:
    desk = browser_of(streets)
    assert desk.get(LIST).status_code == 200
    page = desk.get(EDIT).content.decode()
    assert "readonly" in page and "恢复默认" not in page and ">保存<" not in page
    assert desk.post(EDIT, {"text": OWN, "version": 0}).status_code == 403
    assert desk.get(f"{LIST}gone.Rule/sms/").status_code == 404
    street = Area.objects.get(pk="330109001")
    RoleGrant.objects.create(user=reader, role=Role.STREET_STAFF, area=street)
    for address in (LIST, EDIT):
        assert browser_of(reader).get(address).status_code == 403
    assert Client().get(LIST).status_code == 302
