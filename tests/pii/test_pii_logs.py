"""Scrubbing of mappings and log records, with real Flask."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from checkov_aiml.pii import PersonalDataFilter, scrub


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    logging.disable(logging.NOTSET)
    logger, stream = logging.getLogger("scrubbed"), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(user)s", defaults={"user": ""}))
    handler.addFilter(PersonalDataFilter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logging.disable(logging.INFO)


def test_scrub() -> None:
    request = {
        "user": "jane.roe@gmail.com",
        "password": "hunter2",
        "profile": {"apiKey": "k", "X-Auth-Token": "t", "phones": ["07911 123456", 5, None, True]},
        "note": "NHS 943 476 5919",
        "count": 3,
    }
    assert scrub(request) == {
        "user": "<EMAIL_ADDRESS>",
        "password": "REDACTED",
        "profile": {"apiKey": "REDACTED", "X-Auth-Token": "REDACTED", "phones": ["<PHONE_NUMBER>", 5, None, True]},
        "note": "NHS <UK_NHS>",
        "count": 3,
    }
    assert request["password"] == "hunter2"
    assert scrub({"jane.roe@gmail.com": 1, "nhs": 9434765919}) == {"<EMAIL_ADDRESS>": 1, "nhs": "<UK_NHS>"}


def test_messages_arguments_extras_and_tracebacks(log: Any) -> None:
    logger, stream = log
    logger.info("login of %s from %s", "jane.roe@gmail.com", "81.2.69.160", extra={"user": "jane.roe@gmail.com"})
    logger.info({"password": "hunter2", "email": "jane.roe@gmail.com"})
    logger.info("request %s", {"password": "hunter2", "n": 1})
    logger.info('body {"password": "hunter2", "n": 1} token=abc123 Authorization: Bearer abc.def')
    logger.info("%(who)s did it", {"who": "jane.roe@gmail.com"})
    logger.info("bad %d", "jane.roe@gmail.com")
    try:
        raise ValueError("no account jane.roe@gmail.com")
    except ValueError:
        logger.exception("failed")
    written = stream.getvalue()
    assert not [word for word in ("jane", "hunter2", "abc123", "abc.def", "81.2.69") if word in written]
    assert "INFO login of <EMAIL_ADDRESS> from <IP_ADDRESS> <EMAIL_ADDRESS>" in written
    assert "ValueError: no account <EMAIL_ADDRESS>" in written
    assert "log record withheld" in written


def test_flask(log: Any) -> None:
    flask = pytest.importorskip("flask")
    logger, stream = log
    app = flask.Flask(__name__)

    @app.post("/orders")
    def order() -> Any:
        logger.info("order %s", scrub(flask.request.get_json()))
        logger.info("raw body: %s", flask.request.get_data(as_text=True))
        return {"ok": True}

    body = {"user": "jane.roe@gmail.com", "password": "hunter2", "item": "X"}
    assert app.test_client().post("/orders", json=body).get_json() == {"ok": True}
    written = stream.getvalue()
    assert "jane" not in written and "hunter2" not in written
    assert "'user': '<EMAIL_ADDRESS>'" in written and "'password': 'REDACTED'" in written and "'item': 'X'" in written
    assert '"password": "REDACTED"' in written


def test_importing_the_public_interface_is_light() -> None:
    heavy = ("presidio_analyzer", "checkov", "pydantic", "spacy")
    code = f"import sys, checkov_aiml.pii; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
