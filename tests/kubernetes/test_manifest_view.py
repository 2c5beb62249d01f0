"""Reading manifests: never raises, and Checkov's line marks are out of the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checkov.common.models.enums import CheckResult
from checkov.kubernetes.runner import Runner
from checkov.runner_filter import RunnerFilter
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.kubernetes_view.manifest import LINE_MARKS, Manifest

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: model-server
  namespace: inference
  labels:
    app.kubernetes.io/part-of: inference
    replicas: 2
  annotations:
    example.org/owner: ml-platform
spec:
  template:
    spec:
      containers:
        - name: server
          env:
            - name: MODEL
              value: summariser
"""


def parsed(folder: Path) -> list[dict[str, Any]]:
    """The manifests of a folder in the state in which Checkov hands them to a check."""
    runner = Runner()
    runner.run(root_folder=str(folder), runner_filter=RunnerFilter(checks=["CKV_AIML_*"]))
    return [manifest for manifests in runner.definitions.values() for manifest in manifests]


def test_a_manifest_as_checkov_gives_it(tmp_path: Path) -> None:
    (tmp_path / "deployment.yaml").write_text(MANIFEST, encoding="utf-8")
    [conf] = parsed(tmp_path)
    assert conf.keys() >= LINE_MARKS and isinstance(conf["metadata"]["annotations"], list)
    manifest = Manifest(conf)
    assert (manifest.kind, manifest.api_version, manifest.api_group) == ("Deployment", "apps/v1", "apps")
    assert (manifest.name, manifest.namespace) == ("model-server", "inference")
    assert manifest.labels == {"app.kubernetes.io/part-of": "inference"}
    assert manifest.annotations == {"example.org/owner": "ml-platform"}
    assert manifest.resource_id == "Deployment.inference.model-server"
    assert manifest.read("spec.template.spec") == {
        "containers": [{"name": "server", "env": [{"name": "MODEL", "value": "summariser"}]}]
    }
    assert conf["spec"]["template"]["spec"]["containers"][0].keys() >= LINE_MARKS


def test_json_manifests_have_line_marks_too(tmp_path: Path) -> None:
    (tmp_path / "pod.json").write_text(
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "labels": {"a": "b"}}, "spec": {}}',
        encoding="utf-8",
    )
    [conf] = parsed(tmp_path)
    assert conf["metadata"]["labels"].keys() > {"a"}
    assert Manifest(conf).labels == {"a": "b"}
    assert Manifest(conf).read("spec") == {}


@pytest.mark.parametrize(
    ("conf", "path"),
    [
        ({}, "spec.replicas"),
        ({"spec": None}, "spec.replicas"),
        ({"spec": ["a"]}, "spec.replicas"),
        ({"spec": {"replicas": None}}, "spec.replicas"),
        ({"spec": "replicas"}, "spec.replicas.count"),
    ],
)
def test_what_is_not_there_reads_as_none(conf: dict[str, Any], path: str) -> None:
    assert Manifest(conf).read(path) is None


def test_nothing_is_known_of_an_empty_manifest() -> None:
    manifest = Manifest({})
    assert (manifest.kind, manifest.api_version, manifest.api_group) == ("", "", "")
    assert (manifest.name, manifest.namespace) == (None, None)
    assert (manifest.labels, manifest.annotations) == ({}, {})
    assert manifest.resource_id == ".default."


def test_a_manifest_nested_in_itself_can_be_read() -> None:
    spec: dict[str, Any] = {"__startline__": 1, "containers": []}
    spec["containers"].append(spec)
    read = Manifest({"spec": spec}).read("spec")
    assert read["containers"][0] is read and not LINE_MARKS & read.keys()


def test_a_deeply_nested_manifest_can_be_read() -> None:
    conf: dict[str, Any] = {}
    for _ in range(20_000):
        conf = {"spec": conf, "__endline__": 1}
    read = Manifest(conf).read("spec")
    while read:
        assert read.keys() == {"spec"}
        read = read["spec"]


METADATA = ["apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "spec", *sorted(LINE_MARKS)]
RBAC = ["rules", "apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs", "aggregationRule"]
KEYS = st.sampled_from(METADATA + RBAC)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=8)
    | st.sampled_from(["*", "*/scale", "Role", "ClusterRole", "rbac.authorization.k8s.io/v1", "kubeflow.org", ""])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.integers() | st.text(max_size=4), inner),
    max_leaves=20,
)
MANIFESTS = st.dictionaries(KEYS, VALUES) | st.fixed_dictionaries(
    {
        "apiVersion": st.just("rbac.authorization.k8s.io/v1"),
        "kind": st.sampled_from(["Role", "ClusterRole"]),
        "metadata": st.dictionaries(KEYS, VALUES),
        "rules": st.lists(st.dictionaries(KEYS, st.lists(SCALARS, max_size=3) | VALUES), max_size=4) | VALUES,
    },
    optional={"aggregationRule": VALUES},
)


@settings(max_examples=150, deadline=None)
@given(MANIFESTS)
def test_reading_never_raises(conf: dict[str, Any]) -> None:
    manifest = Manifest(conf)
    assert isinstance(manifest.kind, str) and isinstance(manifest.api_group, str)
    assert isinstance(manifest.resource_id, str)
    for mapping in (manifest.labels, manifest.annotations):
        assert all(isinstance(text, str) for entry in mapping.items() for text in entry)
    for key in conf:
        assert_no_line_marks(manifest.read(key))


def assert_no_line_marks(value: object) -> None:
    if isinstance(value, dict):
        assert not LINE_MARKS & value.keys()
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            assert_no_line_marks(member)


@settings(max_examples=150, deadline=None)
@given(conf=MANIFESTS)
def test_no_control_stumbles_over_any_manifest(loaded_controls: dict[str, Any], conf: dict[str, Any]) -> None:
    for control in loaded_controls.values():
        result = control.run("manifest.yaml", conf, "Role", "Role", {})
        assert isinstance(result["result"], CheckResult)
        assert not any("could not be judged" in detail for detail in control.details)


@settings(max_examples=150, deadline=None)
@given(conf=MANIFESTS, rules=st.lists(VALUES | st.dictionaries(KEYS, VALUES), max_size=4), data=st.data())
def test_a_wildcard_verb_on_core_resources_is_always_reported(
    loaded_controls: dict[str, Any], conf: dict[str, Any], rules: list[Any], data: st.DataObject
) -> None:
    verbs = data.draw(st.permutations(["*", *data.draw(st.lists(st.sampled_from(["get", "*", ""]), max_size=3))]))
    groups = data.draw(st.permutations(["", *data.draw(st.lists(st.sampled_from(["apps", "ray.io"]), max_size=2))]))
    index = data.draw(st.integers(0, len(rules)))
    rules.insert(index, {"apiGroups": groups, "resources": ["secrets"], "verbs": verbs, "__startline__": 1})
    role = {**conf, "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": rules}
    control = loaded_controls["CKV_AIML_RBAC_1"]
    result = control.run("manifest.yaml", role, "Role", "Role", {})
    assert result["result"] is CheckResult.FAILED
    assert f"rules[{index}].verbs" in result["evaluated_keys"]
    assert f"rules[{index}] grants verb * on secrets" in control.details[0]
