"""The pods that objects make, and which of the objects are AI/ML workloads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkov_aiml import settings
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.pods import POD_KINDS, SHAPES, is_ai_workload, pods_of


def nested(path: str, inner: Any) -> Any:
    for step in reversed(path.split(".")):
        name = step.removesuffix("[]")
        inner = {"Worker" if name == "*" else name: [inner] if step.endswith("[]") else inner}
    return inner


PLACES = [(kind, shape, path) for kind, shapes in SHAPES.items() for shape in shapes for path in shape.paths]


@pytest.mark.parametrize(("kind", "shape", "path"), PLACES)
def test_each_place_of_each_kind_holds_a_pod(kind: str, shape: Any, path: str) -> None:
    spec = {"serviceAccountName": "a", "containers": [{"name": "c"}], "volumes": [{"name": "v"}]}
    if shape.groups == ("argoproj.io",) and kind != "Rollout":
        spec = {"serviceAccountName": "a", "volumes": [{"name": "v"}], "templates": [{"container": {"name": "c"}}]}
    if shape.groups == ("sparkoperator.k8s.io",):
        spec = {"serviceAccount": "a", "template": {"spec": {"volumes": [{"name": "v"}]}}, "name": "c"}
    group = shape.groups[0] if shape.groups else "apps"
    manifest = Manifest({"apiVersion": f"{group}/v1", "kind": kind, **nested(path, spec)})
    pod = next(one for one in pods_of(manifest) if one.volumes)
    assert pod.service_account == ("" if "ServingRuntime" in kind else "a")
    assert [volume["name"] for _, volume in pod.volumes] == ["v"]
    assert [container["name"] for _, container in pod.containers if "name" in container] == ["c"]
    assert is_ai_workload(manifest) is shape.ai
    assert path in POD_KINDS[kind]


def test_an_account_that_an_operator_makes_has_no_name_yet() -> None:
    kind = {"apiVersion": "ray.io/v1", "kind": "RayCluster"}
    for scaling, account in ((True, ""), (False, "default"), (None, "default")):
        spec = {"enableInTreeAutoscaling": scaling, "headGroupSpec": {"template": {"spec": {}}}}
        assert [pod.service_account for pod in pods_of(Manifest({**kind, "spec": spec}))] == [account]


def test_the_account_of_spark_executors_is_the_drivers_since_3_1() -> None:
    kind = {"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication"}
    for version, account in (("2.4.8", "default"), ("3.0.1", "default"), ("3.1.1", "d"), ("4.0.0", "d"), (None, "d")):
        spec = {"sparkVersion": version, "driver": {"serviceAccount": "d"}, "executor": {}}
        assert [pod.service_account for pod in pods_of(Manifest({**kind, "spec": spec}))] == ["d", account]


def test_what_argo_templates_leave_out_is_the_defaults_then_the_workflows() -> None:
    spec = {
        "serviceAccountName": "workflow",
        "volumes": [{"name": "workflow"}],
        "templateDefaults": {"serviceAccountName": "defaults", "volumes": [{"name": "defaults"}]},
        "templates": [{"container": {"image": "i"}, "serviceAccountName": "template"}, {"script": {"image": "i"}}],
    }
    pods = pods_of(Manifest({"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": spec}))
    assert [pod.service_account for pod in pods] == ["template", "defaults"]
    assert [volume["name"] for _, volume in pods[0].volumes] == ["defaults", "workflow"]


@pytest.mark.parametrize("group", ["example.org", "serving.example.org"])
def test_kinds_of_other_groups_are_others(group: str) -> None:
    manifest = Manifest({"apiVersion": f"{group}/v1", "kind": "Notebook", "spec": {"template": {"spec": {}}}})
    assert pods_of(manifest) == [] and not is_ai_workload(manifest)


DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "d", "namespace": "ml-serving", "labels": {"team": "ml"}},
    "spec": {
        "template": {
            "metadata": {"labels": {"role": "model"}},
            "spec": {"initContainers": [{"image": "registry.example.org/ml/server:1"}]},
        }
    },
}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({}, False),
        ({"namespaces": ["ml-*"]}, True),
        ({"namespaces": ["ml"]}, False),
        ({"labels": {"team": "ml"}}, True),
        ({"labels": {"role": "model"}}, True),
        ({"labels": {"team": "web"}}, False),
        ({"images": ["registry.example.org/ml/*"]}, True),
        ({"images": ["docker.io/*"]}, False),
    ],
)
def test_the_settings_mark_workloads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: dict[str, Any], expected: bool
) -> None:
    file = tmp_path / "settings.txt"
    file.write_text(json.dumps({"kubernetes": marks}), encoding="utf-8")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(file))
    settings.forget()
    assert is_ai_workload(Manifest(DEPLOYMENT)) is expected


def test_what_is_no_pod_spec_is_passed_over() -> None:
    broken = {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "spec": {"workerGroupSpecs": "none", "headGroupSpec": [1]},
    }
    assert pods_of(Manifest(broken)) == []
