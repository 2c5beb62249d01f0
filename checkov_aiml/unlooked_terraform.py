"""What Checkov's Terraform frameworks did not look at: files that it cannot read, modules, plans."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import hcl2
from checkov.terraform.parser_utils import load_or_die_quietly

from checkov_aiml.checkov_run import CheckovRun, ModuleCall, Run
from checkov_aiml.unlooked import Unlooked, left_out, shown

_BLOCKS = ("resource", "data", "module")
_BLOCK_START = re.compile(rf"^\s*(?:{'|'.join(_BLOCKS)})\s", re.MULTILINE)
_ONE_LETTER_HEREDOC = re.compile(r"<<-?[A-Za-z]\s*$")
_COMMENT = re.compile(r"\s*(?:#|//|/\*)")


def unlooked_configurations(done: CheckovRun) -> Iterator[Unlooked]:
    """Files and modules of the frameworks `terraform` and `terraform_json`."""
    for run in done.runs:
        if "terraform" in run.frameworks:
            files = [os.path.realpath(path) for path in run.files(absolute=True)]
            yield from _unparsed(done, files)
            yield from _passed_over(done, run, files)
            yield from _other_syntaxes(done, run, files)
    yield from _modules(done)


def _unparsed(done: CheckovRun, files: Collection[str]) -> Iterator[Unlooked]:
    """Files of Checkov's list of parsing errors, without those of folders that it ignores: it opens these too."""
    module_folders = {os.path.dirname(path) for path in done.read["terraform"]}
    considered = {*files, *map(os.path.realpath, done.config.var_file or ())}
    for path in sorted(done.parse_errors["terraform"]):
        if path.endswith(".hcl"):  # Of Terragrunt, Packer or Nomad: Terraform itself reads no such file.
            continue
        if path in considered or os.path.dirname(path) in module_folders:
            yield Unlooked(shown(path), *_where_the_parser_stops(path))


def _where_the_parser_stops(path: str) -> tuple[str, str, str]:
    errors: dict[str, Exception] = {}
    load_or_die_quietly(path, errors)
    error = errors.get(path)
    if isinstance(error, OSError | UnicodeError):
        return "", f"cannot be read ({type(error).__name__})", "correct its path, permissions or encoding (UTF-8)"
    number = getattr(error, "line", None)
    if not isinstance(number, int) or number < 1:
        return "", "Checkov's HCL parser cannot read the file", "check it with `terraform validate`, or scan the plan"
    line = Path(path).read_text(encoding="utf-8-sig").splitlines()[number - 1 : number]
    if line and _ONE_LETTER_HEREDOC.search(line[0]):
        return f"line {number}", "Checkov cannot read a heredoc tag of one letter", "use a longer tag, such as EOT"
    if line and _COMMENT.match(line[0]):
        return f"line {number}", "Checkov cannot read a comment inside this expression", "move the comment above it"
    remedy = "check it with `terraform validate`; when that accepts it, write the line differently or scan the plan"
    return f"line {number}", "Checkov's HCL parser stops here and drops the file", remedy


def _passed_over(done: CheckovRun, run: Run, files: Collection[str]) -> Iterator[Unlooked]:
    known = done.read["terraform"] | done.parse_errors["terraform"]
    paths = [path for path in files if path.endswith(".tf") and path not in known and _holds_blocks(path)]
    yield from left_out(done, run, "files", paths, any_read=not done.read["terraform"].isdisjoint(files))


def _holds_blocks(path: str) -> bool:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        if not _BLOCK_START.search(text):
            return False
        blocks = hcl2.loads(text)
    except Exception:  # What Checkov's parser cannot read may hold anything.
        return os.path.exists(path)
    return any(blocks.get(kind) for kind in _BLOCKS)


def _other_syntaxes(done: CheckovRun, run: Run, files: Collection[str]) -> Iterator[Unlooked]:
    for path in files:
        if path.endswith((".tofu", ".tofu.json")):
            yield Unlooked(shown(path), "", "Checkov does not read OpenTofu's own suffix", "call the file .tf")
        if not path.endswith(".tf.json") or path in done.read["terraform_json"] or not _holds_json_blocks(path):
            continue
        if "terraform_json" in run.frameworks:
            yield Unlooked(shown(path), "", "Checkov cannot read its JSON", "check it with `terraform validate`")
        elif "terraform_json" not in done.config.skip_framework:
            reason = "the framework terraform does not read .tf.json files"
            yield Unlooked(shown(path), "", reason, "add terraform_json to --framework")


def _holds_json_blocks(path: str) -> bool:
    content, error = _json(path)
    return error is not None or (isinstance(content, dict) and any(content.get(kind) for kind in _BLOCKS))


