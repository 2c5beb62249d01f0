"""What looks like a loss and is none: `scan` has nothing to say of it, and its exit code is Checkov's own."""

from __future__ import annotations

import json
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

ONE_CONTROL = ("--check", "CKV_AIML_RBAC_1")
RESOURCE = 'resource "terraform_data" "{name}" {{\n  input = "x"\n}}\n'
BROKEN = "locals {\n  text = <<E\nhello\nE\n}\n"
WILDCARD = 'verbs: ["*"]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, write: Callable, role: Callable, plan: str) -> Path:
    """An estate in order, among files that a careless look would take for lost ones."""
    folder = write(
        tmp_path_factory.mktemp("near"),
        {
            # Terraform: whatever holds no block to judge, or is no part of the configuration.
            "main.tf": 'module "local" {\n  source = "./module"\n  name = "x"\n}\n'
            'module "each" {\n  source   = "./module"\n  for_each = toset(["a", "b"])\n  name     = each.key\n}\n'
            'module "off" {\n  source = "./not_written_yet"\n  count  = 0\n}\n' + RESOURCE.format(name="here"),
            "module/main.tf": 'variable "name" {}\nmodule "inner" {\n  source = "../inner"\n}\n',
            "inner/main.tf": RESOURCE.format(name="inner"),
            "empty.tf": "",
            "comment.tf": '/*\nresource "terraform_data" "gone" {\n}\n*/\n',
            "moved.tf": "moved {\n  from = terraform_data.old\n  to   = terraform_data.here\n}\n",
            "never.tf": 'resource "terraform_data" "never" {\n  count = 0\n}\n',
            "bom.tf": "\ufeff" + RESOURCE.format(name="bom"),
            "terragrunt.hcl": "inputs = <<E\nx\nE\n",
            "variables.tf.json": json.dumps({"variable": {"x": {"type": "string"}}}),
            ".terraform/modules/x/main.tf": BROKEN,
            ".git/hooks/main.tf": BROKEN,
            "node_modules/x/main.tf": BROKEN,
            "skipped/main.tf": BROKEN,
            "skipped/role.yaml": role("x") + "# {{ .Values.x }}\n",
            # YAML and JSON of other kinds, also malformed and templated.
            ".github/workflows/ci.yaml": "on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.ref }}\n",
            "workflows/ci.yaml": "jobs:\n  a:\n    steps:\n      - run: |\n          cat > pod.yaml <<EOF\n"
            "          apiVersion: v1\n          kind: Pod\n          EOF\n",
            "compose.yaml": 'services:\n  web:\n    image: "nginx:${TAG}"\n',
            "values.yaml": "image:\n  kind: app\n  name: '{{ .Values.x }}'\n",
            "malformed.yaml": "a: [\n",
            "kubeconfig.yaml": "apiVersion: v1\nkind: Config\nclusters:\n  - name: ${CLUSTER}\n",
            "skaffold.yaml": "apiVersion: skaffold/v4beta1\nkind: Config\nbuild: {}\n",
            "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
            "role.yaml": role("here"),
            "several.yaml": role("one") + "---\n---\n" + role("two"),
            "labelled.yaml": role("x").replace("name: x", "generateName: x-\n  labels: {app: x}"),
            "list.yaml": f"apiVersion: v1\nkind: List\nitems:\n  -\n{textwrap.indent(role('listed'), '    ')}",
            "pod.json": json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {}}),
            "allowed.yaml": "apiVersion: tool.example.com/v1\nkind: AllowList\nitems: [get, list]\n",
            "package.json": json.dumps({"name": "x", "version": "1.0.0"}),
            "tsconfig.json": "// with comments\n{}\n",
            "jsonc.json": '// with comments\n{"a": 1,}\n',
            "library/Chart.yaml": "apiVersion: v2\nname: library\ntype: library\nversion: 0.1.0\n",
            # Plans: also one of nothing, and one in the encoding that PowerShell writes.
            "plans/plan.json": plan,
            "plans/nothing.json": json.dumps(
                {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"root_module": {}}}
            ),
        },
    )
    (folder / "plans" / "utf16.json").write_bytes(plan.encode("utf-16"))
    return folder


@pytest.mark.parametrize("framework", ["all", "secrets"])
def test_estate_in_order(folder: Path, scan: Callable, framework: str) -> None:
    result = scan("-d", ".", "--skip-path", "skipped", *ONE_CONTROL, "--framework", framework, cwd=folder)
    assert result.answers["not_looked_at"] == []
    assert result.answers["controls"]["not_loaded"] == []
    assert result.exit_code == result.answers["checkov_exit_code"] == 0
    assert "everything was looked at" in result.words


def test_frameworks_that_do_not_run_have_nothing_to_lose(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable
) -> None:
    chart = {"chart/Chart.yaml": "name: chart\n", "chart/templates/role.yaml": role("{{ .Values.name }}")}
    broken = {"broken.yaml": role("x") + "  - [", "plan.json": "{"}
    write(tmp_path, {"main.tf": RESOURCE.format(name="x"), **broken, **chart})
    result = scan("-d", ".", "--framework", "terraform", *ONE_CONTROL, cwd=tmp_path)
    assert (result.exit_code, result.answers["not_looked_at"]) == (0, [])
    (tmp_path / "broken.yaml").write_text(role("x"))
    result = scan("-d", ".", "--skip-framework", "helm", *ONE_CONTROL, cwd=tmp_path)
    assert (result.exit_code, result.answers["not_looked_at"]) == (0, [])


def test_findings_keep_the_exit_code_of_checkov(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable
) -> None:
    write(tmp_path, {"role.yaml": role("x").replace("verbs: [get]", WILDCARD)})
    found = scan("-f", "role.yaml", "--framework", "kubernetes", *ONE_CONTROL, "-o", "json", cwd=tmp_path)
    assert found.exit_code == 1
    assert json.loads(found.output)["summary"]["failed"] == 1


def test_module_that_checkov_downloads_is_loaded(tmp_path: Path, write: Callable, scan: Callable) -> None:
    """The same call with and without permission to download: a repository on this disk stands for a remote one."""
    repository = write(tmp_path / "module", {"main.tf": RESOURCE.format(name="theirs")})
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "module")):
        subprocess.run([*git, *command], cwd=repository, check=True)
    write(tmp_path / "estate", {"main.tf": f'module "theirs" {{\n  source = "git::file://{repository}"\n}}\n'})
    arguments = ("-d", ".", "--framework", "terraform", *ONE_CONTROL)
    without = scan(*arguments, cwd=tmp_path / "estate")
    assert without.unlooked() == {("main.tf", "module.theirs, line 1")}
    downloaded = scan(*arguments, "--download-external-modules", "true", cwd=tmp_path / "estate")
    assert (downloaded.exit_code, downloaded.answers["not_looked_at"]) == (0, [])


def test_what_is_no_scan_gets_no_answer(tmp_path: Path, aiml: Callable) -> None:
    result = aiml("scan", "--show-config", cwd=tmp_path)
    assert result.exit_code == 0
    assert "checkov-aiml:" not in result.words
