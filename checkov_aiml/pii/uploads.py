"""Which datasets a resource uploads: Terraform objects and blobs, and what ConfigMaps and Secrets hold."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from checkov_aiml import settings
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.pii.judge import Judgement, State, judge_bytes, judge_file
from checkov_aiml.pii.reading import DATASET_EXTENSIONS, FORMATS, extension_of
from checkov_aiml.pii.values import word_set
from checkov_aiml.terraform_view.expression import Evaluator, elements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset, Value, known, plain
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

STORES: Mapping[str, tuple[str, ...]] = {
    "aws_s3_object": ("bucket",),
    "aws_s3_bucket_object": ("bucket",),
    "azurerm_storage_blob": ("storage_container_name", "storage_container_id", "storage_account_name"),
}
"""Type of an uploaded object to the attributes that name its store."""

UPLOADS = {
    "aws_s3_object": ("source", "content", "content_base64", "key", "bucket"),
    "aws_s3_bucket_object": ("source", "content", "content_base64", "key", "bucket"),
    "azurerm_storage_blob": ("source", "source_content", "name", "storage_container_name", "storage_account_name"),
}
"""Type to the attribute paths that are read."""

DATASET_WORDS = word_set(
    """
    dataset datasets data train training test testing validation valid eval evaluation sample samples record
    records corpus prompts examples labels annotations features transcripts patients customers
    """
)
"""Words in a path that make a dataset of a JSON or text file, which by its extension may be anything."""

_CALL = re.compile(
    r"(?P<function>file|filebase64|templatefile|filebase64gzip)\(\s*(?P<path>\"(?:[^\"\\]|\\.)*\"|[\w.]+)\s*[,)]"
)
_FILESET = re.compile(r"fileset\(\s*(?P<folder>\"[^\"]*\"|[\w.]+)\s*,\s*(?P<pattern>\"[^\"]*\"|[\w.]+)\s*\)")


@dataclass(frozen=True)
class Dataset:
    """A dataset that is uploaded: how it is told, the attribute that names it, and its judgement.

    The judgement is None while an expression without a value decides which file it is.
    """

    label: str
    attribute: str
    judgement: Judgement | None


def is_dataset_name(name: str) -> bool:
    """Whether a path is that of a dataset by its extension, or by its words where the extension may be anything's."""
    extension = extension_of(name)
    if extension in ("json", "txt"):
        return not DATASET_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", name.lower()))
    return extension in DATASET_EXTENSIONS


def matches_globs(path: str | Path) -> bool:
    """Whether the settings' globs name a path: the whole of it, or its end."""
    globs = settings.current().pii.globs
    return bool(globs) and _either(globs).match(PurePosixPath(path).as_posix()) is not None


@lru_cache(maxsize=4)
def _either(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(form) for glob in globs for form in (glob, f"*/{glob}")))


def uploaded_by(resource: Resource, scanned_root: Path) -> list[Dataset]:
    """The datasets that a Terraform resource uploads; empty when what it uploads is none."""
    return list(_Upload(resource, scanned_root).datasets())


def held_by(manifest: Manifest) -> list[Dataset]:
    """The datasets that a ConfigMap or a Secret holds."""
    found = []
    for field, key in dataset_entries(manifest):
        text = manifest.read(field)[key]
        if isinstance(text, (dict, list)):
            text = json.dumps(text)
        encoded = field == "binaryData" or (field == "data" and manifest.kind == "Secret")
        try:
            content = base64.b64decode(str(text), validate=False) if encoded else str(text).encode()
        except (binascii.Error, ValueError):
            judgement = Judgement(State.UNREADABLE, reason="the value is not base 64")
        else:
            judgement = judge_bytes(str(key), content)
        label = f"{field}.{key}"
        found.append(Dataset(label, label, judgement))
    return found


def dataset_entries(manifest: Manifest) -> list[tuple[str, Any]]:
    """Field and key of the datasets that a ConfigMap or a Secret holds, by their names."""
    found = []
    for field in ("data", "stringData", "binaryData"):
        entries = manifest.read(field)
        for key, content in entries.items() if isinstance(entries, dict) else ():
            if content is not None and (is_dataset_name(str(key)) or matches_globs(str(key))):
                found.append((field, key))
    return found


def masked(datasets: list[Dataset]) -> Verdict:
    """Whether the datasets hold no personal data; what cannot be read is left to the control that reports it."""
    return all_of(map(_masked, datasets))


