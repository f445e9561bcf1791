"""What is agreed on and done together in the demo: 城厢's eleven projects, 北山's agreements, 下沙's ten items."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from files.services import hold_photo
from members.models import Alliance, MemberUnit, PartyOrganisation
from members.services.party import Entry, create_organisation
from members.states import PartyKind
from people.models import Area, User
from portal.demo import cast
from portal.demo import together_data as data
from portal.demo.pictures import picture_of
from projects import services
from projects.models import Agreement, Ask, Project
from projects.services import deeds, menu, stories
from projects.services.assessing import assess_project, set_yardsticks, show_assessments
from projects.services.deed_running import report_deed
from projects.services.figures import record_reading, set_indicator
from projects.states import DeedVerb

SPACE = UUID("7a4d3c52-0a1f-4d0e-9b6e-2f1f6f0a7c11")


def load_together() -> None:
    """Through the services people use; what the reports do not say is invented and marked 演示."""
    branch = _branch()
    agreed = {line.name: _agreement(line) for line in data.PROJECTS if line.name in data.AGREED}
    for line in data.PROJECTS:
        _project(line, agreed.get(line.name), branch)
    _menu()
    _at_the_desk()
    _stories()
    load_beishan()
    load_xiasha()


def _who(username: str) -> User:
    return User.objects.get(username=username)


def _key(*parts: object) -> UUID:
    return uuid5(SPACE, "/".join(str(part) for part in parts))


def _branch() -> PartyOrganisation:
    street = Area.objects.get(pk=cast.CHENGXIANG)
    entry = Entry(name=data.BRANCH, kind=PartyKind.BRANCH, area=street, unit=None)
    return create_organisation(entry=entry, by=None)


def _signed(area: str, theme: str, units: list[MemberUnit], drafter: User, approver: User, **said: Any) -> Agreement:
    """Confirmed on paper where nobody speaks for the unit online, by its liaison where somebody does."""
    today = timezone.localdate()
    row = services.draft_agreement(
        client_key=_key(area, theme),
        by=drafter,
        area=area,
        commissioner=drafter.pk,
        theme=theme,
        aim=said.get("aim", "一起办好这件事（演示）。"),
        office_duties="提供场地，联系居民，宣传（演示）。",
        starts_on=today - timedelta(days=120),
        ends_on=today + timedelta(days=245),
        parties=[{"unit": unit.pk, "duties": "出人、出车、出力（演示）。"} for unit in units],
        targets=said.get("targets", []),
    )
    row = services.send_paper(of=Agreement, pk=row.pk, by=drafter, version=row.version)
    for ask in Ask.objects.filter(party__agreement=row).select_related("party__unit"):
        seat = ask.party.unit.seats.active().select_related("user").first()
        if seat is not None:
            services.answer_ask(pk=ask.pk, by=seat.user, yes=True)
        else:
            services.confirm_on_paper(pk=ask.pk, by=drafter, version=None, words="纸质确认函，党建办存（演示）")
    row.refresh_from_db()
    row = services.approve_paper(of=Agreement, pk=row.pk, by=approver, version=row.version)
    return services.sign_paper(
        of=Agreement,
        pk=row.pk,
        by=drafter,
        version=row.version,
        signed_on=today - timedelta(days=120),
        place="党群服务中心（演示）",
    )


def _agreement(line: data.Line) -> Agreement:
    units = list(MemberUnit.objects.filter(name__in=line.units, street_code=cast.CHENGXIANG).order_by("pk"))
    return _signed(cast.CHENGXIANG, line.name, units, _who("zhoumin"), _who("fanglei"), aim=line.aim)


def _project(line: data.Line, agreement: Agreement | None, branch: PartyOrganisation) -> Project:
    by, begun = _who("zhoumin"), date(2020, 7, 13)
    facts: Any = line.facts
    row = services.draft_project(
        client_key=_key("project", line.name),
        by=by,
        area=cast.CHENGXIANG,
        name=line.name,
        kind="partner",
        aim=line.aim,
        field=line.field,
        six=line.six,
        starts_on=begun,
        ends_on=timezone.localdate() + timedelta(days=200),
        agreement=agreement.pk if agreement else None,
        commissioner=by.pk,
        branch=branch.pk,
        leader=_who("fanglei").pk,
        source=data.CX_SOURCE,
        **facts,
    )
    for unit in MemberUnit.objects.filter(name__in=line.units, street_code=cast.CHENGXIANG).order_by("pk"):
        services.join_project(pk=row.pk, by=by, version=None, unit=unit.pk)
    last = timezone.localdate() + timedelta(days=180)
    steps = data.STEPS.get(line.name) or (("办好（演示）", 100, last, None),)
    given: Any = [{"name": name, "weight": weight, "due_on": min(day, last)} for name, weight, day, _done in steps]
    services.plan_milestones(pk=row.pk, by=by, version=None, milestones=given)
    services.start_project(pk=row.pk, by=by, version=None)
    reached = {name: done for name, _weight, _day, done in steps if done}
    for one in row.milestones.filter(name__in=reached).order_by("position"):
        given = {"milestone": one.pk, "done_on": reached[one.name]}
        if one.name == list(reached)[-1]:
            given |= {"hold_key": _pictured(row, by), "evidence": "图是画的（演示）。"}
        services.reach_milestone(pk=row.pk, by=by, version=None, **given)
    _figures(row, by)
    return row


def _pictured(row: Project, by: User) -> str:
    """Under which key its picture waits."""
    key = str(_key("picture", row.name))
    hold_photo(picture_of(row.name), hold_key=key, created_by=by)
    return key


def _figures(row: Project, by: User) -> None:
    for name, measure, period, reckon, readings in data.FIGURES.get(row.name, ()):
        said: Any = {"name": name, "measure": measure, "period": period, "reckon": reckon}
        one = set_indicator(pk=row.pk, by=by, version=None, **said)
        for day, value in readings:
            record_reading(pk=row.pk, by=by, indicator=one.pk, day=day, value=value, note=data.SPREAD.get(name, ""))
    if row.name == "厢气厨房":
        scale: Any = [{"name": name, "weight": weight} for name, weight in data.MEASURES]
        set_yardsticks(pk=row.pk, by=by, version=None, yardsticks=scale)
        for number, (first, last, points, consequence, words) in enumerate(data.ASSESSED):
            scores: Any = [
                {"name": name, "points": found, "evidence": "问卷和账目（演示）"}
                for (name, _weight), found in zip(data.MEASURES, points, strict=True)
            ]
            given: Any = {"first_day": first, "last_day": last, "consequence": consequence, "words": words}
            key = _key("assessment", number) if number else _key("assessment")
            assess_project(pk=row.pk, client_key=key, by=by, version=None, scores=scores, **given)
        show_assessments(pk=row.pk, by=by, version=None, is_public=True)


def _menu() -> None:
    """This year's ten services; some are signed up for, so that the gaps are seen."""
    alliance, by = Alliance.objects.get(area=cast.CHENGXIANG, parent=None), _who("zhoumin")
    items = menu.open_menu(alliance=alliance.pk, year=timezone.localdate().year, by=by)
    units = MemberUnit.objects.members_in(cast.CHENGXIANG).order_by("pk")
    for item, unit in zip(items[:7], units, strict=False):
        menu.sign_up(item=item.pk, unit=unit.pk, by=by, covers=[cast.WANSHOUQIAO] if item.position % 2 else [])


