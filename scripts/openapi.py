"""The API's contract: write docs/openapi.yaml from the code, or say that the two differ."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONTRACT = Path("docs/openapi.yaml")


def generated() -> str:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "openapi.yaml"
        command = [
            sys.executable,
            "manage.py",
            "spectacular",
            "--validate",
            "--fail-on-warn",
            "--file",
            str(target),
        ]
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "alliance.settings.test"}
        if code := subprocess.run(command, env=env, check=False).returncode:
            sys.exit(code)
        return target.read_text("utf-8")


def main() -> int:
    fresh = generated()
    if "--check" not in sys.argv:
        CONTRACT.parent.mkdir(exist_ok=True)
        CONTRACT.write_text(fresh, "utf-8")
        return 0
    committed = CONTRACT.read_text("utf-8") if CONTRACT.exists() else ""
    lines = list(difflib.unified_diff(committed.splitlines(), fresh.splitlines(), "docs/openapi.yaml", "code", n=1))
    if lines:
        print("\n".join(lines[:40]))
        print("docs/openapi.yaml 与代码不一致，请运行 make openapi (the contract has drifted)")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
