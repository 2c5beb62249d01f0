"""What a provider or its service takes where an attribute is absent, with the source of each fact."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _by_type() -> dict[str, dict[str, dict[str, Any]]]:
    return {kind.lower(): paths for kind, paths in table().items()}


@lru_cache(maxsize=1)
def table() -> dict[str, dict[str, dict[str, Any]]]:
    """Resource type to attribute path to `{"value": …, "source": …}`."""
    content = (files("checkov_aiml") / "data" / "provider_defaults.json").read_text(encoding="utf-8")
    return json.loads(content)["defaults"]


@lru_cache(maxsize=1)
def _computed_blocks() -> dict[str, list[str]]:
    content = (files("checkov_aiml") / "data" / "computed_blocks.json").read_text(encoding="utf-8")
    return json.loads(content)["blocks"]


def fills_in(kind: str, block: str) -> bool:
    """Whether the provider itself makes a block that a configuration leaves out."""
    return block in _computed_blocks().get(kind, ())


def default_of(kind: str, path: str) -> Any:
    """The value taken for an absent attribute, None where none is known; ARM types are spelt in any case."""
    return _by_type().get(kind.lower(), {}).get(path, {}).get("value")
