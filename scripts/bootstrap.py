"""First thing that runs on a bare machine: makes .venv from the locked libraries, then hands over to it.

Standard library only. This file stays readable for older Pythons, so that they can be told what is missing.
"""

import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)


def newer_python() -> str:
    """Another interpreter on PATH that is new enough, or an empty string."""
    for minor in (14, 13, 12, 11):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031 - older Pythons read this file
        probe = "import sys; sys.exit(sys.version_info < (3, 11))"
        if found and subprocess.call([found, "-c", probe], stderr=subprocess.DEVNULL) == 0:
            return found
    return ""


def main() -> int:
    if sys.version_info < NEEDED:
        found = newer_python()
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - the same program, a newer Python
        message = "需要 Python 3.11 或更新版本，现在是 %d.%d；装好后：make PYTHON=python3.12 run (too old)\n"
        sys.stderr.write(message % sys.version_info[:2])
        return 1
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - as above
    from scripts.environment import hand_over

    return hand_over(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
