"""Keeps personal data and secrets out of logs: `scrub` for request fields, `PersonalDataFilter` for log records."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from checkov_aiml.pii.values import word_set

REDACTED = "REDACTED"

SECRET_KEYS = word_set(
    """
    password passwd pwd passphrase secret token apikey api_key authorization auth credential credentials cookie
    session pin cvv private_key access_key client_secret refresh_token access_token id_token jwt bearer
    """
)
"""Keys of which the value is a secret: the whole key, or one of its words."""

_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


@lru_cache(maxsize=4_096)
def is_secret_key(key: str) -> bool:
    """Whether a key names a secret: `password`, `userPassword`, `X-Api-Key`."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).lower())
    return bool(SECRET_KEYS & {*words, *map("_".join, pairwise(words)), "".join(words)})


def scrub(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a mapping, such as a request's JSON, that may be logged.

    Values of keys such as `password` become `REDACTED`; in all other texts personal data is replaced by its entity, as
    in `<EMAIL_ADDRESS>`; nested mappings and lists are looked into. Raises `UnreadableError` when Presidio is missing.
    """
    return {_key(key): REDACTED if is_secret_key(str(key)) else _scrubbed(value) for key, value in mapping.items()}


def _key(key: Any) -> Any:
    return _masked(key) if isinstance(key, str) else key


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return _masked(value)
    if isinstance(value, Mapping):
        return scrub(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_scrubbed(member) for member in value]
    if isinstance(value, (bytes, bytearray)):
        return _masked(value.decode("utf-8", "replace"))
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
        masked = _masked(text)
        return value if masked == text else masked
    return value if value is None or isinstance(value, (bool, float)) else _masked(str(value))


def _masked(text: str) -> str:
    from checkov_aiml.pii.engine.masking import mask_text

    return mask_text(text)


_ASSIGNED = re.compile(
    r"(?P<key>[\"']?[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|authorization|credential)[\w-]*[\"']?\s*[:=]\s*)"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?:Bearer |Basic )?[^\s,;&}]+)",
    re.IGNORECASE,
)


def _redacted(match: re.Match[str]) -> str:
    quote = match["value"][0] if match["value"][0] in "\"'" else ""
    return f"{match['key']}{quote}{REDACTED}{quote}"


def scrub_text(text: str) -> str:
    """Text that may be logged: values given to keys such as `password` become `REDACTED`, personal data its entity."""
    return _masked(_ASSIGNED.sub(_redacted, text))


class PersonalDataFilter(logging.Filter):
    """A filter for handlers or loggers: masks the message, the traceback and extra fields of each record.

    Attach it to handlers: a logger's filter does not see the records of the loggers below it. A record that cannot be
    masked is replaced by a note that says so; nothing passes unmasked.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place; it is always let through."""
        try:
            if isinstance(record.args, Mapping):
                record.args = scrub(record.args)
            elif record.args:
                record.args = tuple(
                    value if isinstance(value, (int, float)) else scrub(value) if isinstance(value, Mapping) else value
                    for value in record.args
                )
            message = scrub(record.msg) if isinstance(record.msg, Mapping) else record.getMessage()
            record.msg, record.args = scrub_text(str(message)), ()
            if record.exc_info and not record.exc_text:
                record.exc_text = logging.Formatter().formatException(record.exc_info)
            if record.exc_text:
                record.exc_text = scrub_text(record.exc_text)
            if record.stack_info:
                record.stack_info = scrub_text(record.stack_info)
            for name in vars(record).keys() - _RECORD:
                value = getattr(record, name)
                setattr(record, name, REDACTED if is_secret_key(name) else _scrubbed(value))
        except Exception as error:  # A log call must not raise, and what could not be masked must not be logged.
            record.msg, record.args = f"[log record withheld: it could not be masked ({type(error).__name__})]", ()
            record.exc_info = record.exc_text = record.stack_info = None
            for name in vars(record).keys() - _RECORD:
                setattr(record, name, REDACTED)
        return True
