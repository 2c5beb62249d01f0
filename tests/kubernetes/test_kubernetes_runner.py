"""What is changed in Checkov's Kubernetes runner: controls are asked only what concerns them, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checkov.kubernetes.checks.resource.registry import registry

from checkov_aiml.kubernetes_view.manifest import Manifest

POD = """
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
{annotations}spec:
  containers:
    - name: web
      image: registry.example.org/web:1
{volumes}"""
SECRETS = """
  volumes:
    - name: secrets
      csi: {driver: secrets-store.csi.k8s.io, readOnly: true, volumeAttributes: {secretProviderClass: web}}
"""
MOUNTS = "CKV_AIML_SEC_8"


@pytest.fixture
def asked(loaded_controls: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the controls that a scan asks, in turn."""
    ids: list[str] = []

    def watch(control: Any) -> None:
        run = control.run

        def watched(*arguments: Any, **keywords: Any) -> Any:
            ids.append(control.id)
            return run(*arguments, **keywords)

        monkeypatch.setattr(control, "run", watched)

    for control in loaded_controls.values():
        watch(control)
    return ids


def write(folder: Path, volumes: str = "", annotations: str = "") -> None:
    (folder / "pod.yaml").write_text(POD.format(volumes=volumes, annotations=annotations), encoding="utf-8")


def test_an_object_is_asked_only_of_what_concerns_it(scan: Any, asked: list[str], tmp_path: Path) -> None:
    write(tmp_path)
    scan(tmp_path, "CKV_AIML_SEC_*", "CKV_AIML_RBAC_*")
    assert asked == ["CKV_AIML_SEC_6"]


def test_what_concerns_a_control_is_asked(scan: Any, asked: list[str], tmp_path: Path) -> None:
    write(tmp_path, SECRETS)
    scan(tmp_path, "CKV_AIML_SEC_*")
    assert {"CKV_AIML_SEC_3", "CKV_AIML_SEC_7", MOUNTS} <= set(asked)


def test_a_skip_is_reported_of_what_a_control_has_nothing_to_say_of(scan: Any, tmp_path: Path) -> None:
    write(tmp_path, annotations=f"  annotations:\n    checkov.io/skip1: {MOUNTS}=mounts are made elsewhere\n")
    [record] = scan(tmp_path, MOUNTS).skipped_checks
    assert record.check_result["suppress_comment"] == "mounts are made elsewhere"


def test_an_error_in_looking_what_concerns_a_control_is_contained(
    scan: Any, loaded_controls: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(_: Manifest) -> bool:
        raise LookupError("not to be shown")

    monkeypatch.setattr(loaded_controls[MOUNTS], "concerns_manifest", raises)
    write(tmp_path)
    [record] = scan(tmp_path, MOUNTS).failed_checks
    assert record.details == ["could not be judged: LookupError; the log of this scan holds the traceback"]


def test_settings_that_cannot_be_used_fail_what_concerns_nobody(
    scan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.txt").write_text("unresolved: [fail\n", encoding="utf-8")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "broken.txt"))
    write(tmp_path)
    [record] = scan(tmp_path, MOUNTS).failed_checks
    assert record.details[0].startswith("the settings cannot be used: ")


def test_the_registry_is_as_it_was_after_a_scan(scan: Any, loaded_controls: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path)
    scan(tmp_path, MOUNTS)
    assert loaded_controls[MOUNTS] in registry.get_checks("Pod")


def test_a_manifest_that_was_let_go_is_read_again() -> None:
    manifest = Manifest({"kind": "Role", "metadata": {"name": "r", "labels": {"a": "b"}}, "__startline__": 1})
    before = (dict(manifest.content), dict(manifest.labels))
    manifest.let_go()
    assert "content" not in vars(manifest)
    assert (
        (manifest.content, manifest.labels)
        == before
        == ({"kind": "Role", "metadata": before[0]["metadata"]}, {"a": "b"})
    )
