"""Which folders `checkov-aiml scan-changed` scans: always enough, and not everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checkov_aiml.changed_files import Target, deleted_files, targets

REPOSITORY = Path(__file__).resolve().parents[2]
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: reader\nrules: []\n"
CALL = 'module "{0}" {{\n  source = "{1}"\n}}\n'
FILES = {
    "envs/prod/main.tf": CALL.format("model", "../../modules/model"),
    "envs/test/main.tf": CALL.format("network", "../../modules/network"),
    "envs/dev/main.tf": 'module "network" { source = "../../modules/network" }\n',
    "envs/dev/policies/read.json": '{"Version": "2012-10-17"}',
    "modules/model/main.tf": CALL.format("bucket", "../bucket"),
    "modules/bucket/main.tf.json": '{"resource": {}}',
    "modules/network/main.tf": "",
    "modules/network/values.tfvars": "",
    "variables/prod.tfvars": "",
    "lone/main.tf": "",
    "k8s/roles/reader.yaml": ROLE,
    "k8s/README.md": "",
    "utf16/role.yaml": "",
    "objects/pod.json": '{"kind": "Pod", "apiVersion": "v1"}',
    "plans/plan.json": '{"format_version": "1.2", "planned_values": {}}',
    "app/package.json": '{"name": "app"}',
    "app/compose.yml": "services: {}\n",
    "chart/Chart.yaml": "name: chart\n",
    "chart/values.yaml": "replicas: 1\n",
    "chart/templates/_helpers.tpl": "",
    "overlays/prod/kustomization.yaml": "resources:\n  - ../../base\n",
    "base/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\n",
    ".github/workflows/ci.yml": "on: push\n",
    ".checkov-aiml.yaml": "",
    "sub/.checkov.yaml": "",
}
WORKFLOWS = Target(".", ("--framework", "github_actions"))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with all of FILES committed; the current folder."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-16" if name.startswith("utf16") else "utf-8")
    (tmp_path / "utf16" / "role.yaml").write_text(ROLE, encoding="utf-16")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT_"))]:
        monkeypatch.delenv(name)
    git("init")
    git("add", "--all")
    git("commit", "--message", "First")
    return tmp_path


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def folders(*changed: str, deleted: Mapping[str, bytes] | None = None) -> list[str]:
    return [str(target) for target in targets(changed, deleted or {})]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # Terraform: a module through whoever calls it, directly or not.
        ("envs/prod/main.tf", ["envs/prod"]),
        ("modules/model/main.tf", ["envs/prod"]),
        ("modules/bucket/main.tf.json", ["envs/prod"]),
        ("modules/network/main.tf", ["envs"]),
        ("modules/network/values.tfvars", ["envs"]),
        ("lone/main.tf", ["lone"]),
        ("envs/dev/policies/read.json", ["envs/dev"]),
        ("variables/prod.tfvars", ["variables"]),
        # Manifests, charts and plans: their top folder.
        ("k8s/roles/reader.yaml", ["k8s"]),
        ("objects/pod.json", ["objects"]),
        ("utf16/role.yaml", ["utf16"]),
        ("plans/plan.json", ["plans"]),
        ("chart/values.yaml", ["chart"]),
        ("chart/templates/_helpers.tpl", ["chart"]),
        ("base/deployment.yaml", ["."]),
        ("overlays/prod/kustomization.yaml", ["."]),
        # What decides how everything is judged.
        (".checkov-aiml.yaml", ["."]),
        ("sub/.checkov.yaml", ["."]),
        (".github/workflows/ci.yml", [str(WORKFLOWS)]),
        # What Checkov finds nothing in for these controls.
        ("app/package.json", []),
        ("app/compose.yml", []),
        ("k8s/README.md", []),
    ],
)
@pytest.mark.usefixtures("repository")
def test_one_changed_file(changed: str, expected: list[str]) -> None:
    assert folders(changed) == expected


@pytest.mark.usefixtures("repository")
def test_several_changed_files() -> None:
    assert folders("envs/prod/main.tf", "lone/main.tf", "k8s/roles/reader.yaml") == ["envs/prod", "k8s", "lone"]
    assert folders("modules/network/main.tf", "envs/prod/main.tf") == ["envs"]
    assert folders("base/deployment.yaml", ".github/workflows/ci.yml") == ["."]
    assert folders("lone/main.tf", ".github/workflows/ci.yml") == ["lone", str(WORKFLOWS)]
    assert folders() == []


@pytest.mark.usefixtures("repository")
def test_in_doubt_more_is_scanned(tmp_path: Path) -> None:
    assert targets([], deleted=None) == [Target(".")]
    assert folders("k8s/never-written.yaml") == ["k8s"]
    with pytest.raises(ValueError, match="outside of the current folder"):
        targets(["../elsewhere.tf"], {})
    (tmp_path / "a.tf").write_text(CALL.format("b", "./b"), encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "b.tf").write_text(CALL.format("a", "../"), encoding="utf-8")
    assert folders("b/b.tf") == ["."]


@pytest.mark.usefixtures("repository")
def test_deleted_files_count_as_changed() -> None:
    for name in ("modules/bucket/main.tf.json", "k8s/roles/reader.yaml", "app/compose.yml", "lone/main.tf"):
        git("rm", "--quiet", name)
    deleted = deleted_files()
    assert deleted is not None and deleted["k8s/roles/reader.yaml"] == ROLE.encode()
    assert folders(deleted=deleted) == ["envs/prod", "k8s"]


def test_a_range_of_commits(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pre-commit names the range when it runs before a push, or with --from-ref."""
    before = git("rev-parse", "HEAD")
    git("rm", "--quiet", "objects/pod.json")
    git("commit", "--message", "Second")
    assert deleted_files() == {}
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", before)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert list(deleted_files() or ()) == ["objects/pod.json"]
    monkeypatch.chdir(repository / "k8s")
    assert deleted_files() == {}


def test_without_git_nobody_knows_what_was_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert deleted_files() is None


@pytest.fixture
def scan_changed() -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "checkov_aiml", "scan-changed", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    return run


def test_the_worst_exit_code_counts(
    repository: Path, scan_changed: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """One folder with a finding, one with a file that cannot be read: both are scanned, and 2 stands."""
    (repository / "k8s" / "roles" / "reader.yaml").write_text(
        ROLE.replace("rules: []", "rules:\n  - {apiGroups: ['*'], resources: ['*'], verbs: ['*']}"), encoding="utf-8"
    )
    (repository / "lone" / "main.tf").write_text('resource "terraform_data" "x" {\n', encoding="utf-8")
    done = scan_changed("--argument=--check=CKV_AIML_RBAC_1", "k8s/roles/reader.yaml", "lone/main.tf")
    assert done.returncode == 2, done.stderr
    assert "scanning k8s" in done.stderr and "scanning lone" in done.stderr and "lone/main.tf: line" in done.stderr
    assert "CKV_AIML_RBAC_1" in done.stdout and "CKV_K8S" not in done.stdout


@pytest.mark.usefixtures("repository")
def test_nothing_to_scan_is_quick_and_green(scan_changed: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = scan_changed("k8s/README.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert scan_changed("../elsewhere.tf").returncode == 2
