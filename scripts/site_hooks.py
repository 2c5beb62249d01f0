"""What the documentation site adds to the pages: the navigation, and the C4 views drawn without a script."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import architecture_drawing
import architecture_model

from checkov_aiml.control_catalogue import FAMILIES

_START = ("index.md", "getting-started.md")
_REFERENCE = ("settings.md", "commands.md")
_GUIDES = (
    "from-rego-policies.md",
    "from-stock-checks.md",
    "personal-data.md",
    "exemptions.md",
    "evidence-report.md",
    "writing-a-control.md",
    "upgrading.md",
)
"""The order of the guides; those that are not named here come before them."""

_WIDE = ("architecture/README.md", "controls/coverage.md")
"""Pages that need the width of the table of contents."""


def on_config(config: Any) -> Any:
    """Build the navigation from the pages that there are."""
    docs = Path(config.docs_dir)
    others = sorted(path.name for path in docs.glob("*.md") if path.name not in (*_START, *_REFERENCE, *_GUIDES))
    guides = [*others, *(name for name in _GUIDES if (docs / name).exists())]
    config.nav = [
        {"Home": "index.md"},
        {"Getting started": "getting-started.md"},
        {"Guides": guides},
        {"Controls": ["controls/README.md", *_families(docs / "controls")]},
        {"Settings": "settings.md"},
        {"Architecture": "architecture/README.md"},
        {"Reference": [{"Commands": "commands.md"}, {"Coverage by resource type": "controls/coverage.md"}]},
    ]
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put drawings where the architecture page has Mermaid, which needs a script from elsewhere."""
    if page.file.src_uri in _WIDE:
        page.meta["hide"] = ["toc"]
    if page.file.src_uri != "architecture/README.md":
        return markdown
    drawings = map(architecture_drawing.svg, architecture_model.load().views)
    return re.sub(r"```mermaid\n.*?```", lambda _: f'<div class="c4-view">{next(drawings)}</div>', markdown, flags=re.S)


def _families(controls: Path) -> Iterator[dict[str, list[dict[str, str]]]]:
    for code, title in FAMILIES.items():
        pages = sorted(controls.glob(f"CKV_AIML_{code}_*.md"), key=lambda path: int(path.stem.rpartition("_")[2]))
        if pages:
            yield {f"{code}: {title}": [{_title(path): f"controls/{path.name}"} for path in pages]}


def _title(path: Path) -> str:
    heading = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
    identifier, _, name = heading.removeprefix("# CKV_AIML_").partition(": ")
    name = name.removeprefix("Ensure ")
    return f"{identifier} {name[0].upper()}{name[1:]}"
