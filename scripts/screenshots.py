"""The README's two pictures, from a running demo: the home page on a phone, the workbench on a desktop."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from alliance.embedded import state
from alliance.embedded.places import CannotStart, places
from scripts import browser

FOLDER = Path("docs/screenshots")
QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]


def main() -> int:
    where = places()
    if not state.is_running(where):
        print("错误：请先运行 make run (not running)", file=sys.stderr)
        return 1
    address = str(state.read_state(where)["url"])
    FOLDER.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=[*QUIET, *sandbox])
        _home(chromium, address)
        _workbench(chromium, address, *_account(where.run / "accounts.txt"))
        chromium.close()
    return 0


def _home(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="zh-CN")
    page.goto(address)
    _take(page, "home")


def _workbench(chromium: Browser, address: str, user: str, password: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 844}, device_scale_factor=1.5, locale="zh-CN")
    page.goto(f"{address}/admin/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit], input[type=submit]")
    page.wait_for_url(f"{address}/admin/")
    _take(page, "workbench")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


def _account(file: Path) -> tuple[str, str]:
    """The first line of the demo's accounts that looks like a name and a password."""
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        words = line.split()
        if len(words) >= 2 and words[0].isascii() and words[1].isascii():
            return words[0], words[1]
    raise CannotStart("没有演示账号，请用 DEMO=1 启动 (no demo accounts)")


if __name__ == "__main__":
    sys.exit(main())
