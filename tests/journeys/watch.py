"""What no page may ever do, watched on every page of every journey; and what every page must be."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

# Written down in the page itself, in every frame, and read when the page is looked at or left.
TELL = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.tell_csp(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`), true);
"""
STATUS = re.compile(r"the server responded with a status of (\d+)")
# A refused form answers 422: browsers print that as an error, for us it is the normal way.
REFUSED = 422


@dataclass
class Watch:
    """Everything that went wrong in one browser context."""

    home: str
    expected: set[int] = field(default_factory=lambda: {REFUSED})
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> Watch:
        context.expose_binding("tell_csp", lambda _source, text: self.problems.append(f"CSP: {text}"))
        context.add_init_script(TELL)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("response", self._response)
        return self

    def _console(self, message: ConsoleMessage) -> None:
        status = STATUS.search(message.text)
        if message.type == "error" and not (status and int(status[1]) in self.expected):
            self.problems.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self.problems.append(f"dialog: {dialog.message}")
        dialog.accept()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.problems.append(f"asked another address: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 and response.status not in self.expected:
            self.problems.append(f"{response.status} {response.url}")


# Style sheets and films loaded ahead serve two rules: one is no part of a run, the findings of the other are moderate.
RULES = {"resultTypes": ["violations"], "preload": False}


def axe(page: Page) -> list[str]:
    """Serious and critical findings, one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{finding['id']}: {finding['help']} — {node['html'][:200]} {_why(node)}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return json.dumps([check["message"] for check in node["any"]][:2], ensure_ascii=False)


WIDER = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return "";
  const right = document.documentElement.clientWidth;
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > right + 1);
  return `${wide}px too wide: ` + out.slice(0, 4).map((e) => e.outerHTML.slice(0, 90)).join(" | ");
}"""


def look(page: Page) -> None:
    """The page as it stands: usable with help, nothing past the edge, one heading, a title."""
    found = axe(page)
    assert not found, "\n".join([page.url, *found])
    fits(page)
    assert page.title().strip(" ·"), page.url
    assert page.locator("h1").count() == 1, f"{page.url}: {page.locator('h1').all_inner_texts()}"


def fits(page: Page) -> None:
    """Nobody has to scroll sideways, once the page's scripts have put everything in its place."""
    if page.evaluate(WIDER):
        page.wait_for_load_state("networkidle")
    wider = page.evaluate(WIDER)
    assert not wider, f"{page.url}: {wider}"


SMALL_TEXT = """(least) => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const box = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !box.checkVisibility()) continue;
    if (box.closest(".sr, .vh, .skip, svg, option")) continue;
    const size = parseFloat(getComputedStyle(box).fontSize);
    if (size < least) found.add(`${size}px: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...found];
}"""
SMALL_TARGETS = """(least) => {
  const main = "main button, main .btn, main a.big, main a.door, main input:not([type=hidden]):not([type=checkbox])"
    + ":not([type=radio]):not([type=file]):not([tabindex='-1']), main select, main textarea"
    + ", main label.choice, main label.files, .top__act";
  return [...document.querySelectorAll(main)].filter((e) => e.checkVisibility() && !e.closest("altcha-widget"))
    .map((e) => [e, e.getBoundingClientRect()]).filter(([, box]) => box.height < least && box.height > 0)
    .map(([e, box]) => `${box.height}px: ${e.outerHTML.slice(0, 100)}`);
}"""


def small_text(page: Page, least: float) -> list[str]:
    """Visible words under ``least`` pixels."""
    found: list[str] = page.evaluate(SMALL_TEXT, least)
    return found


def small_targets(page: Page, least: float) -> list[str]:
    """Things to tap that are lower than ``least`` pixels."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return found