def _at_the_desk() -> None:
    """What waits for a liaison: an agreement to confirm, a project to join, one to claim, an item to report."""
    by, today = _who("zhoumin"), timezone.localdate()
    unit = MemberUnit.objects.get(name=data.ASKED[0], street_code=cast.CHENGXIANG)
    other = MemberUnit.objects.get(name=data.ASKED[1], street_code=cast.CHENGXIANG)
    row = services.draft_agreement(
        client_key=_key("asked"),
        by=by,
        area=cast.CHENGXIANG,
        commissioner=by.pk,
        theme="家门口的健康小屋（演示）",
        aim="每个社区一间健康小屋，量血压、看报告、讲用药。",
        office_duties="腾出房间，接好水电，排好值班表。",
        starts_on=today + timedelta(days=7),
        ends_on=today + timedelta(days=371),
        parties=[
            {"unit": unit.pk, "duties": "每周两位医生坐诊半天。"},
            {"unit": other.pk, "duties": "检修水路，每季一次。"},
        ],
        targets=[{"name": "坐诊", "amount": "100", "measure": "次"}],
    )
    services.send_paper(of=Agreement, pk=row.pk, by=by, version=row.version)
    health = Project.objects.get(name="乐厢健康", street_code=cast.CHENGXIANG)
    services.join_project(pk=health.pk, by=by, version=None, unit=unit.pk, does="每月一次义诊（演示）")
    free = Project.objects.get(name="厢爱万家", street_code=cast.CHENGXIANG)
    services.publish_project(pk=free.pk, by=by, version=None, closes_on=today + timedelta(days=30))
    _reported(by, unit)


