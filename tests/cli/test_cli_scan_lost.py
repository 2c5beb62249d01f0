"""What Checkov loses in silence: it exits 0, and `scan` exits 2 and names the place."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ONE_CONTROL = ("--check", "CKV_AIML_RBAC_1")
RESOURCE = 'resource "terraform_data" "{name}" {{\n  input = "x"\n}}\n'


class Lost(NamedTuple):
    path: str
    place: str
    reason: str


class Both(NamedTuple):
    checkov: object
    scan: object


LIST = "apiVersion: v1\nkind: List\nitems:\n"


def _item(manifest: str) -> str:
    """A manifest as a member of a YAML list."""
    return "- " + textwrap.indent(manifest, "  ").lstrip()


def _modules() -> str:
    sources = {
        "registry": "terraform-aws-modules/s3-bucket/aws",
        "repository": "git::https://user:hunter2@example.com/modules.git",
        "gone": "./no_such_folder",
        "hollow": "./hollow",
        "near": "./near",
    }
    return "".join(f'module "{name}" {{\n  source = "{source}"\n}}\n' for name, source in sources.items())


IN_A_FOLDER = [
    Lost("heredoc.tf", "line 2", "heredoc tag of one letter"),
    Lost("comment.tf", "line 3", "comment inside this expression"),
    Lost("broken.tf", "line 2", "HCL parser stops here"),
    Lost("latin.tf", "", "cannot be read (UnicodeDecodeError)"),
    Lost("terraform.tfvars", "line 1", "HCL parser stops here"),
    Lost("unlabelled.tf", "", "passed over it in silence"),
    Lost("other.tf.json", "", "does not read .tf.json"),
    Lost("other.tofu", "", "OpenTofu"),
    Lost("modules.tf", "module.registry, line 1", "terraform-aws-modules/s3-bucket/aws is not downloaded"),
    Lost("modules.tf", "module.repository, line 4", "git::https://example.com/modules.git is not downloaded"),
    Lost("modules.tf", "module.gone, line 7", "folder ./no_such_folder does not exist"),
    Lost("modules.tf", "module.hollow, line 10", "folder ./hollow holds no .tf file"),
    Lost("near/main.tf", "module.far, line 1", "folder ../far does not exist"),
    Lost("templated.yaml", "", "{{ .Values or {{ .Release"),
    Lost("template_that_is_no_yaml.yaml", "", "{{ .Values or {{ .Release"),
    Lost("malformed.yaml", "line 10", "malformed"),
    Lost("malformed.json", "line 1", "malformed"),
    Lost("placeholder.yaml", "document 2", "a name in it is a placeholder"),
    Lost("generated.yaml", "", "generateName"),
    Lost("role_list.yaml", "", "a RoleList, of which Checkov reads no member"),
    Lost("nested_list.yaml", "", "a list inside a List"),
    Lost("no_metadata.yaml", "", "no metadata"),
    Lost("chart", "", "Helm chart"),
    Lost("plans/empty.json", "", "the file is empty"),
    Lost("plans/cut.json", "", "cut-off or damaged plan"),
    Lost("plans/text.json", "", "not JSON"),
    Lost("plans/state.json", "", "a state, not a plan"),
    Lost("plans/errored.json", "", "ended with an error"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, write: Callable, role: Callable, plan: str) -> Path:
    folder = write(
        tmp_path_factory.mktemp("lost"),
        {
            "heredoc.tf": "locals {\n  text = <<E\nhello\nE\n}\n",
            "comment.tf": "locals {\n  all = { for name in var.names :\n    # each of them\n    name => 1 }\n}\n",
            "broken.tf": 'resource "terraform_data" "broken" {\n  input =\n\n}\n',
            "terraform.tfvars": "names = [[\n",
            "unlabelled.tf": 'resource "terraform_data" {\n  input = "x"\n}\n',
            "other.tf.json": json.dumps({"resource": {"terraform_data": {"other": {"input": "x"}}}}),
            "other.tofu": RESOURCE.format(name="tofu"),
            "modules.tf": _modules(),
            "hollow/README.md": "nothing",
            "near/main.tf": 'module "far" {\n  source = "../far"\n}\n' + RESOURCE.format(name="near"),
            "templated.yaml": role("templated") + "# {{ .Values.verbs }}\n",
            "template_that_is_no_yaml.yaml": "{{- if .Values.on }}\n" + role("{{ .Values.name }}") + "{{- end }}\n",
            "malformed.yaml": role("malformed") + "  - [\n",
            "malformed.json": '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"',
            "placeholder.yaml": role("fine") + "---\n" + role("${NAME}"),
            "generated.yaml": role("x").replace("name:", "generateName:"),
            "role_list.yaml": LIST.replace("List", "RoleList") + _item(role("member")),
            "nested_list.yaml": LIST + _item(LIST + _item(role("inner"))) + _item(role("outer")),
            "no_metadata.yaml": re.sub(r"metadata:\n(  .*\n)+", "", role("x")),
            "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 0.1.0\n",
            "chart/values.yaml": "verbs: [get]\n",
            "chart/templates/role.yaml": role("{{ .Values.name }}"),
            "plans/empty.json": "",
            "plans/cut.json": plan[: len(plan) // 2],
            "plans/text.json": "Terraform will perform the following actions:\n",
            "plans/state.json": json.dumps({"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}),
            "plans/errored.json": plan.replace('"errored":false', '"errored":true'),
        },
    )
    (folder / "latin.tf").write_bytes(RESOURCE.format(name="caf\u00e9").encode("latin-1"))
    return folder


@pytest.fixture(scope="module")
def both(folder: Path, scan: Callable, checkov: Callable) -> Both:
    frameworks = ("-d", ".", *ONE_CONTROL, "--framework", "terraform", "terraform_plan", "kubernetes", "helm")
    return Both(checkov(*frameworks, cwd=folder), scan(*frameworks, cwd=folder))


def test_checkov_itself_exits_0(both: Both) -> None:
    assert both.checkov.exit_code == 0, both.checkov.words


def test_scan_exits_2_and_lists_nothing_else(both: Both) -> None:
    assert both.scan.exit_code == both.scan.answers["exit_code"] == 2
    assert both.scan.answers["checkov_exit_code"] == 0
    # Where helm is not installed, that it was asked for in vain is said as well.
    extra = both.scan.unlooked() - {(lost.path, lost.place) for lost in IN_A_FOLDER}
    assert extra <= {("--framework helm", "")}


@pytest.mark.parametrize("lost", IN_A_FOLDER, ids=lambda lost: f"{lost.path} {lost.place}")
def test_scan_names_what_was_lost(both: Both, lost: Lost) -> None:
    [one] = [one for one in both.scan.answers["not_looked_at"] if (one["path"], one["place"]) == lost[:2]]
    assert lost.reason in one["reason"]
    assert one["remedy"]
    line = ": ".join(part for part in (one["path"], one["place"], one["reason"], one["remedy"]) if part)
    assert line in both.scan.words.splitlines()


def test_no_secret_of_a_source_address_is_shown(both: Both) -> None:
    assert "hunter2" not in both.scan.words.split("not downloaded")[-1]
    assert "hunter2" not in json.dumps(both.scan.answers)


def test_named_files(
    tmp_path: Path, write: Callable, role: Callable, plan: str, scan: Callable, checkov: Callable
) -> None:
    write(
        tmp_path,
        {
            "plan.json": "",
            "cut.json": plan[:30],
            "list.json": "[]",
            "broken.yaml": "a: [",
            "templated.yaml": role("x") + "# {{ .Release.Name }}\n",
            "main.tf": 'module "near" {\n  source = "./near"\n}\n',
            "near/main.tf": RESOURCE.format(name="near"),
        },
    )
    names = ["plan.json", "cut.json", "list.json", "broken.yaml", "templated.yaml", "main.tf", "missing.tf"]
    arguments = ("-f", *names, "--framework", "terraform", "terraform_plan", "kubernetes", *ONE_CONTROL)
    assert checkov(*arguments, cwd=tmp_path).exit_code == 0
    result = scan(*arguments, cwd=tmp_path)
    assert result.exit_code == 2
    assert {path for path, _ in result.unlooked()} == set(names)
    assert "empty" in result.reason("plan.json")
    assert "not a plan" in result.reason("list.json")
    assert "does not exist" in result.reason("missing.tf")
    assert "with -f Checkov does not load the module" in result.reason("main.tf")


@pytest.mark.parametrize("framework", ["terraform", "kubernetes"])
def test_single_framework_scans_the_first_folder_only(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable, checkov: Callable, framework: str
) -> None:
    for name in ("first", "second"):
        write(tmp_path / name, {"main.tf": RESOURCE.format(name=name), "role.yaml": role(name)})
    arguments = ("-d", "first", "-d", "second", "--framework", framework, *ONE_CONTROL)
    assert checkov(*arguments, cwd=tmp_path).exit_code == 0
    result = scan(*arguments, cwd=tmp_path)
    assert result.exit_code == 2
    lost = "second/main.tf" if framework == "terraform" else "second/role.yaml"
    assert result.unlooked() == {(lost, "")}
    assert "read the first -d" in result.reason(lost)


def test_folder_above_another_loses_its_manifests(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable, checkov: Callable
) -> None:
    write(tmp_path, {"here/now/x": "", "there/one.yaml": role("one"), "there/two.yaml": role("two")})
    arguments = ("-d", "../../there", "--framework", "kubernetes", "terraform", *ONE_CONTROL)
    assert checkov(*arguments, cwd=tmp_path / "here" / "now").exit_code == 0
    result = scan(*arguments, cwd=tmp_path / "here" / "now")
    assert result.exit_code == 2
    assert result.unlooked() == {(str(tmp_path / "there"), "")}
    assert result.reason(str(tmp_path / "there")).startswith("2 manifests: Checkov leaves out")


def test_arguments_that_name_nothing(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable, checkov: Callable
) -> None:
    main, alone = RESOURCE.format(name="here"), RESOURCE.format(name="alone")
    write(tmp_path, {"here/role.yaml": role("here"), "here/main.tf": main, "alone.tf": alone})
    arguments = ("-d", "here", "-d", "gone", "-d", "here/main.tf", "-f", "alone.tf", "here")
    several = ("--framework", "terraform", "kubernetes", *ONE_CONTROL)
    assert checkov(*arguments, *several, cwd=tmp_path).exit_code == 0
    result = scan(*arguments, *several, cwd=tmp_path)
    assert result.exit_code == 2
    assert result.unlooked() == {("gone", ""), ("alone.tf", ""), ("here/main.tf", ""), ("here", "")}
    assert "does not exist" in result.reason("gone")
    assert "with -d Checkov ignores -f" in result.reason("alone.tf")
    assert "give it with -f" in result.words
    assert "give it with -d" in result.words


def test_framework_that_dies(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable, checkov: Callable
) -> None:
    """An external check that ends the process ends one framework's child when several run, and nobody hears of it."""
    write(
        tmp_path,
        {"checks/__init__.py": "", "checks/quits.py": "raise SystemExit(1)\n", "estate/role.yaml": role("here")},
    )
    arguments = ("-d", "estate", "--external-checks-dir", "checks", "--framework", "terraform", "kubernetes")
    try:
        assert checkov(*arguments, cwd=tmp_path, time_limit=60).exit_code == 0
    except subprocess.TimeoutExpired:
        pytest.skip("Checkov before 3.3 waits for its dead child for ever, which is not silent")
    result = scan(*arguments, cwd=tmp_path)
    assert result.exit_code == 2
    assert {("estate", "framework terraform"), ("estate", "framework kubernetes")} <= result.unlooked()
    assert "died without a report" in result.reason("estate")


def test_nothing_to_scan(tmp_path: Path, write: Callable, role: Callable, scan: Callable, checkov: Callable) -> None:
    write(tmp_path, {"role.yaml": role("x")})
    for arguments, path in (((), "the whole scan"), (("-f", "role.yaml", "--framework", "terraform"), "role.yaml")):
        assert checkov(*arguments, cwd=tmp_path).exit_code == 0
        result = scan(*arguments, cwd=tmp_path)
        assert result.exit_code == 2
        assert result.unlooked() == {(path, "")}
