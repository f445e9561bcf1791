"""Ways to go on with a need, a wish, an errand, as people take them in a browser; and in whose hands it then is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from members.models import MemberUnit
    from needs.models import Need
    from people.models import User
    from tests.cast import Street


def open_need(page: Page, need: Need) -> None:
    """The need's page in the workbench, as it is now."""
    page.goto(f"/admin/needs/need/{need.pk}/change/")


def accept(page: Page, need: Need) -> None:
    """受理并自办, with what stands in the form."""
    open_need(page, need)
    page.get_by_role("button", name="受理并自办").click()
    expect(page.locator(".msgs")).to_contain_text("已受理")


def unfold(page: Page, name: str) -> Locator:
    """The form of the way ``name``, open."""
    way = page.locator(f"#way-{name}")
    if way.get_attribute("open") is None:
        way.locator("summary").click()
    expect(way.locator("form")).to_be_visible()
    return way.locator("form")


def fill(form: Locator, **typed: str) -> None:
    """Type into the form's fields; of a list the value is chosen, of radio buttons the one that is meant."""
    for name, value in typed.items():
        field = form.locator(f"[name$='-{name}']")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name$='-{name}'][value='{value}']").check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def take(page: Page, name: str, done: str, *, choice: str = "", **typed: str) -> None:
    """Go the way ``name`` to its end; ``done`` is what is said then."""
    form = unfold(page, name)
    fill(form, **typed)
    form.locator(f"button[value='{choice}']" if choice else "button[type=submit]").click()
    expect(page.locator(".msgs")).to_contain_text(done)


def held(page: Page) -> Locator:
    """在谁手里 on the page of a need or of a wish in the workbench."""
    return page.locator(".strip > div").filter(has_text="在谁手里").first


def listed_with(page: Page, number: str, who: str, path: str = "/admin/needs/need/?tab=all") -> None:
    """The list says who has it, too."""
    page.goto(path)
    expect(page.locator("tbody tr", has_text=number).locator(".c-hand")).to_contain_text(who)


def fact(page: Page, label: str) -> Locator:
    """What stands beside ``label`` on a public page."""
    return page.locator("dl.facts dt", has_text=label).locator("xpath=following-sibling::dd[1]").first


def answer(page: Page, label: str, words: str = "", satisfaction: str = "") -> None:
    """One of the three, then the second page."""
    page.locator("button.answer", has_text=label).click()
    expect(page.locator("h1")).to_contain_text(f"您选的是“{label}”")
    if words:
        page.fill("[name=words]", words)
    if satisfaction:
        page.get_by_label(satisfaction, exact=True).check()
    page.get_by_role("button", name="就这样，交了").click()


def brought(page: Page, button: str, words: str) -> None:
    """办好了, 送到了: a word and a photo, and ``button``."""
    from tests.journeys import steps

    open_fold(page, button)
    form = page.locator("form", has=page.get_by_role("button", name=button))
    form.locator("[name=words]").fill(words)
    form.locator("[name=photos]").set_input_files(steps.photo_with_gps())
    expect(form.locator(".thumb img")).to_be_visible()
    page.get_by_role("button", name=button).click()


def open_fold(page: Page, button: str) -> None:
    """Open what ``button`` is folded away in, if it is."""
    fold = page.locator("details.fold:not([open])", has_text=button)
    if fold.count():
        fold.locator("summary").click()


def tap_all(*buttons: Locator) -> None:
    """Every button, each on its page, before any page can have answered."""
    for button in buttons:
        button.evaluate("button => setTimeout(() => button.click(), 50)")


def tap_twice(button: Locator) -> None:
    """As a finger that trembles taps."""
    button.evaluate("button => { button.click(); button.click(); }")


def member_unit(street: Street) -> MemberUnit:
    """The unit of the street's liaison, a member of the street's alliance."""
    from tests.claims.things import alliance_of, unit_of

    alliance_of(street)
    return unit_of(street)


def another_liaison(street: Street) -> User:
    """Who speaks for another member unit."""
    from tests.claims.things import another_unit

    return another_unit(street)[1]


def expects(page: Page, *statuses: int) -> None:
    """Answers that are no fault on this page."""
    watch: Any = page.watch  # type: ignore[attr-defined]
    watch.expected |= set(statuses)
