"""Which folders a change touches: what `checkov-aiml scan-changed` scans, a changed file's folder at the least.

A finding can depend on another file than the changed one, so a file is scanned with everything that may refer to it: a
Terraform module with the configurations that call it, a manifest with the manifests around it. Where that cannot be
told, more is scanned. Files that a commit deletes count as changed: an endpoint or a policy may have gone with them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SETTINGS = (".checkov-aiml.yaml", ".checkov.yaml", ".checkov.yml")
"""Files that decide how everything is judged, by name: the package's settings and Checkov's configuration."""

INCOMPLETE = 2

_CONFIGURATION = (".tf", ".tf.json", ".tofu", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")
_MAY_BE_READ = (".json", ".yaml", ".yml", ".tpl", ".tftpl")
_MANIFEST_OR_PLAN = re.compile(rb"apiVersion[\"']?\s*:|planned_values|resource_changes")
_KUSTOMIZATION = re.compile(r"kustomization(\.ya?ml)?")
_MODULE_SOURCE = re.compile(r'\bsource"?\s*[=:]\s*"(\.{1,2}(?:/[^"]*)?)"')
_KUSTOMIZE_SOURCE = re.compile(r"""^\s*(?:-\s*)?(?:path:\s*)?["']?(\.{1,2}/[^\s"'#]+)""", re.MULTILINE)
_NOT_SCANNED = frozenset({".git", ".terraform", ".terragrunt-cache", "node_modules", "__pycache__"})


@dataclass(frozen=True)
class Target:
    """One scan: a folder, and the arguments that narrow it."""

    folder: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.folder, *self.arguments))


def scan_changed(files: Iterable[str], arguments: Sequence[str] = ()) -> int:
    """Scan what `files` touch and what git says is deleted, and return the worst exit code of `checkov-aiml scan`.

    `files` are relative to the current folder, which is the repository's top one; `arguments` are Checkov's own. Raises
    `ValueError` when a file lies outside of the current folder.
    """
    code = 0
    for target in targets(files, deleted_files()):
        print(f"checkov-aiml: scanning {target}", file=sys.stderr, flush=True)
        # A process each: Checkov keeps what it loaded and parsed from one scan to the next.
        command = (sys.executable, "-P", "-m", "checkov_aiml", "scan", "-d", target.folder, *target.arguments)
        done = subprocess.run([*command, "--quiet", "--compact", *arguments], check=False).returncode
        code = max(code, done if done in (0, 1) else INCOMPLETE)
    return code


def targets(files: Iterable[str], deleted: Mapping[str, bytes] | None) -> list[Target]:
    """The scans that a change asks for, none inside another.

    `deleted` maps a path to the content that it had; None says that nobody knows, and everything is scanned. Raises
    `ValueError` when a path lies outside of the current folder.
    """
    changed: dict[str, bytes | None] = {_inside(path): None for path in files}
    changed |= {_inside(path): content for path, content in (deleted or {}).items()}
    if deleted is None or any(Path(path).name in SETTINGS for path in changed):
        return [Target(".")]
    repository = _Repository()
    folders = {folder for path, content in changed.items() for folder in repository.folders_of(path, content)}
    outermost = [folder for folder in sorted(folders) if folders.isdisjoint(_parents(folder))]
    found = [Target(folder) for folder in outermost if os.path.isdir(folder)]
    if any(path.startswith(".github/workflows/") for path in changed) and Target(".") not in found:
        found.append(Target(".", ("--framework", "github_actions")))
    return found


def deleted_files() -> Mapping[str, bytes] | None:
    """What the commit deletes below the current folder, with its content; None when git cannot say.

    pre-commit names the two commits in the environment when it judges a range and not what is staged.
    """
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    old, compared = (before, f"{before}...{after}") if before and after else ("HEAD", "--cached")
    try:
        names = _git("diff", "--name-only", "--relative", "--no-renames", "--diff-filter=D", "-z", compared)
        paths = [os.fsdecode(name) for name in names.split(b"\0") if name]
        return {path: _git("show", f"{old}:./{path}") for path in paths}
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], check=True, capture_output=True).stdout


