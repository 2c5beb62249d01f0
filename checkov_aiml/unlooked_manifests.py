"""What Checkov's Kubernetes frameworks did not look at: manifests and Helm charts that it drops without a word."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from checkov.common.util.file_utils import read_file_with_any_encoding
from checkov.kubernetes.kubernetes_utils import K8_POSSIBLE_ENDINGS
from checkov.kubernetes.parser.validatior import K8sValidator

from checkov_aiml import control_catalogue
from checkov_aiml.checkov_run import CheckovRun, Run
from checkov_aiml.unlooked import Unlooked, left_out, shown

# The pure Python loader that Checkov uses accepts the same documents at a tenth of the speed.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = ("apiVersion", "kind")
_KEYS = [re.compile(rf"""(?:^|[{{,\s])["']?{word}["']?[ \t]*:""", re.MULTILINE) for word in _WORDS]
_HELM = re.compile(r"\{\{-?\s*\.(?:Release|Values)\.")
_TEMPLATED = "holds {{ .Values or {{ .Release, for which Checkov drops the whole file"


Problem = tuple[str, str]
"""A reason and a remedy."""


def unlooked_manifests(done: CheckovRun) -> Iterator[Unlooked]:
    """Manifests and charts of the frameworks `kubernetes` and `helm`.

    YAML and JSON that hold no manifest are none of this framework's business, whatever state they are in.
    """
    for run in done.runs:
        files = list(run.files())
        charts = _unrendered_charts(done, run, files)
        if "kubernetes" in run.frameworks:
            yield from _unread(done, run, files, charts)
        for chart, (reason, remedy) in sorted(charts.items()):
            if reason:
                yield Unlooked(shown(chart), "", reason, remedy)


def _unread(done: CheckovRun, run: Run, files: Collection[str], charts: dict[str, Problem]) -> Iterator[Unlooked]:
    read = done.read["kubernetes"]
    passed_over = []
    candidates = [path for path in files if os.path.splitext(path)[1] in K8_POSSIBLE_ENDINGS and os.path.exists(path)]
    for path in candidates:
        problems, holds_manifest = _examine(path, strict=run.root is None and done.asks_for("kubernetes"))
        chart = _chart_of_template(path)
        if problems and chart is not None:
            charts.setdefault(chart, _not_rendered(done, run, chart))
        elif problems:
            for place, reason, remedy in problems:
                yield Unlooked(shown(path), place, reason, remedy)
        elif holds_manifest and os.path.realpath(path) not in read:
            passed_over.append(path)
    any_read = any(os.path.realpath(path) in read for path in candidates)
    yield from left_out(done, run, "manifests", passed_over, any_read)


def _examine(path: str, strict: bool) -> tuple[list[tuple[str, str, str]], bool]:
    """Places, reasons and remedies of what Checkov drops of a file, and whether it holds a manifest that it reports.

    `strict` calls malformed text a problem even when nothing in it looks like a manifest.
    """
    try:
        text = read_file_with_any_encoding(path)
    except (OSError, UnicodeError) as error:
        return [("", f"cannot be read ({type(error).__name__})", "correct the permissions or the encoding")], False
    if not strict and not all(word in text for word in _WORDS):
        return [], False
    templated = bool(_HELM.search(text))
    try:
        documents = _documents(path, text)
    except Exception as error:
        if not strict and not all(key.search(text) for key in _KEYS):
            return [], False
        if templated:
            return [("", _TEMPLATED, "render it first, and scan what comes out")], False
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = "" if line is None else f"line {line + 1}"
        return [(place, "malformed: Checkov drops the whole file", "correct it, or render the template first")], False
    manifests = [(number, document) for number, document in enumerate(documents, 1) if _is_manifest(document)]
    if manifests and templated:
        return [("", _TEMPLATED, "render it first, and scan what comes out")], False
    problems = [
        (f"document {number}" if len(documents) > 1 else "", *problem)
        for number, document in manifests
        for problem in _why_dropped(document)
    ]
    return problems, any(_is_named(document) for _, document in manifests)


def _documents(path: str, text: str) -> list[Any]:
    if not path.endswith(".json"):
        return list(yaml.load_all(text, Loader=_Loader))
    try:
        return [json.loads(text)]
    except ValueError:  # Checkov reads JSON as YAML, and several objects in a row as a list.
        joined = text.replace("}{", "},{").replace("}\n{", "},\n{")
        return list(yaml.load(f"[{joined}]", Loader=_Loader))


def _is_manifest(document: Any) -> bool:
    return isinstance(document, dict) and all(word in document for word in _WORDS)


def _metadata(document: Any) -> dict[str, Any]:
    metadata = document.get("metadata") if isinstance(document, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _is_named(document: dict[str, Any]) -> bool:
    return document["kind"] != "Kustomization" and isinstance(_metadata(document).get("name"), str)


def _why_dropped(document: dict[str, Any]) -> Iterator[Problem]:
    """Why Checkov makes no result for a manifest. Configuration files of tools have a kind, but no metadata."""
    kind = str(document["kind"])
    items = document.get("items")
    members = [item for item in (items if isinstance(items, list) else []) if isinstance(item, dict)]
    if kind == "List":
        objects = list(filter(_metadata, members))
    else:
        objects = [document] if _metadata(document) else []
        if kind.endswith("List") and members:
            yield f"a {kind}, of which Checkov reads no member", "make it a List whose items have kind and apiVersion"
    if any(str(member.get("kind")).endswith("List") and member.get("items") for member in members):
        yield "a list inside a List, of which Checkov reads no member", "put its items into the outer List"
    valid, _ = K8sValidator.is_valid_template(document)
    if objects and not valid:
        yield "a name in it is a placeholder or none, and Checkov drops the document", "fill it in, and scan the result"
    elif any("generateName" in _metadata(one) and not _is_identified(one) for one in objects):
        yield "it has generateName but neither name nor labels, and Checkov drops its results", "give it a label"
    elif any(not _metadata(one) and one.get("kind") in _judged_kinds() for one in [document, *members]):
        yield "an object in it has no metadata, and Checkov drops its results", "give it a name"


@lru_cache(maxsize=1)
def _judged_kinds() -> frozenset[str]:
    controls = (control for control in control_catalogue.controls() if control.framework == "kubernetes")
    return frozenset(kind for control in controls for kind in control.attributes_read())


def _is_identified(document: dict[str, Any]) -> bool:
    return bool(_metadata(document).get("name") or _metadata(document).get("labels"))


def _chart_of_template(path: str) -> str | None:
    """The outermost chart that a file is a template of."""
    parents = [str(parent) for parent in Path(os.path.abspath(path)).parents]
    charts = [parent for parent in parents if os.path.isfile(os.path.join(parent, "Chart.yaml"))]
    if not charts or Path(os.path.abspath(path)).relative_to(charts[0]).parts[0] != "templates":
        return None
    return charts[-1]


def _unrendered_charts(done: CheckovRun, run: Run, files: Collection[str]) -> dict[str, Problem]:
    """The charts of a folder that should have been rendered and were not, with reason and remedy."""
    if "helm" not in (*run.frameworks, *done.dropped):
        return {}
    folders = {os.path.dirname(os.path.abspath(path)) for path in files if os.path.basename(path) == "Chart.yaml"}
    outermost = {folder for folder in folders if not any(str(parent) in folders for parent in Path(folder).parents)}
    return {folder: _not_rendered(done, run, folder) for folder in outermost}


def _not_rendered(done: CheckovRun, run: Run, chart: str) -> Problem:
    """Reason and remedy; empty when the chart was rendered, is not meant to be, or may be left out."""
    if "helm" in done.config.skip_framework or _is_library(chart) or _rendered(done, run, chart):
        return "", ""
    if "helm" in done.dropped:
        return "a Helm chart, and Checkov found no `helm` 3 or 4 to render it", "install helm"
    if "helm" not in run.frameworks:
        return "a Helm chart, which the framework kubernetes cannot render", "add helm to --framework, and scan with -d"
    return "a Helm chart of which `helm template` gave Checkov no manifest", "run `helm template` on it to see why"


def _is_library(chart: str) -> bool:
    try:
        meta = yaml.load(Path(chart, "Chart.yaml").read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, ValueError, yaml.YAMLError):
        return False
    return isinstance(meta, dict) and meta.get("type") == "library"


def _rendered(done: CheckovRun, run: Run, chart: str) -> bool:
    """Whether the report knows a manifest of the chart itself; of a chart inside it when it has no templates.

    The report names templates by their own path, or by that path within the folder that was scanned.
    """
    if run.root is None:
        return False
    prefixes = (os.path.realpath(chart), os.path.join(os.sep, os.path.relpath(chart, run.root)))
    prefixes = tuple(os.path.join(os.path.normpath(prefix), "") for prefix in prefixes)
    inside = [path.removeprefix(prefix) for prefix in prefixes for path in done.read["helm"] if path.startswith(prefix)]
    templates = Path(chart, "templates").glob("**/*.y*ml")
    return any("charts" not in Path(path).parts[:-1] for path in inside) if any(templates) else bool(inside)