def _modules(done: CheckovRun) -> Iterator[Unlooked]:
    for call in sorted(done.module_calls, key=lambda call: (call.file, call.line)):
        problem = None if call.loaded else _why_not_loaded(done, call)
        if problem:
            yield Unlooked(shown(call.file), f"module.{call.name}, line {call.line}", *problem)


def _why_not_loaded(done: CheckovRun, call: ModuleCall) -> tuple[str, str] | None:
    """Reason and remedy; None when nothing of the module is lost that is not said elsewhere."""
    # An address may carry a user name and a token.
    source = re.sub(r"//[^/@]*@", "//", call.source)
    if not call.source.startswith((".", "/")):
        if str(done.config.download_external_modules).lower() == "true":
            return f"the module {source} could not be downloaded", "read Checkov's warning above, or scan the plan"
        return f"the module {source} is not downloaded", "add --download-external-modules true, or scan the plan"
    folder = os.path.realpath(os.path.join(os.path.dirname(call.file), call.source))
    if not os.path.isdir(folder):
        return f"the module's folder {source} does not exist", "correct the source, or scan the plan"
    files = {os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".tf")}
    if not files:
        return f"the module's folder {source} holds no .tf file", "correct the source, or scan the plan"
    unread = {path for path in files - done.parse_errors["terraform"] if _holds_blocks(path)}
    if not any(run.root for run in done.runs):
        unread -= done.read["terraform"]
        problem = f"with -f Checkov does not load the module {source}", "scan the folder with -d"
    else:
        problem = f"Checkov did not load the module {source}", "scan the plan"
    return problem if unread else None


_PLAN_MARKS = (b'"format_version"', b'"terraform_version"', b'"planned_values"', b'"resource_changes"')


def unlooked_plans(done: CheckovRun) -> Iterator[Unlooked]:
    """JSON files that should be plans, and plans that Checkov did not read.

    Any other JSON is welcome in a scanned folder. A file must be a plan when it is named with -f while
    `--framework terraform_plan` is given, and when it starts like one.
    """
    read = done.read["terraform_plan"]
    for run in done.runs:
        if "terraform_plan" not in run.frameworks:
            continue
        paths = [os.path.realpath(path) for path in run.files() if path.endswith(".json") and os.path.exists(path)]
        lost = []
        for path in paths:
            problem = _not_a_plan(done, run, path)
            if problem:
                yield Unlooked(shown(path), "", *problem)
            elif path not in read and _holds_planned_resources(path):
                lost.append(path)
        yield from left_out(done, run, "plans", lost, any_read=not read.isdisjoint(paths))


def _not_a_plan(done: CheckovRun, run: Run, path: str) -> tuple[str, str] | None:
    content, error = _json(path)
    asked, named = done.asks_for("terraform_plan"), run.root is None
    again = "make it again with `terraform show -json PLAN`"
    if error is not None:
        if not os.path.getsize(path):
            return ("the file is empty", again) if asked or named else None
        looks_like_plan = _contains(path, _PLAN_MARKS)
        if looks_like_plan or named or (asked and not _starts_like_json(path)):
            return ("a cut-off or damaged plan" if looks_like_plan else "not JSON"), again
        return None
    if isinstance(content, dict) and "terraform_version" in content:
        if "planned_values" not in content:
            return ("a state, not a plan", again) if asked else None
        if content.get("errored") is True:
            return "the plan ended with an error and is not complete", "correct the error and plan again"
        return None
    elsewhere = set().union(*(done.read[framework] for framework in run.frameworks))
    return ("not a plan", again) if asked and named and path not in elsewhere else None


def _starts_like_json(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(4096).lstrip().startswith((b"{", b"[", b"//", b"/*"))


def _contains(path: str, marks: Collection[bytes]) -> bool:
    content = Path(path).read_bytes().replace(b"\0", b"")
    return any(mark in content for mark in marks)


def _holds_planned_resources(path: str) -> bool:
    content, _ = _json(path)
    is_plan = isinstance(content, dict) and "terraform_version" in content and "planned_values" in content
    return is_plan and _holds_resources((content.get("planned_values") or {}).get("root_module"))


def _holds_resources(module: Any) -> bool:
    if not isinstance(module, dict):
        return False
    return bool(module.get("resources")) or any(map(_holds_resources, module.get("child_modules") or ()))


def _json(path: str) -> tuple[Any, Exception | None]:
    """The content of a JSON file in whichever Unicode encoding, or the error that it gives."""
    try:
        return json.loads(Path(path).read_bytes()), None
    except (OSError, ValueError, RecursionError) as error:
        return None, error
