"""Lock the libraries: every version and hash, for every platform, and nothing of where they were found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UV = str(Path(sys.executable).with_name("uv"))
OPTIONS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--python-version", "3.11", "--quiet"]


def main() -> int:
    env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    sets: list[tuple[str, str, list[str]]] = [
        ("requirements.in", "requirements.lock", []),
        ("requirements-dev.in", "requirements-dev.lock", ["-c", "requirements.lock"]),
    ]
    for source, target, more in sets:
        command = [UV, "pip", "compile", *OPTIONS, *more, *sys.argv[1:], source, "-o", target]
        if code := subprocess.run(command, env=env, check=False).returncode:
            return code
        print(f"{target}: {Path(target).read_text().count('==')} 个版本 (versions)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
