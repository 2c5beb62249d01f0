"""What `scan` answers beside files: settings, accepted paths, exemptions, controls, crashes, open questions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checkov_aiml import loading

BROKEN = "locals {\n  text = <<E\nhello\nE\n}\n"
NOTEBOOK = """
variable "access" {
  type = string
}

resource "aws_sagemaker_notebook_instance" "open_question" {
  name                   = "n"
  role_arn               = "arn:aws:iam::111122223333:role/r"
  instance_type          = "ml.t3.medium"
  direct_internet_access = var.access
}
"""


def test_accepted_paths_are_listed_and_not_failed(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable
) -> None:
    """By path, by folder, by pattern, and one place in a file; relative to the settings file, not to the folder."""
    settings = {
        "accepted_paths": [
            {"path": "estate/broken.tf", "reason": "by path"},
            {"path": "estate/legacy", "reason": "by folder"},
            {"path": "estate/*/templated.yaml", "reason": "by pattern"},
            {"path": "estate/main.tf:module.far*", "reason": "by place"},
        ]
    }
    templated = role("x") + "# {{ .Values.x }}\n"
    estate = {
        "broken.tf": BROKEN,
        "legacy/deep/broken.tf": BROKEN,
        "apps/templated.yaml": templated,
        "main.tf": 'module "far" {\n  source = "a/b/c"\n}\nmodule "gone" {\n  source = "./gone"\n}\n',
        "templated.yaml": templated,
    }
    write(tmp_path / "estate", estate)
    write(tmp_path, {".checkov-aiml.yaml": json.dumps(settings)})
    arguments = ("-d", ".", "--framework", "terraform", "kubernetes", "--check", "CKV_AIML_RBAC_1")
    result = scan(*arguments, cwd=tmp_path / "estate")
    assert result.exit_code == 2
    assert result.unlooked() == {("main.tf", "module.gone, line 4"), ("templated.yaml", "")}
    accepted = {one["path"]: one["accepted_because"] for one in result.answers["accepted"]}
    assert accepted == {
        "broken.tf": "by path",
        "legacy/deep/broken.tf": "by folder",
        "apps/templated.yaml": "by pattern",
        "main.tf": "by place",
    }
    assert "broken.tf: line 2: accepted by the settings: by path" in result.words.splitlines()


@pytest.mark.parametrize("frameworks", [("kubernetes",), ("terraform", "kubernetes"), ("dockerfile",)], ids="-".join)
def test_settings_that_cannot_be_used(
    tmp_path: Path, write: Callable, role: Callable, scan: Callable, frameworks: tuple[str, ...]
) -> None:
    write(tmp_path, {"role.yaml": role("x"), ".checkov-aiml.yaml": "regions:\n  aws: eu-west-2\n"})
    result = scan("-d", ".", "--framework", *frameworks, "--check", "CKV_AIML_*", cwd=tmp_path)
    assert result.exit_code == 2
    [first, *_] = [line for line in result.words.splitlines() if ".checkov-aiml.yaml" in line]
    assert first.startswith(f"{tmp_path / '.checkov-aiml.yaml'}: regions.aws: ")
    assert result.answers["settings_error"] == first


def test_exemptions_in_force_are_listed(tmp_path: Path, write: Callable, role: Callable, scan: Callable) -> None:
    entry = {"control": "CKV_AIML_RBAC_1", "reason": "agreed", "owner": "platform team"}
    current, expired = (
        {**entry, "resource": f"*.{name}", "expires": date}
        for name, date in (("current", "2999-01-01"), ("expired", "2001-01-01"))
    )
    roles = "---\n".join(role(name).replace("[get]", '["*"]') for name in ("current", "expired"))
    write(tmp_path, {"roles.yaml": roles, ".checkov-aiml.yaml": json.dumps({"exemptions": [current, expired]})})
    result = scan("-d", ".", "--framework", "kubernetes", "--check", "CKV_AIML_RBAC_1", cwd=tmp_path)
    assert result.exit_code == 1
    [exemption] = result.answers["exemptions"]
    assert exemption == {
        "id": "CKV_AIML_RBAC_1",
        "address": "Role.default.current",
        "owner": "platform team",
        "expires": "2999-01-01",
    }
    line = "Role.default.current: CKV_AIML_RBAC_1 is exempted by platform team until 2999-01-01"
    assert line in result.words.splitlines()


def test_what_stayed_undecided_is_the_last_line(tmp_path: Path, write: Callable, scan: Callable) -> None:
    write(tmp_path, {"main.tf": NOTEBOOK})
    result = scan("-d", ".", "--framework", "terraform", "kubernetes", "--check", "CKV_AIML_NET_3", cwd=tmp_path)
    assert result.exit_code == 0
    assert result.answers["undecided"] == [
        {
            "address": "aws_sagemaker_notebook_instance.open_question",
            "attribute": "direct_internet_access",
            "controls": ["CKV_AIML_NET_3"],
        }
    ]
    assert result.words.splitlines()[-1] == "1 attribute unresolved in HCL: scan the plan to decide it"


def test_control_that_crashes_and_control_that_does_not_load(
    copied_package: Path, add_control: Callable, tmp_path: Path, write: Callable, role: Callable, scan: Callable
) -> None:
    crashing = add_control("rbac_901_crashing.py", "CKV_AIML_RBAC_901", "raise KeyError('gone')")
    crashing.with_name("rbac_902_broken.py").write_text("import no_such_module_anywhere\n")
    estate = write(tmp_path / "estate", {"role.yaml": role("x")})
    arguments = ("-d", ".", "--framework", "kubernetes", "--check", "CKV_AIML_RBAC_9*", "--soft-fail")
    result = scan(*arguments, cwd=estate, package=copied_package)
    assert result.exit_code == 2
    assert result.answers["checkov_exit_code"] == 0
    crash = {"id": "CKV_AIML_RBAC_901", "address": "Role.default.x", "error": "KeyError"}
    assert crash in result.answers["crashed"]
    assert "Role.default.x: CKV_AIML_RBAC_901 could not be judged (KeyError)" in result.words
    every = len({identifier for identifier, _ in loading.expected()})
    lost = {"id": "CKV_AIML_RBAC_902", "framework": "kubernetes"}
    assert result.answers["controls"] == {"expected": every + 2, "loaded": every + 1, "not_loaded": [lost]}
    assert "CKV_AIML_RBAC_902 (kubernetes): not loaded" in result.words


def test_external_checks_beside_ours(tmp_path: Path, write: Callable, role: Callable, scan: Callable) -> None:
    """A folder of the user's own is loaded beside the controls, a repository replaces them."""
    repository = write(tmp_path / "checks", {"__init__.py": "", "theirs.py": "print('theirs loaded')\n"})
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "checks")):
        subprocess.run([*git, *command], cwd=repository, check=True)
    configuration = f"external-checks-dir: [{repository}]\nframework: [kubernetes]\n"
    estate = write(tmp_path / "estate", {"role.yaml": role("x"), "checkov.yaml": configuration})
    beside = scan("-d", ".", "--config-file", "checkov.yaml", "--check", "CKV_AIML_*", cwd=estate)
    assert beside.exit_code == 0
    assert "theirs loaded" in beside.output
    url = f"file://{repository}"
    replaced = scan("-d", ".", "--framework", "kubernetes", "--external-checks-git", url, cwd=estate)
    assert replaced.exit_code == 2
    assert replaced.answers["controls"]["loaded"] == 0
    assert "--external-checks-git: with it Checkov ignores every --external-checks-dir" in replaced.words


def test_answers_that_cannot_be_written(tmp_path: Path, write: Callable, role: Callable, aiml: Callable) -> None:
    write(tmp_path, {"role.yaml": role("x")})
    arguments = ("-f", "role.yaml", "--framework", "kubernetes", "--answers", "no/such/folder/answers.json")
    result = aiml("scan", *arguments, cwd=tmp_path)
    assert result.exit_code == 2
    assert "no/such/folder/answers.json: cannot be written" in result.words


def test_arguments_that_checkov_refuses(tmp_path: Path, scan: Callable) -> None:
    result = scan("--no-such-option", cwd=tmp_path)
    assert result.exit_code == result.answers["exit_code"] == 2
    assert "unrecognized arguments: --no-such-option" in result.words
