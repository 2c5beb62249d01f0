"""Controls that judge one object by another: what counts as scanned, and that nothing is lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkov.common.models.enums import CheckResult
from checkov.kubernetes.runner import Runner

from checkov_aiml.kubernetes_view import objects
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import Objects, RunnerError

RBAC = "rbac.authorization.k8s.io"


def thing(kind: str, name: str, namespace: str | None = "training", **fields: Any) -> dict[str, Any]:
    version = f"{RBAC}/v1" if "Role" in kind else "v1"
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def binding(account: str = "runner", role: str = "jobs", namespace: str | None = "training") -> dict[str, Any]:
    reference = {"apiGroup": RBAC, "kind": "Role", "name": role}
    return thing(
        "RoleBinding", "b", namespace, roleRef=reference, subjects=[{"kind": "ServiceAccount", "name": account}]
    )


def write(folder: Path, *things: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(things):
        (folder / f"object-{number}.yaml").write_text(yaml.safe_dump(one), encoding="utf-8")


def outcome(report: Any) -> str | None:
    """The one result of a report, None when there is none."""
    results = [*report.passed_checks, *report.failed_checks, *report.skipped_checks]
    assert len(results) < 2
    return results[0].check_result["result"].value if results else None


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], None),
        ([thing("ServiceAccount", "runner"), thing("Role", "jobs", rules=[])], "PASSED"),
        ([thing("ConfigMap", "c")], "FAILED"),
        ([thing("ConfigMap", "c", "elsewhere"), thing("ServiceAccount", "runner", "elsewhere")], None),
        ([thing("ServiceAccount", "runner"), thing("Role", "jobs", None, rules=[])], "PASSED"),
        ([thing("Namespace", "training", None)], None),
        ([{**binding(), "metadata": {"name": "another", "namespace": "elsewhere"}}], None),
    ],
)
def test_a_name_that_is_not_scanned(
    scan: Any, tmp_path: Path, others: list[dict[str, Any]], expected: str | None
) -> None:
    write(tmp_path, binding(), *others)
    assert outcome(scan(tmp_path, "CKV_AIML_RBAC_12")) == expected


def test_objects_without_namespace_are_together_in_their_folder(scan: Any, tmp_path: Path) -> None:
    write(
        tmp_path / "one",
        binding(namespace=None),
        thing("ServiceAccount", "runner", None),
        thing("ConfigMap", "c", None),
    )
    write(tmp_path / "two", thing("Role", "other", None, rules=[]))
    assert outcome(scan(tmp_path, "CKV_AIML_RBAC_12")) == "FAILED"
    write(tmp_path / "two", thing("Role", "jobs", None, rules=[]))
    assert outcome(scan(tmp_path, "CKV_AIML_RBAC_12")) == "PASSED"


def test_one_scan_does_not_see_the_objects_of_another(scan: Any, tmp_path: Path) -> None:
    write(tmp_path / "first", thing("ServiceAccount", "runner"), thing("Role", "jobs", rules=[]))
    write(tmp_path / "second", binding())
    scan(tmp_path / "first", "CKV_AIML_RBAC_12")
    assert outcome(scan(tmp_path / "second", "CKV_AIML_RBAC_12")) is None


def test_members_of_a_list_are_objects_of_the_scan(scan: Any, tmp_path: Path) -> None:
    things = [binding(), thing("ServiceAccount", "runner"), thing("Role", "jobs", rules=[])]
    (tmp_path / "list.json").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": things}), encoding="utf-8"
    )
    assert outcome(scan(tmp_path, "CKV_AIML_RBAC_12")) == "PASSED"


def test_skips_hold_across_objects(scan: Any, tmp_path: Path) -> None:
    skipped = binding(account="runer")
    skipped["metadata"]["annotations"] = {"checkov.io/skip1": "CKV_AIML_RBAC_12=made by the platform"}
    write(tmp_path, skipped, thing("ServiceAccount", "runner"))
    assert outcome(scan(tmp_path, "CKV_AIML_RBAC_12")) == "SKIPPED"


def test_a_crash_across_objects_is_a_failed_result(
    scan: Any, loaded_controls: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(*_: object) -> None:
        raise RuntimeError("not to be shown")

    monkeypatch.setattr(Objects, "named", raises)
    write(tmp_path, binding(), thing("ServiceAccount", "runner"))
    report = scan(tmp_path, "CKV_AIML_RBAC_12")
    assert outcome(report) == "FAILED"
    assert report.failed_checks[0].details == [
        "could not be judged: RuntimeError; the log of this scan holds the traceback"
    ]


def test_a_checkov_without_the_method_that_is_watched_is_no_silence(
    loaded_controls: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Runner, "check_definitions")
    objects.note({})
    with pytest.raises(RunnerError):
        objects.manifest_of(binding())
    result = loaded_controls["CKV_AIML_RBAC_12"].run("f.yaml", binding(), "RoleBinding", "RoleBinding", {})
    assert result["result"] is CheckResult.FAILED


def test_the_index_finds_what_there_is() -> None:
    found = Objects.of_definitions({"a/x.yaml": [thing("Role", "r"), "no object", thing("ClusterRole", "c", None)]})
    beside = Manifest(binding())
    assert found.named("Role", "r", beside) is not None and found.named("Role", "r", beside, "elsewhere") is None
    assert found.cluster_wide("ClusterRole", "c") is not None
    assert found.may_lack("Role", "other", beside, "kube-system") and not found.may_lack("Role", "other", beside)


def test_the_index_tells_api_groups_apart() -> None:
    cloud_role = {**thing("Role", "r"), "apiVersion": "iam.services.k8s.aws/v1alpha1"}
    cloud_role_of_cluster = {**thing("ClusterRole", "c", None), "apiVersion": "example.org/v1"}
    found = Objects.of_definitions({"a/x.yaml": [cloud_role, cloud_role_of_cluster]})
    assert found.named("Role", "r", Manifest(binding())) is None and found.cluster_wide("ClusterRole", "c") is None
    assert list(found.of_kind("Role", "ClusterRole")) == []


@pytest.mark.parametrize(
    ("beside", "expected"),
    [("/s/prod/bindings", "prod"), ("/s/prod", "prod"), ("/s/dev", "dev"), ("/s/other", "dev"), (None, "dev")],
)
def test_of_several_environments_the_closest_counts(beside: str | None, expected: str) -> None:
    files = {f"/s/{one}/roles/x.yaml": [thing("ClusterRole", "c", None, labels={"of": one})] for one in ("dev", "prod")}
    found = Objects.of_definitions(files).cluster_wide("ClusterRole", "c", Manifest({}, beside) if beside else None)
    assert found is not None and found.read("labels.of") == expected


@pytest.mark.parametrize(
    ("kind", "version", "fields"),
    [
        ("HelmRelease", "helm.toolkit.fluxcd.io/v2", {"targetNamespace": "training"}),
        ("HelmChart", "helm.cattle.io/v1", {"targetNamespace": "training"}),
        ("Application", "argoproj.io/v1alpha1", {"destination": {"namespace": "training"}}),
        ("ApplicationSet", "argoproj.io/v1alpha1", {"template": {"spec": {"destination": {"namespace": "training"}}}}),
    ],
)
def test_what_is_installed_elsewhere_may_be_lacking_there_only(kind: str, version: str, fields: dict[str, Any]) -> None:
    installer = {"apiVersion": version, "kind": kind, "metadata": {"name": "x", "namespace": "ops"}, "spec": fields}
    others = [thing("ConfigMap", "c", namespace) for namespace in ("training", "ops", "elsewhere")]
    found = Objects.of_definitions({"ops/x.yaml": [installer], "a/x.yaml": others})
    beside = Manifest(binding(), "a")
    assert found.may_lack("ServiceAccount", "s", beside) and found.may_lack("ServiceAccount", "s", beside, "ops")
    assert not found.may_lack("ServiceAccount", "s", beside, "elsewhere")
    assert found.may_lack("ServiceAccount", "s", Manifest(binding(), "ops"), "elsewhere")


def test_every_reason_reaches_terminal_and_json(command_line: Callable[..., Any]) -> None:
    """The insecure example fails every control of both families, and each record tells its reason in both outputs."""
    estate = Path(__file__).resolve().parents[2] / "examples" / "kubernetes" / "insecure"
    finished = command_line(estate, controls="CKV_AIML_RBAC_*,CKV_AIML_SEC_*")
    assert finished.exit_code == 1
    failed = [record for record in finished.results if record["check_result"]["result"] == "FAILED"]
    numbers = {"RBAC": range(1, 13), "SEC": range(1, 12)}
    assert {record["check_id"] for record in failed} == {f"CKV_AIML_{f}_{n}" for f, ns in numbers.items() for n in ns}
    terminal = " ".join(finished.outputs["cli"].split())
    for record in failed:
        [reason] = record["details"]
        assert " ".join(reason.split()) in terminal
        assert record["check_result"]["reason"] == reason
