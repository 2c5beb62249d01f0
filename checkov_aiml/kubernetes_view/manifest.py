"""How a Kubernetes manifest is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checkov.kubernetes.kubernetes_utils import get_resource_id

if TYPE_CHECKING:
    from checkov_aiml.kubernetes_view.objects import Objects
    from checkov_aiml.kubernetes_view.rbac import Spelling

LINE_MARKS = frozenset({"__startline__", "__endline__"})
"""The keys that Checkov's Kubernetes parsers add to every mapping."""


@dataclass(frozen=True)
class Manifest:
    """One manifest as Checkov parsed it. Whatever the mapping holds, reading it never raises.

    The one exception is a manifest that Terraform makes (`kubernetes_view.in_terraform`): what an expression without a
    value decides raises `NotKnownError` there.

    `folder` is where its file lies, `objects` are the manifests that are scanned with it, `spelling` is how its
    framework calls the fields of a rule when that is not how Kubernetes does.
    """

    conf: Mapping[str, Any]
    folder: str = ""
    objects: Objects | None = field(default=None, repr=False, compare=False)
    spelling: Spelling | None = None

    def read(self, path: str) -> Any:
        """The value at a dotted path of mapping keys, without Checkov's line marks at any depth.

        None when a key is absent or null, or when something else than a mapping is on the way.
        """
        return _at(self.content, path)

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """The whole manifest without line marks; not to be changed."""
        cleaned: Mapping[str, Any] = _without_line_marks(self.conf)
        return cleaned

    def let_go(self) -> None:
        """Forget what the manifest holds, to keep memory small; what is asked for later is read again."""
        for kept in ("content", "pods", "labels", "annotations"):
            vars(self).pop(kept, None)

    @cached_property
    def kind(self) -> str:
        """The kind; empty when it is not text."""
        return self._text("kind") or ""

    @cached_property
    def api_version(self) -> str:
        """Group and version as written; empty when it is not text."""
        return self._text("apiVersion") or ""

    @cached_property
    def api_group(self) -> str:
        """The group of the API version; empty for the core group, and when no group can be read."""
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    @cached_property
    def name(self) -> str | None:
        return self._text("metadata.name")

    @cached_property
    def namespace(self) -> str | None:
        """The namespace that the manifest names; None when it leaves it to whoever applies it."""
        return self._text("metadata.namespace")

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return _texts(self.read("metadata.labels"))

    @cached_property
    def annotations(self) -> Mapping[str, str]:
        annotations: Any = self.read("metadata.annotations")
        # Looking for skips, Checkov wraps the mapping in a list before it runs any check.
        return _texts(annotations[0] if isinstance(annotations, list) and annotations else annotations)

    @property
    def resource_id(self) -> str:
        """The id under which Checkov reports the manifest: `Kind.namespace.name`."""
        try:
            identifier = get_resource_id(self.conf)  # type: ignore[arg-type]
        except Exception:
            identifier = None
        return identifier or f"{self.kind}.{self.namespace or 'default'}.{self.name or ''}"

    def _text(self, path: str) -> str | None:
        value = _at(self.conf, path)  # A text holds no line marks.
        return value if isinstance(value, str) else None


def _at(content: Any, path: str) -> Any:
    for key in path.split("."):
        content = content.get(key) if isinstance(content, Mapping) else None
    return content


def _texts(value: Any) -> dict[str, str]:
    """The entries that are text on both sides: the API server refuses any other label or annotation."""
    entries = value.items() if isinstance(value, dict) else ()
    return {key: text for key, text in entries if isinstance(key, str) and isinstance(text, str)}


def mapping(value: Any) -> Mapping[str, Any]:
    """The value itself when it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def members(value: Any) -> list[Any]:
    """The value itself when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """The value itself when it is text, else an empty one."""
    return value if isinstance(value, str) else ""


def _without_line_marks(value: Any) -> Any:
    """A copy without line marks. Not recursive, because YAML aliases can nest a value in itself."""
    root = [value]
    unfinished: list[Any] = [root]
    copies: dict[int, Any] = {}
    while unfinished:
        container = unfinished.pop()
        for key, member in list(container.items() if isinstance(container, dict) else enumerate(container)):
            if not isinstance(member, (dict, list)):
                continue
            if id(member) not in copies:
                copies[id(member)] = _shallow_copy(member)
                unfinished.append(copies[id(member)])
            container[key] = copies[id(member)]
    return root[0]


def _shallow_copy(value: dict[Any, Any] | list[Any]) -> dict[Any, Any] | list[Any]:
    if isinstance(value, list):
        return list(value)
    return {key: member for key, member in value.items() if key not in LINE_MARKS}
