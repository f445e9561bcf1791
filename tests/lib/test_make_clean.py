"""make clean on a folder where nothing was ever installed: it cleans, and installs nothing first."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def _copy(to: Path) -> Path:
    """What stands in the repository, as far as cleaning needs it, without an environment."""
    for name in ("scripts", "alliance/embedded"):
        shutil.copytree(REPO / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "alliance" / "__init__.py", to / "alliance" / "__init__.py")
    return to


def test_cleaning_a_bare_folder_cleans_and_installs_nothing(tmp_path: Path) -> None:
    here = _copy(tmp_path)
    (here / ".mypy_cache").mkdir()
    command = [sys.executable, "-I", str(here / "scripts" / "bootstrap.py"), "clean"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已清空" in done.stdout and "准备运行环境" not in done.stdout
    assert not (here / ".venv").exists() and not (here / ".mypy_cache").exists()