def _reported(by: User, unit: MemberUnit) -> None:
    """A livelihood item for which the liaison's unit is responsible; last month was reported, this one was not."""
    today, street = timezone.localdate(), Area.objects.get(pk=cast.CHENGXIANG)
    item = deeds.propose_deed(
        client_key=_key("asked-item"),
        by=by,
        area=cast.CHENGXIANG,
        year=today.year,
        name="义诊进社区40场（演示）",
        words="每个社区一年两场义诊。",
        goal="义诊40场",
        field="service",
        source="resident",
        unit=unit.pk,
    )
    given: Any = {"pk": item.pk, "by": by, "version": None, "on_day": today}
    deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
    deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="居民代表一起论证（演示）。")
    deeds.publish_deeds(street=street, year=today.year, by=by, pks=[item.pk])
    last = today.replace(day=1) - timedelta(days=1)
    if last.year == today.year:
        report_deed(pk=item.pk, by=by, month=last, percent=60, words="办了24场，来了一千多位居民（演示）。")


def _stories() -> None:
    """Two residents of nowhere, who agreed to nothing: invented, and marked so."""
    by = _who("zhoumin")
    living = Project.objects.get(name="美厢生活", street_code=cast.CHENGXIANG)
    for called, title, words in data.STORIES:
        row = stories.write_story(
            project=living.pk, client_key=_key("story", title), by=by, called=called, title=title, words=words
        )
        agreed: Any = {"on": timezone.localdate(), "how": "signed", "kept": "演示，没有真人"}
        stories.note_consent(pk=row.pk, by=by, version=None, **agreed)
        stories.show_story(pk=row.pk, by=by, version=None)


def load_beishan() -> None:
    """Twenty-one agreements, as many as the report counts; with whom and about what is invented."""
    drafter, approver = _who("xiayu"), _who("linshan")
    units = list(MemberUnit.objects.members_in(cast.BEISHAN).order_by("pk")[: data.BS_AGREEMENTS])
    for number, unit in enumerate(units):
        theme = f"{data.BS_THEMES[number % len(data.BS_THEMES)]}{number // len(data.BS_THEMES) + 1}（演示）"
        _signed(cast.BEISHAN, theme, [unit], drafter, approver)


def load_xiasha() -> None:
    """Ten livelihood items of this year, one cleared."""
    by, office = _who("guyun"), _who("lvqing")
    today = timezone.localdate()
    street = Area.objects.get(pk=cast.XIASHA)
    rows = []
    for name, field, goal in data.XS_DEEDS:
        row = deeds.propose_deed(
            client_key=_key("deed", name),
            by=by,
            area=cast.XIASHA,
            year=today.year,
            name=f"{name}（演示）",
            words="居民提得多、一年能办成的事（演示）。",
            goal=f"{goal}（演示）",
            field=field,
            source="resident",
        )
        given: Any = {"pk": row.pk, "by": by, "version": None, "on_day": today}
        deeds.screen_deed(**given, for_all=True, doable=True, countable=True)
        deeds.note_deed(**given, verb=DeedVerb.ARGUE, words="专家和居民代表一起论证（演示）。")
        rows.append(row)
    deeds.publish_deeds(street=street, year=today.year, by=office, pks=[row.pk for row in rows])
    for place, row in enumerate(rows):
        percent = 100 if place == 0 else 30 + 6 * place
        report_deed(pk=row.pk, by=by, month=today, percent=percent, words="按进度推进（演示）。")
