"""What the API's description says about tokens."""

from __future__ import annotations

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme


class TokenScheme(KnoxTokenScheme):
    """Ours differ from the library's in how they are looked up, not in how they are sent."""

    target_class = "people.api.authentication.TokenAuthentication"
    priority = 1
