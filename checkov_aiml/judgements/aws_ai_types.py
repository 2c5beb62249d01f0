"""The AWS AI types that take a region, and where in them a text may name one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def addresses() -> Mapping[str, tuple[str, ...]]:
    """Each type with its arguments that may hold an ARN, an image or an address."""
    content = (files("checkov_aiml") / "data" / "aws_ai_types.json").read_text(encoding="utf-8")
    return {kind: tuple(paths) for kind, paths in json.loads(content)["types"].items()}
