"""Pictures of a demo started for them alone: the README's two, or with ``--all`` every page for looking at.

``--all`` takes each page at 390 and 1280 pixels, light, dark and in large print, into ``var/shots/``.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from alliance.embedded.places import REPO, CannotStart, Places, remove_everything
from alliance.embedded.postgres import free_port
from alliance.embedded.testing import passable_folder
from scripts import browser

README = REPO / "docs" / "screenshots"
SHOTS = REPO / "var" / "shots"
QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
WIDTHS = {390: 844, 1280: 900}
PASSWORD = "tongxin-demo"  # noqa: S105  # published on purpose, and refused outside the demo
WORKER, PARTY_OFFICE, SYSTEM_ADMIN, AUDITOR = "xujia", "zhoumin", "sysadmin", "audit"
DUE_TABS = ("reminders", "trouble", "tomorrow", "kept")
TERMINAL: list[str] = []
"""What the demo has printed: text messages among other things."""
NEXT = "main button[type=submit]:not([name])"

STREET = {"approvals": "approvals/", "round": "needs/listround/1/change/", "three-needs": "lists/needs/"}
ADMIN_PAGES = {
    SYSTEM_ADMIN: {
        "people": "people/user/",
        "people-add": "people/user/add/",
        "grants": "people/rolegrant/",
        "grants-add": "people/rolegrant/add/",
        "areas": "people/area/",
        "categories": "needs/category/",
        "texts": "notifications/messagetext/",
        "text": "notifications/messagetext/needs.NeedReceived/sms/",
        "units": "members/memberunit/",
        "due-messages": "due/?tab=messages",
        "limits": "due/limits/",
        "limit": "due/limits/needs.reply/",
        "calendar": "deadlines/workday/",
        "calendar-next": f"deadlines/workday/?year={datetime.now(UTC).year + 1}",
        "calendar-import": "deadlines/workday/import/",
        "hours": "deadlines/workperiod/",
        "refused-admin": "needs/need/",
        "nowhere-admin": "no-such-page/",
    },
    WORKER: {"refused": "people/user/", "nowhere": "needs/need/999999999/change/"},
    PARTY_OFFICE: {"due": "due/", **{f"due-{tab}": f"due/?tab={tab}" for tab in DUE_TABS}, **STREET},
    AUDITOR: {"audit": "audit/auditentry/", "audit-index": ""},
}


@dataclass
class Camera:
    """One browser at one width in one dress; pictures are named after both."""

    chromium: Browser
    address: str
    width: int
    dress: str
    number: int

    def page(self, user: str = "") -> Page:
        context = self.chromium.new_context(
            viewport={"width": self.width, "height": WIDTHS[self.width]},
            color_scheme="dark" if self.dress == "dark" else "light",
            locale="zh-CN",
            base_url=self.address,
        )
        if self.dress == "elder":
            context.add_cookies([{"name": "elder", "value": "on", "url": self.address}])
        page = context.new_page()
        if user:
            log_in(page, user)
        return page

    def take(self, page: Page, name: str, path: str | None = None) -> None:
        if path is not None:
            page.goto(path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=SHOTS / f"{name}-{self.width}-{self.dress}.png", full_page=True)


def code_sent_to(phone: str) -> str:
    """The code of the last text message to ``phone``, which the demo prints on its terminal."""
    masked = f"{phone[:3]}****{phone[-4:]}"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        text = "".join(TERMINAL).rpartition(f"→ {masked}")[2]
        if found := re.search(r"验证码(\d{6})", text):
            return found[1]
        time.sleep(0.2)
    raise CannotStart("no code on the terminal:\n" + "".join(TERMINAL[-20:]))


def log_in(page: Page, user: str) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("#login-form button")
    page.wait_for_url("**/admin/")


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """A quick start with a folder and a port of its own; the address it listens at."""
    var = Path(tempfile.mkdtemp(prefix="tongxin-shots-", dir=passable_folder())).resolve()
    port = free_port()
    env = {**os.environ, "TONGXIN_VAR": str(var), "PORT": str(port), "DEMO": "1", "WEB_WORKERS": "1"}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    command = [sys.executable, "-m", "alliance.embedded", "run"]
    process = subprocess.Popen(command, cwd=REPO, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        lines = iter(process.stdout or ())
        for line in lines:
            TERMINAL.append(line)
            if "就绪" in line:
                break
        else:
            raise CannotStart("".join(TERMINAL))
        threading.Thread(target=TERMINAL.extend, args=(lines,), daemon=True).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        remove_everything(Places(var))


def main() -> int:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with demo() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=[*QUIET, *sandbox])
        if "--all" in sys.argv:
            everything(chromium, address)
        else:
            for_the_readme(chromium, address)
        chromium.close()
    return 0


def for_the_readme(chromium: Browser, address: str) -> None:
    """What a resident sees first on a phone, and what a worker sees first at a desk."""
    README.mkdir(parents=True, exist_ok=True)
    for name, width, scale, user in (("resident", 390, 2.0, ""), ("workbench", 1280, 1.5, WORKER)):
        size: Any = {"width": width, "height": 844}
        page = chromium.new_page(viewport=size, device_scale_factor=scale, locale="zh-CN", base_url=address)
        if user:
            log_in(page, user)
        else:
            page.goto("/")
        page.wait_for_load_state("networkidle")
        path = README / f"{name}.png"
        # Flat colours: a palette loses nothing that can be seen and makes the file a third.
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.relative_to(REPO)}  {path.stat().st_size // 1024} KiB")


def everything(chromium: Browser, address: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for number, (width, dress) in enumerate(product(WIDTHS, ("light", "dark", "elder"))):
        camera = Camera(chromium, address, width, dress, number)
        _public(camera)
        link = _story(camera)
        _resident(camera)
        _staff(camera, link)
        print(f"{width} {dress}", flush=True)
    print(SHOTS.relative_to(REPO))


def _public(camera: Camera) -> None:
    page = camera.page()
    plain = {"privacy": "/privacy/", "accessibility": "/accessibility/", "not-found": "/no-such-page/"}
    plain["card-gone"] = "/c/no-such-link/"
    plain["wishes"] = "/wishes/"
    for name, path in {"home": "/", **plain, "track": "/track/", "api": "/api/v1/docs/"}.items():
        camera.take(page, name, path)
    page.goto("/track/")
    page.click(NEXT)
    camera.take(page, "track-refused")


def _story(camera: Camera) -> str:
    """The three steps, each refused once; returns where to follow the need."""
    page = camera.page()
    camera.take(page, "say", "/say/")
    page.click(NEXT)
    camera.take(page, "say-refused")
    page.fill("[name=words]", "我们楼道里的灯坏了一个多礼拜，晚上看不见台阶，前天有个阿婆差点摔倒。")
    page.set_input_files("[name=photos]", README / "resident.png" if (README / "resident.png").exists() else [])
    camera.take(page, "say-filled")
    page.click(NEXT)
    camera.take(page, "say-where")
    page.click(NEXT)
    camera.take(page, "say-where-refused")
    page.select_option("[name=community]", "330109001048")
    page.fill("[name=place]", "湘湖路小区 6幢2单元")
    page.click(NEXT)
    camera.take(page, "say-contact")
    page.click(NEXT)
    camera.take(page, "say-contact-refused")
    page.fill("[name=name]", "赵阿婆（演示）")
    page.fill("[name=phone]", f"1380571990{camera.number}")
    page.check("[name=consent]")
    page.click(NEXT)
    page.wait_for_url("**/say/done/")
    camera.take(page, "say-done")
    link = page.locator(".acts a.btn--main").get_attribute("href") or ""
    camera.take(page, "slip", f"{link}slip/")
    camera.take(page, "progress", link)
    return link


def _resident(camera: Camera) -> None:
    """The residents' door, refused once at every step, and what stands behind it."""
    page, phone = camera.page(), f"1380571990{camera.number}"
    camera.take(page, "sign-in", "/sign-in/")
    page.click(NEXT)
    camera.take(page, "sign-in-refused")
    page.fill("[name=phone]", phone)
    page.click(NEXT)
    camera.take(page, "sign-in-code")
    page.fill("[name=code]", "12345")
    page.click(NEXT)
    camera.take(page, "sign-in-code-refused")
    page.fill("[name=code]", code_sent_to(phone))
    page.click(NEXT)
    camera.take(page, "welcome")
    page.click(NEXT)
    camera.take(page, "welcome-refused")
    page.fill("[name=name]", "赵阿婆（演示）")
    page.check("[name=consent]")
    page.click(NEXT)
    camera.take(page, "my")
    for name, path in {"my-consents": "consents/", "my-add": "add/", "my-erase": "erase/"}.items():
        camera.take(page, name, f"/my/{path}")
    camera.take(page, "my-inbox", "/inbox/")
    camera.take(page, "home-signed-in", "/")
    for name, path in {"desk": "", "desk-errands": "errands/", "desk-claims": "claims/"}.items():
        camera.take(page, name, f"/desk/{path}")


