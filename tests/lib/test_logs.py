"""Logs carry no secrets: what anybody logs passes one mask."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest

from alliance.settings.logs import logging_config

TOKEN = "q1W2e3R4t5Y6u7I8o9P0aA"


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    """A logger that writes through the site's own formatter into a buffer."""
    settings = logging_config(json=True)
    formatter = logging.config.DictConfigurator({"version": 1, **settings})
    formatter.config["formatters"]["line"] = formatter.configure_formatter(dict(settings["formatters"]["line"]))
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.config["formatters"]["line"])
    logger = logging.getLogger("tests.logs")
    logger.handlers, logger.propagate = [handler], False
    return logger, written


@pytest.mark.parametrize(
    "message",
    [
        f"Forbidden (CSRF cookie not set.): /n/{TOKEN}/supplement/",
        f"Not Found: /n/{TOKEN}",
        f"Not Found: /c/{TOKEN}/",
        f"GET '/n/{TOKEN}/' failed",
        f"GET /track/?number=XQ-CX-20261121-0007&code={TOKEN}",
    ],
)
def test_a_link_or_a_code_in_any_message_is_cut(log: tuple[logging.Logger, io.StringIO], message: str) -> None:
    logger, written = log
    logger.warning(message)
    logger.warning("request %s", message)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 2
    assert TOKEN not in written.getvalue()


def test_an_exception_is_written_without_the_values_of_variables(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    secret = TOKEN[::-1]
    try:
        len(secret) / 0
    except ZeroDivisionError:
        logger.exception("failed")
    assert "ZeroDivisionError" in written.getvalue()
    assert secret not in written.getvalue()
