"""Residents' stories: nothing is shown without a consent to these very words; taken down, they are gone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from alliance.lib.errors import RuleBroken
from projects.models import Story
from projects.services import stories
from tests.api.calls import post
from tests.cast import Cast, api_of, browser_of, fresh
from tests.desk.asking import text
from tests.projects.running import running
from tests.projects.things import again, today

pytestmark = pytest.mark.django_db
LIST, WORDS = "/admin/projects/story/", "以前下楼要人背，现在坐电梯。"


def written(here: Any, **changes: Any) -> Story:
    said = {"called": "汤大伯", "title": "下楼不用人背了", "words": WORDS, **changes}
    project = said.pop("project", None) or running(here)
    return stories.write_story(project=project.pk, client_key=uuid4(), by=fresh(here.clerk), **said)


def agreed(here: Any, row: Story) -> Story:
    said: Any = {"on": today(), "how": "signed", "kept": "社区档案柜"}
    return stories.note_consent(pk=row.pk, by=fresh(here.clerk), version=None, **said)


def test_a_story_goes_from_the_words_to_the_page_only_by_a_consent_and_is_gone_when_taken_back(cast: Cast) -> None:
    here = cast.chengxiang
    project, clerk, visitor = running(here), browser_of(here.clerk), browser_of(None)
    places = [f"/projects/{project.pk}/", f"/fair/{here.street.pk}/", f"/fair/{here.street.pk}/screen/"]
    form = {"project": project.pk, "called": "汤大伯", "title": "下楼", "words": f"{WORDS}打13805710001找我。"}
    form["client_key"] = str(uuid4())
    warned = clerk.post(f"{LIST}add/", form)
    assert warned.status_code == 422 and "电话号码" in text(warned) and not Story.objects.exists()
    for _tap in range(2):
        clerk.post(f"{LIST}add/", {**form, "words": WORDS})
    row = Story.objects.get()
    with pytest.raises(RuleBroken):
        stories.show_story(pk=row.pk, by=fresh(here.clerk), version=None)
    page = f"{LIST}{row.pk}/"
    consent = {"consent-version": 1, "consent-on": today().isoformat(), "consent-how": "signed", "consent-kept": ""}
    assert clerk.post(f"{page}consent/", consent).status_code == 422
    clerk.post(f"{page}consent/", {**consent, "consent-kept": "社区档案柜"})
    assert not any(WORDS in text(visitor.get(place)) for place in places)
    clerk.post(f"{page}show/", {"show-version": again(row).version})
    assert all(WORDS in text(visitor.get(place)) and "汤大伯" in text(visitor.get(place)) for place in places)
    late = {"edit-version": again(row).version, "edit-called": "汤大伯", "edit-title": "下楼", "edit-words": "别的话"}
    assert clerk.post(f"{page}edit/", late).status_code == 409 and again(row).words == WORDS
    clerk.post(f"{page}take-down/", {"take_down-version": again(row).version, "take_down-words": "本人不愿意了"})
    row = again(row)
    assert (row.state, row.words, row.called, row.title) == ("taken_down", "", "", "")
    assert row.consent_on == today() and not any(WORDS in text(visitor.get(place)) for place in places)


def test_other_words_ask_for_another_consent_and_the_database_keeps_the_rule(cast: Cast) -> None:
    here = cast.chengxiang
    row = agreed(here, written(here))
    said = {"called": "汤大伯", "title": "下楼不用人背了"}
    stories.edit_story(pk=row.pk, by=fresh(here.clerk), version=None, words="换了说法。", **said)
    assert again(row).consent_on is None
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update projects_story set state='shown', shown_at=now() where id=%s", [row.pk])
    for stranger, status in ((cast.xiasha.clerk, 404), (here.worker, 403), (here.leader, 403)):
        answer = browser_of(stranger).post(f"{LIST}{row.pk}/consent/", {"consent-version": 1})
        assert answer.status_code == status, stranger


def test_over_the_api_a_story_takes_the_same_steps_and_how_it_was_agreed_to_is_the_offices_own(cast: Cast) -> None:
    here, api = cast.chengxiang, "/api/v1/stories/"
    project, clerk = running(here), api_of(here.clerk)
    sent = {"project": project.pk, "client_key": str(uuid4()), "called": "汤大伯", "title": "下楼", "words": WORDS}
    assert post(clerk, api, {**sent, "words": f"{WORDS}打13805710001。"}).json()["code"] == "warned"
    answers = [post(clerk, api, sent) for _tap in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200] and Story.objects.count() == 1
    base, outside = f"{api}{Story.objects.get().pk}/", api_of(cast.xiasha.clerk)

    def step(name: str, status: int = 200, /, browser: Any = clerk, **said: Any) -> Any:
        answer = post(browser, f"{base}{name}/", {"version": Story.objects.get().version, **said})
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    for browser in (outside, api_of(here.liaison)):
        assert browser.get(base).status_code == 404 and browser.get(api).json()["results"] == []
    step("show", 409)
    consent = {"on": today().isoformat(), "how": "signed", "kept": "社区档案柜"}
    step("consent", 403, browser=api_of(here.leader), **consent)
    step("consent", 404, browser=outside, **consent)
    step("consent", **consent)
    assert step("edit", called="汤大伯", title="下楼", words="换了说法。")["consent_on"] is None
    step("consent", 409, version=1, **consent)
    step("consent", **consent)
    assert step("show")["abilities"] == ["take_down", "view"]
    shown = outside.get(base).json()
    assert (shown["words"], shown["consent_kept"], shown["abilities"]) == ("换了说法。", "", ["view"])
    (listed,) = outside.get(f"{api}?project={project.pk}").json()["results"]
    assert (listed["id"], listed["consent_on"], listed["written_at"]) == (shown["id"], None, None)
    assert clerk.get(f"{api}?state=shown").json()["results"][0]["consent_kept"] == "社区档案柜"
    step("take-down", 404, browser=outside, words="不")
    gone = step("take-down", words="本人不愿意了")
    assert (gone["state"], gone["words"], gone["ended_why"]) == ("taken_down", "", "本人不愿意了")
    assert outside.get(base).status_code == 404 and api_of(None).get(api).status_code == 401


def test_of_a_project_that_is_not_public_no_story_is_read_over_the_api(cast: Cast) -> None:
    here = cast.chengxiang
    row = agreed(here, written(here))
    stories.show_story(pk=row.pk, by=fresh(here.clerk), version=None)
    reads = f"/api/v1/stories/{row.pk}/"
    assert api_of(cast.xiasha.clerk).get(reads).status_code == 200
    type(row.project).objects.filter(pk=row.project_id).update(is_public=False)
    assert api_of(cast.xiasha.clerk).get(reads).status_code == 404
    assert api_of(here.clerk).get(reads).status_code == 200
