"""Copies files into the documentation pages that show them: `python scripts/include_recipes.py [--check]`.

Each code block after a comment `<!-- file: PATH -->` gets the text of that file, so that what a page shows is the file
that the tests run. With --check nothing is written, and the exit code is 1 when a page differs.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r"^(<!-- file: (?P<path>\S+) -->\n+```\w*\n)(?:.*?\n)??```$", re.MULTILINE | re.DOTALL)


def included(page: str) -> str:
    """The text of a page with the files as they are now. Raises `FileNotFoundError` for a file that is not there."""
    return _BLOCK.sub(lambda block: f"{block[1]}{(REPOSITORY / block['path']).read_text(encoding='utf-8')}```", page)


def main(arguments: list[str]) -> int:
    different = 0
    for path in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        if included(text) != text:
            different = 1
            print(path.relative_to(REPOSITORY))
            if "--check" not in arguments:
                path.write_text(included(text), encoding="utf-8")
    return different if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
