"""One line of JSON per event in production, readable lines at home. Tokens and personal data stay out."""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_TOKEN = re.compile(r"(/(?:[nc]|cal)/)[^/\s?'\"]+")
_QUERY = re.compile(r"(/[^\s?'\"]*)\?\S*")
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def mask_paths(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Cut secrets out of what is logged: link tokens in paths, query strings, visitors' addresses.

    Source of the rule: a log may be read by more people than the page may.
    """
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = _TOKEN.sub(r"\1…", _QUERY.sub(r"\1", value))
    event.pop("ip", None)
    event.pop("user_agent", None)
    return event


def logging_config(*, json: bool) -> dict[str, Any]:
    """The ``LOGGING`` dictionary; ``json`` chooses machine lines over readable ones."""
    structlog.configure(
        # What the level below drops is dropped before anything is computed for it.
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            mask_paths,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Plain tracebacks: the pretty ones print local variables, and those hold names and phones.
    readable = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if json else readable
    processors: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        processors.append(structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [*processors, renderer],
                "foreign_pre_chain": [*SHARED, mask_paths],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Django's own request logger prints full paths, tokens included; ours masks them.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "axes": {"level": "ERROR"},
            "tongxin": {"level": "INFO"},
        },
    }
