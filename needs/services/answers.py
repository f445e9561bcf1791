"""What the resident answers to the one question: 解决了, 部分解决, 没解决.

Nobody who handles needs ever reads a single answer; ``needs.services.answer_figures`` gives them sums. The need's
history says only that it was closed or taken up again.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.lib.errors import Invalid, RuleBroken, Text
from alliance.lib.text import clean
from needs.messages import answers as messages
from needs.models import Answer, Need
from needs.permissions import resident_abilities
from needs.services import limits
from needs.services.asking import stop_asking
from needs.services.following import find_by_link
from needs.services.hands import hands
from needs.services.remainders import readers
from needs.services.retention import forget_at_end
from needs.states import Office, Outcome, Satisfaction, State, Verb
from notifications.messages import source_text
from notifications.services import call_off, queue, retire

GIVEN = (Outcome.SOLVED, Outcome.PARTLY, Outcome.UNSOLVED)
"""What a resident can say; silence is said by the clock."""
MAX_WORDS = 500
TOO_LATE: Text = _("评价的时间已经过了，这件事先办结了。要是还没解决，请重新反映一次。")
NOT_ASKED: Text = _("这件事现在不用评价，办好了会再问您。")


@transaction.atomic
def answer_need(
    *, token: str, outcome: str, satisfaction: str = "", words: str = "", round_no: int | None = None
) -> Answer:
    """The resident's answer for the present round; the first one counts, and a second tap is given that one back.

    ``round_no`` is the round that the form was about. 解决了 and 部分解决 close the need; 没解决 takes it to the office
    above, to begin anew. Raises ``NotFound``, ``Invalid`` (no such answer, too long), ``RuleBroken`` (not asked, or the
    time is over).
    """
    said = _checked(outcome, satisfaction, words)
    need: Need = Need.objects.locked(find_by_link(token).pk)
    first = _given_before(need, round_no)
    if first is not None:
        return first
    if Verb.CLOSE not in resident_abilities(need) or round_no not in (None, need.rounds):
        raise RuleBroken(TOO_LATE if _silent(need) else NOT_ASKED)
    answer = Answer.objects.create(
        need=need,
        round=need.rounds,
        outcome=outcome,
        satisfaction=satisfaction,
        words=said,
        area_id=need.area_id,
        category_id=need.category_id,
    )
    stop_asking(need)
    for asked in (messages.NeedFinished, messages.AnswerAsked):
        retire(asked, occurrence=f"{need.number}:{need.rounds}")
        call_off(asked, subject_label=need.number)
    if outcome == Outcome.UNSOLVED:
        _reopen(need)
    else:
        _close(need, answer)
    return answer


def _checked(outcome: str, satisfaction: str, words: str) -> str:
    errors: dict[str, list[Text]] = {}
    if outcome not in GIVEN:
        errors["outcome"] = [_("请点一个：解决了、部分解决，还是没解决。")]
    if satisfaction and satisfaction not in Satisfaction.values:
        errors["satisfaction"] = [_("请从列出的五个里选，也可以不选。")]
    text = clean(words)
    if len(text) > MAX_WORDS:
        over = len(text) - MAX_WORDS
        errors["words"] = [
            ngettext("最多500字，现在多了%(over)d字。", "最多500字，现在多了%(over)d字。", over) % {"over": over}
        ]
    if errors:
        raise Invalid(errors)
    return text


def _given_before(need: Need, round_no: int | None) -> Answer | None:
    """What the resident has said for the round in question already. The need is locked."""
    if round_no is None:
        # A caller without a form means the round that was asked last.
        ended = need.state == State.CLOSED or need.rounds == 1
        round_no = need.rounds if need.state == State.TO_ANSWER or ended else need.rounds - 1
        if need.state == State.IN_PROGRESS:
            return None
    return need.answers.filter(round=round_no).exclude(outcome=Outcome.SILENT).first()


def _silent(need: Need) -> bool:
    return need.answers.filter(round=need.rounds, outcome=Outcome.SILENT).exists()


def _close(need: Need, answer: Answer) -> None:
    need.move_to(Verb.CLOSE, actor=None, changes={"ended_at": timezone.now()})
    if answer.outcome == Outcome.PARTLY:
        queue(messages.remainder_left(need), occurrence=f"{need.number}:{need.rounds}", users=readers(need))
    forget_at_end(need)


def office_above(need: Need) -> Office:
    """One up: community, street, leader. The second time it is the leader's, wherever it was handled meanwhile."""
    if need.rounds > 1 or need.office != Office.COMMUNITY:
        return Office.LEADER
    return Office.STREET


def _reopen(need: Need) -> None:
    """To the office above, and from the beginning: nobody has it, nothing is promised yet."""
    changes = {
        "office": office_above(need),
        "rounds": need.rounds + 1,
        "holder": None,
        "reply_by": None,
        "accepted_at": None,
        "first_reply_at": None,
        "done_by": None,
        "finished_at": None,
        "held_since": timezone.now(),
        "why_here": source_text(_("重办：上一轮没有了结，转到上一级")),
    }
    event = need.move_to(Verb.REOPEN, actor=None, changes=changes)
    limits.moved(need)
    at_leader = need.office == Office.LEADER
    message = messages.call_back_wanted(need) if at_leader else messages.reopened(need)
    queue(message, occurrence=f"{need.number}:{event.pk}", users=hands(need))
