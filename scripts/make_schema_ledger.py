"""Makes tests/fixtures/schema_snapshot.json, the schema facts that the tests hold the controls against.

    make_schema_ledger.py --date 2026-08 FOLDER…

Two kinds of file are read, in every FOLDER and below it:

- `*.jsonl.gz`, provider schemas: a JSON object a line, with `kind` (`resource`, `data`, …), `type`, the provider's
  `version`, and `block` as `terraform providers schema -json` writes it; its flags may be shortened to `r`, `o` and `c`
  (required, optional, computed), `nested_type` to `nt` and `block_types` to `blocks`.
- `*.json`, inventories of attributes that bear on security: resource type to `{"ai": bool, "attributes": [{"path": …,
  "guardrail": "encryption" | "identity" | …}]}`. `azapi` types are ARM types, with their `api_version`.

Written are the arguments of every type that a control reads, that the table of provider defaults names or that is an AI
type with such attributes, and which of its attributes the inventories mark with one of `MARKS`. What is
in neither file stands in `schema_additions.json` beside this script, with its source.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from checkov_aiml import control_catalogue  # noqa: E402
from checkov_aiml.terraform_view import provider_defaults  # noqa: E402

SNAPSHOT = REPOSITORY / "tests" / "fixtures" / "schema_snapshot.json"
ADDITIONS = Path(__file__).with_name("schema_additions.json")
MARKS = ("encryption", "identity", "isolation", "residency", "transit")


def arguments(block: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The paths of everything that a configuration may set in a block; what the provider only computes is left out."""
    for name, attribute in block.get("attributes", {}).items():
        settable = any(attribute.get(flag) for flag in ("r", "required", "o", "optional"))
        if settable or not any(attribute.get(flag) for flag in ("c", "computed")):
            yield prefix + name
            yield from arguments(attribute.get("nt") or attribute.get("nested_type") or {}, f"{prefix}{name}.")
            yield from _members(attribute.get("type"), f"{prefix}{name}.")
    for name, nested in (block.get("blocks") or block.get("block_types") or {}).items():
        if name != "timeouts":
            yield prefix + name
            yield from arguments(nested["block"], f"{prefix}{name}.")


def _members(kind: Any, prefix: str) -> Iterator[str]:
    """The paths in a type expression: an object may stand where a block could, and lists or maps may hold it."""
    if isinstance(kind, list) and kind[0] == "object":
        for name, member in kind[1].items():
            yield prefix + name
            yield from _members(member, f"{prefix}{name}.")
    elif isinstance(kind, list):
        yield from _members(kind[1], prefix)


def innermost(paths: Iterable[str]) -> list[str]:
    """The paths below which no other stands: a block is there for what is in it."""
    known = set(paths)
    enclosing = {path[:dot] for path in known for dot, character in enumerate(path) if character == "."}
    return sorted(known - enclosing)


def read(folders: Iterable[Path]) -> tuple[dict[str, set[str]], dict[str, dict[str, set[str]]], dict[str, set[str]]]:
    """Type to its arguments, AI type to the paths of each mark, and provider to its versions."""
    types: dict[str, set[str]] = defaultdict(set)
    marks: dict[str, dict[str, set[str]]] = {}
    versions: dict[str, set[str]] = defaultdict(set)
    for path in sorted(found for folder in folders for found in folder.rglob("*.json*")):
        if path.name.endswith(".jsonl.gz"):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for record in map(json.loads, lines):
                    if record["kind"] == "resource":
                        types[record["type"]].update(arguments(record["block"]))
                        versions[record["type"].partition("_")[0]].add(record["version"])
        elif path.suffix == ".json":
            inventory = json.loads(path.read_text(encoding="utf-8"))
            for kind, facts in inventory.items():
                if isinstance(facts, dict) and {"ai", "attributes"} <= facts.keys():
                    _take(kind, facts, types, marks, versions)
    return types, marks, versions


def _take(kind: str, facts: dict[str, Any], types: Any, marks: Any, versions: Any) -> None:
    paths = {attribute["path"].replace("[]", ""): attribute["guardrail"] for attribute in facts["attributes"]}
    types[kind].update(paths)
    if "/" in kind:
        versions["azapi"].add(f"{facts['service']} {facts['api_version']}")
    if facts["ai"]:
        marked = set(innermost(paths))
        by_mark = {mark: {path for path in marked if paths[path] == mark} for mark in MARKS}
        marks[kind] = {mark: members for mark, members in by_mark.items() if members}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--date", required=True, help="year and month at which the schemas were the newest")
    parser.add_argument("--output", type=Path, default=SNAPSHOT)
    options = parser.parse_args()

    types, marks, versions = read(options.folders)
    additions = json.loads(ADDITIONS.read_text(encoding="utf-8"))
    for addition in additions["types"]:
        for kind in addition["of"]:
            types[kind].update(addition["arguments"])
    read_by_controls = {kind for control in control_catalogue.controls() for kind in control.attributes_read()}
    beside_body = {"identity", "location", "name", "parent_id", "tags"} & types["azapi_resource"]
    for kind in (kind for kind in types if "/" in kind):
        types[kind].update(beside_body)
    wanted = read_by_controls | set(provider_defaults.table()) | {kind for kind in marks if marks[kind]}
    providers = {name: additions["providers"].get(name, []) for name in additions["providers"]}
    for prefix, name in additions["prefixes"].items():
        providers[name] = sorted({*providers.get(name, []), *versions.get(prefix, ())}, reverse=True)
    snapshot = {
        "about": additions["about"],
        "date": options.date,
        "providers": providers,
        "sources": {**additions["sources"], **{", ".join(a["of"]): a["source"] for a in additions["types"]}},
        "types": {kind: sorted(types[kind]) for kind in sorted(wanted & types.keys())},
        "marks": {
            kind: {mark: sorted(paths) for mark, paths in marks[kind].items()} for kind in sorted(marks) if marks[kind]
        },
    }
    options.output.write_text(_text(snapshot), encoding="utf-8")
    print(f"{len(snapshot['types'])} types, {sum(map(len, snapshot['types'].values()))} arguments")
    for kind in sorted(wanted - types.keys()):
        print(f"no schema: {kind}")


def _text(snapshot: dict[str, Any]) -> str:
    """JSON with a line for each type, so that a change of one type is a change of one line."""
    parts = []
    for key, value in snapshot.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{lines}\n }}")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
