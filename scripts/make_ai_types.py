"""Makes the table of AWS AI types, and of their arguments that may name a region within a text.

Use: python scripts/make_ai_types.py

Read is the snapshot of the providers' schemas (tests/fixtures/schema_snapshot.json): its AI types with a `region`, and
of each the arguments whose names say that they take an ARN, an address or an image, or may hold some.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
SNAPSHOT = REPOSITORY / "tests" / "fixtures" / "schema_snapshot.json"
TABLE = REPOSITORY / "checkov_aiml" / "data" / "aws_ai_types.json"

ADDRESS = re.compile(
    r"(?:^|[._])(?:arns?|image|uri|url|urls|api_base|endpoint|region|service_name|connection_string)$"
    r"|_(?:arns?|image|uri|url|urls|endpoint|service_name)$"
    r"|(?:^|\.)(?:environment|environment_variables|pipeline_definition)$"
)
"""How the names of arguments end that take an ARN, an image, a URL, a host, a region or a service name, or any text."""
ELSEWHERE = re.compile(
    r"(?:role_arns?|iam_principal\.arn|(?<!key_source\.)kms_key_arn|encryption_key_arn|image_url|return_urls?)$"
    r"|^certificate\."
)
"""Identities have no region, and a key is one of the region of what it encrypts; certificates, a picture beside a bot's
answer and the way back from a login take no data along."""


def table(snapshot: dict[str, Any]) -> dict[str, Any]:
    types = {}
    for kind in sorted(snapshot["marks"]):
        arguments = set(snapshot["types"][kind]) if kind.startswith("aws_") else set()
        if "region" in arguments:
            enclosing = {path[:dot] for path in arguments for dot, letter in enumerate(path) if letter == "."}
            named = [path for path in sorted(arguments - enclosing - {"region"}) if ADDRESS.search(path)]
            types[kind] = [path for path in named if not ELSEWHERE.search(path)]
    return {
        "about": "AWS AI resource types that take a region, each with its arguments that may hold an ARN, an image or "
        "an address. Made by scripts/make_ai_types.py.",
        "source": f"The provider's schema as of {snapshot['date']}, "
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs",
        "types": types,
    }


def text(content: dict[str, Any]) -> str:
    """JSON with a line for each type, so that a change of one type is a change of one line."""
    head = {name: value for name, value in content.items() if name != "types"}
    lines = ",\n".join(f"  {json.dumps(kind)}: {json.dumps(paths)}" for kind, paths in content["types"].items())
    start = json.dumps(head, indent=1)[: -len("\n}")]
    return f'{start},\n "types": {{\n{lines}\n }}\n}}\n'


if __name__ == "__main__":
    TABLE.write_text(text(table(json.loads(SNAPSHOT.read_text(encoding="utf-8")))), encoding="utf-8")