class _Repository:
    """The folders below the current one, and which of them refer to which."""

    def folders_of(self, path: str, content: bytes | None) -> Iterator[str]:
        """The folders that a changed file wants scanned; `content` is what a deleted file held."""
        module = _module_of(path)
        if module is not None:
            yield self._roots_of(module)
        if not path.startswith(".github/") and _is_manifest(path, content):
            top = _top_folder(path)
            yield "." if top in self._linked_manifests else top

    def _roots_of(self, module: str) -> str:
        """The configuration through which a module is reached, or the folder that holds them all."""
        related, waiting = {module}, [module]
        while waiting:
            callers = self._module_callers.get(waiting.pop(), set()) - related
            related |= callers
            waiting += callers
        roots = [folder for folder in related if not self._module_callers.get(folder)] or list(related)
        return "." if "." in roots else os.path.commonpath(roots) or "."

    @cached_property
    def _module_callers(self) -> Mapping[str, set[str]]:
        """The folder of a local module to the folders that call it."""
        callers: dict[str, set[str]] = {}
        for path in _files_below("."):
            if path.endswith(_CONFIGURATION):
                caller = os.path.dirname(path) or "."
                for source in _MODULE_SOURCE.findall(_text(path)):
                    callers.setdefault(os.path.normpath(os.path.join(caller, source)), set()).add(caller)
        return callers

    @cached_property
    def _linked_manifests(self) -> set[str]:
        """The top folders of which a kustomization refers to another top folder, or is referred to."""
        linked: set[str] = set()
        for path in _files_below("."):
            if _KUSTOMIZATION.fullmatch(os.path.basename(path)):
                for source in _KUSTOMIZE_SOURCE.findall(_text(path)):
                    other = os.path.normpath(os.path.join(os.path.dirname(path), source))
                    ends = {_top_folder(path), _top_folder(f"{other}/")}
                    linked |= ends if len(ends) == 2 else set()
        return linked


def _inside(path: str) -> str:
    relative = os.path.relpath(path)
    if relative.startswith(os.pardir):
        raise ValueError(f"{path}: outside of the current folder: run this in the top folder of the repository")
    return Path(relative).as_posix()


def _parents(folder: str) -> list[str]:
    return [parent.as_posix() for parent in Path(folder).parents]


def _top_folder(path: str) -> str:
    """Manifests name each other's objects across all folders below it."""
    return path.split("/")[0] if "/" in path else "."


def _module_of(path: str) -> str | None:
    """The Terraform module that a file is part of, or whose code may read it."""
    folder = os.path.dirname(path) or "."
    if path.endswith(_CONFIGURATION):
        return folder
    if not path.endswith((*_VALUES, *_MAY_BE_READ)):
        return None
    around = next((place for place in (folder, *_parents(folder)) if _holds_configuration(place)), None)
    return _top_folder(path) if around is None and path.endswith(_VALUES) else around


def _holds_configuration(folder: str) -> bool:
    return os.path.isdir(folder) and any(name.endswith(_CONFIGURATION) for name in os.listdir(folder))


def _is_manifest(path: str, content: bytes | None) -> bool:
    """Whether it holds Kubernetes objects or a plan, or belongs to a chart; also when it cannot be read."""
    name, folder = os.path.basename(path), os.path.dirname(path) or "."
    if _KUSTOMIZATION.fullmatch(name) or name == "Chart.yaml":
        return True
    if not name.endswith(_MAY_BE_READ):
        return False
    if any(os.path.exists(f"{place}/Chart.yaml") for place in (folder, *_parents(folder))):
        return True
    try:
        content = Path(path).read_bytes() if content is None else content
    except OSError:
        return True
    return bool(_MANIFEST_OR_PLAN.search(content.replace(b"\0", b"")))  # UTF-16, as PowerShell writes it.


def _files_below(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_SCANNED]
        yield from (os.path.normpath(os.path.join(place, name)) for name in names)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