def _staff(camera: Camera, link: str) -> None:
    camera.take(camera.page(), "login", "/admin/login/")
    page = camera.page(WORKER)
    camera.take(page, "workbench")
    for name, path in (("list", "needs/need/"), ("inbox", "inbox/"), ("password", "password_change/")):
        camera.take(page, name, f"/admin/{path}")
    page.goto("/admin/needs/need/?tab=pending")
    page.locator("tr[data-row] a").first.click()
    camera.take(page, "need-pending")
    for way in ("assign", "errand", "decline"):
        page.click(f"#way-{way} > summary")
        camera.take(page, f"need-pending-{way}")
    page.click("#accept .btn.go")
    page.fill("[name=note-words]", "物业说灯泡要等两天。")
    page.click("#note button[type=submit]")
    page.fill("[name=reply-words]", "明天上午电工来换灯，换好了给您打电话。")
    page.click("#reply button[type=submit]")
    camera.take(page, "need-working")
    for way in ("finish", "ask", "extend"):
        if page.locator(f"#way-{way}").count():  # answered already: no more time is asked for
            page.click(f"#way-{way} > summary")
            camera.take(page, f"need-working-{way}")
    for name, path in {"wish-new": "add/", "wishes-staff": ""}.items():
        camera.take(page, name, f"/admin/needs/wish/{path}")
    camera.take(camera.page(), "progress-answered", link)
    for user, pages in ADMIN_PAGES.items():
        page = camera.page(user)
        for name, path in pages.items():
            camera.take(page, name, f"/admin/{path}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotStart as problem:
        sys.exit(str(problem))
