"""How a caller of the API says who it is."""

from __future__ import annotations

from knox.auth import TokenAuthentication as KnoxTokenAuthentication


class TokenAuthentication(KnoxTokenAuthentication):
    """Hashed, expiring tokens. Named here so that the schema can describe them."""
