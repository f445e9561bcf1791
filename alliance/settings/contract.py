"""What the description of the API says about itself, and the names of enumerations that several shapes share."""

from __future__ import annotations

from typing import Any

from alliance.settings.enum_names import ENUM_NAMES

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "同心 API",
    "DESCRIPTION": "区域化党建联盟：诉求的提交、查询、受理。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}
