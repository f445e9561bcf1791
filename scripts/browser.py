"""A browser for the tests: an installed Chromium or Chrome, else one is fetched where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LEAN = "chromium-headless-shell"
"""The same engine without windows of its own: a page costs half the processor."""
NAMES = (LEAN, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
DEBIAN = ["chromium", LEAN, "fonts-noto-cjk"]


def find() -> str | None:
    """The path of a browser on this machine, Playwright's own included."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if Path(MAC).exists():
        return MAC
    return _playwright_browser()


def ensure() -> str | None:
    """Find a browser or get one. None when this machine has none and none can be had."""
    if _is_debian_root():
        _apt_install()
    elif find() is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], stderr=subprocess.DEVNULL, check=False
        )
    return find()


def _is_debian_root() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install() -> None:
    missing = [name for name in DEBIAN if not _has(name)]
    if not missing:
        return
    print(f"安装 {'、'.join(missing)} (installing)", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=False)


def _has(package: str) -> bool:
    if package == LEAN:
        return shutil.which(LEAN) is not None
    if package == "chromium":
        return any(shutil.which(name) for name in NAMES if name != LEAN)
    return bool(list(Path("/usr/share/fonts").rglob("NotoSansCJK*")))


def _playwright_browser() -> str | None:
    code = "from playwright.sync_api import sync_playwright\nwith sync_playwright() as it:"
    code += " print(it.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None
