"""Print the .env of a new deployment, with fresh secrets. Standard library only.

python3 deploy/new_env.py tongxin.example > .env
"""

from __future__ import annotations

import base64
import secrets
import sys


def lines(host: str) -> list[str]:
    return [
        "# Every secret of this deployment. Keep a copy in a safe place:",
        "# without PRIVACY_KEYS nobody can read names and phone numbers again, backups included.",
        f"SITE_HOST={host}",
        f"SECRET_KEY={secrets.token_urlsafe(64)}",
        f"PRIVACY_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
        f"PRIVACY_INDEX_KEY={secrets.token_urlsafe(48)}",
        f"POSTGRES_PASSWORD={secrets.token_urlsafe(24)}",
        f"OWNER_PASSWORD={secrets.token_urlsafe(24)}",
        f"APP_PASSWORD={secrets.token_urlsafe(24)}",
        "# Whoever reads /metrics/ brings this; emptied, the page is closed.",
        f"METRICS_TOKEN={secrets.token_urlsafe(32)}",
        "# E-mail: smtp, with an address such as smtp+tls://user:password@mail.example:587 and a sender.",
        "EMAIL_CHANNEL=none",
        "EMAIL_URL=",
        "EMAIL_FROM=",
        "# Shown at the foot of every page; empty lines are left out there.",
        "SITE_PHONE=",
        "SITE_HOST_ORG=",
        "SITE_ICP=",
        "SITE_POLICE_RECORD=",
        "SITE_GOV_CODE=",
    ]


def main() -> int:
    if len(sys.argv) != 2 or "/" in sys.argv[1] or "." not in sys.argv[1]:
        sys.stderr.write("用法 (usage): python3 deploy/new_env.py tongxin.example > .env\n")
        return 2
    print("\n".join(lines(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