def _masked(dataset: Dataset) -> Verdict:
    judgement = dataset.judgement
    if judgement is None:
        return unresolved(f"{dataset.label}: which file it is remains to be seen", dataset.attribute)
    if judgement.state is State.UNREADABLE:
        return not_applicable(f"{dataset.label} cannot be judged")
    verdict = failed if judgement.state is State.LEAK else passed
    fix = "; mask it with `checkov-aiml pii mask`" if judgement.state is State.LEAK else ""
    return verdict(f"{dataset.label}: {judgement}{fix}", dataset.attribute)


def readable(datasets: list[Dataset]) -> Verdict:
    """Whether all datasets could be judged."""
    return all_of(map(_readable, datasets))


def _readable(dataset: Dataset) -> Verdict:
    if dataset.judgement is None:
        return unresolved(f"{dataset.label}: which file it is remains to be seen", dataset.attribute)
    if dataset.judgement.state is State.UNREADABLE:
        return failed(f"{dataset.label}: {dataset.judgement.reason}", dataset.attribute)
    return passed(f"{dataset.label} can be judged", dataset.attribute)


class _Upload:
    """One uploading resource: how its paths are resolved as Terraform does it.

    `path.module` is the folder of the file that the resource stands in, `path.root` and the current directory are those
    of the root module; a plan's paths start at the folder of the plan.
    """

    def __init__(self, resource: Resource, scanned_root: Path) -> None:
        self.resource = resource
        self.scanned_root = scanned_root.resolve()
        root = Path(resource.root)
        self.root = root if root.is_dir() else root.parent
        file = getattr(resource.body, "_file", None)
        self.module = Path(file).parent if file else self.root

    def datasets(self) -> Iterator[Dataset]:
        in_store = self._goes_into_ai_store()
        instances = list(self._instances())
        for bindings in instances:
            key = self._text(self._key_attribute(), bindings) or ""
            for attribute in ("source", "content", "content_base64", "source_content"):
                yield from self._named(attribute, key, bindings, in_store)

    def _key_attribute(self) -> str:
        return "name" if self.resource.type == "azurerm_storage_blob" else "key"

    def _goes_into_ai_store(self) -> bool:
        resource = self.resource
        if resource.estate.ai_use(resource):
            return True
        for name in STORES[resource.type]:
            attribute = resource.attribute(name)
            stores = [*attribute.targets, *self._stores_named(attribute)]
            if any(resource.estate.ai_use(store) for store in stores):
                return True
        return False

    def _stores_named(self, attribute: Attribute) -> Iterator[Resource]:
        """Stores that are named by their literal name."""
        if isinstance(attribute.known, str):
            kinds = ("aws_s3_bucket", "azurerm_storage_container", "azurerm_storage_account")
            for store in self.resource.estate.of_type(*kinds, root=self.resource.root):
                if attribute.known in (store.text("bucket"), store.text("name")):
                    yield store

    def _instances(self) -> Iterator[dict[str, Value]]:
        """What `each` stands for in each instance that a `for_each` over `fileset` makes; Checkov leaves it as one."""
        expression = self._expression("for_each")
        if self.resource.index is not None or not expression or "fileset(" not in expression:
            yield {}
            return
        listed = _FILESET.sub(lambda call: json.dumps(self._fileset(call)), expression)
        pairs = elements(self._evaluate(listed))
        for key, item in pairs or ():
            yield {"each": known({"key": key if isinstance(key.known, str) else item, "value": item})}

    def _fileset(self, call: re.Match[str]) -> list[str]:
        folder, pattern = self._evaluate(call["folder"]).known, self._evaluate(call["pattern"]).known
        if not isinstance(folder, str) or not isinstance(pattern, str):
            return []
        base = self._absolute(folder)
        pattern = re.sub(r"\*\*(?!/)", "*", pattern)
        alternatives = re.search(r"\{([^{}]*)\}", pattern)
        patterns = (
            [pattern.replace(alternatives[0], part) for part in alternatives[1].split(",")]
            if alternatives
            else [pattern]
        )
        files = {path for each in patterns for path in base.glob(each) if path.is_file()}
        return sorted(path.relative_to(base).as_posix() for path in files)

    def _named(self, attribute: str, key: str, bindings: dict[str, Value], in_store: bool) -> Iterator[Dataset]:
        """The dataset that one attribute names or holds."""
        value = self._value(attribute, bindings)
        if isinstance(value.state, Unset):
            return
        archives = [target for target in value.targets if target.terraform_type == "archive_file"]
        if archives:
            for archive in archives:
                yield from _Upload(archive, self.scanned_root).members(attribute, in_store)
            return
        content = self._plain(value)
        if attribute == "source":
            if isinstance(content, str):
                yield from self._file(content, key, attribute, in_store)
            elif in_store and is_dataset_name(key):
                yield Dataset(key, attribute, None)
            return
        call = _CALL.search(self._expression(attribute) or "")
        path = self._evaluate(call["path"], bindings).known if call else None
        if isinstance(path, str):
            yield from self._file(path, key, attribute, in_store)
        elif self._is_dataset(key, key, in_store):
            yield Dataset(key, attribute, None if content is None else self._inline(attribute, key, content))

    def _inline(self, attribute: str, key: str, content: Any) -> Judgement:
        if attribute == "content_base64":
            try:
                return judge_bytes(key, base64.b64decode(str(content)))
            except (binascii.Error, ValueError):
                return Judgement(State.UNREADABLE, reason="the content is not base 64")
        return judge_bytes(key, (content if isinstance(content, str) else json.dumps(content)).encode())

    def members(self, attribute: str, in_store: bool) -> Iterator[Dataset]:
        """The datasets among the files of an archive that `data.archive_file` makes."""
        for name in ("source_file", "source_dir"):
            value = self._value(name, {})
            if isinstance(value.state, Unset):
                continue
            content = self._plain(value)
            if not isinstance(content, str):
                yield Dataset(f"{self.resource.address}.{name}", attribute, None)
                continue
            path = self._absolute(content)
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                if not file.is_dir():
                    yield from self._file(str(file), "", attribute, in_store)
        for block, _ in self.resource.blocks("source"):
            filename, text = (self.resource.attribute(f"{block}.{part}") for part in ("filename", "content"))
            if isinstance(filename.known, str) and self._is_dataset(filename.known, filename.known, in_store):
                judged = judge_bytes(filename.known, text.known.encode()) if isinstance(text.known, str) else None
                yield Dataset(filename.known, attribute, judged)

    def _file(self, written: str, key: str, attribute: str, in_store: bool) -> Iterator[Dataset]:
        path = self._absolute(written)
        if not self._is_dataset(str(path), key, in_store):
            return
        label = self._label(path)
        outside = not _is_inside(path, self.scanned_root)
        if outside and not settings.current().pii.follow_outside_root:
            reason = (
                "the file lies outside the scanned folder: scan a folder above both, or set pii.follow_outside_root"
            )
            yield Dataset(label, attribute, Judgement(State.UNREADABLE, reason=reason))
            return
        own_format = extension_of(path.name) in FORMATS
        yield Dataset(
            label, attribute, judge_file(path, path.name if own_format or not key else PurePosixPath(key).name)
        )

    def _is_dataset(self, path: str, key: str, in_store: bool) -> bool:
        if matches_globs(path) or (key and matches_globs(key)):
            return True
        # The folders above the scanned one say nothing of the file.
        path = path.removeprefix(str(self.scanned_root))
        return in_store and (is_dataset_name(path) or is_dataset_name(key))

    def _label(self, path: Path) -> str:
        for base in (self.scanned_root, self.root.resolve()):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return path.as_posix()

    def _absolute(self, written: str) -> Path:
        path = Path(written).expanduser()
        joined = path if path.is_absolute() else self.root / path
        # Not resolved: a symbolic link keeps its own name. Dots are taken out as Terraform's own paths are.
        return Path(os.path.normpath(joined.absolute()))

    def _expression(self, name: str) -> str | None:
        """The text of an attribute's expression in HCL; None in a plan."""
        source = getattr(self.resource.body, "_source", None)
        return source()._block.attributes.get(name) if source else None

    def _value(self, name: str, bindings: dict[str, Value]) -> Value:
        value = self.resource.value(name)
        expression = self._expression(name)
        if expression is None or isinstance(value.state, Unset) or value.known is not None:
            return value
        evaluated = self._evaluate(expression, bindings)
        return evaluated if evaluated.known is not None else value

    def _text(self, name: str, bindings: dict[str, Value]) -> str | None:
        content = self._value(name, bindings).known
        return content if isinstance(content, str) else None

    def _evaluate(self, expression: str, bindings: dict[str, Value] | None = None) -> Value:
        folders = {"module": known(str(self.module)), "root": known(str(self.root)), "cwd": known(str(self.root))}
        evaluator: Evaluator = self.resource.body._source()._evaluator  # type: ignore[attr-defined]
        return evaluator.binding(path=known(folders), **(bindings or {})).text(expression)

    @staticmethod
    def _plain(value: Value) -> Any:
        try:
            return plain(value)
        except ValueError:
            return None


def _is_inside(path: Path, root: Path) -> bool:
    """Whether a file, and what a symbolic link leads to, lies below a folder."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return path.is_relative_to(root)
