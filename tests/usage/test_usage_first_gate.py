"""A new user, from nothing to a red gate on a bad file and a green one on its fix, in under five commands.

The commands are those of `docs/ci.md`, the pipeline files those that `checkov-aiml init --ci` writes; both are run as
they are written.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from checkov_aiml import loading
from checkov_aiml.recipes import RECIPES

if TYPE_CHECKING:
    from conftest import Done, Machine

REPOSITORY = Path(__file__).resolve().parents[2]
PLANS = REPOSITORY / "tests" / "fixtures" / "plans"
NUMBER = len({identifier for identifier, _ in loading.expected()})
ANSWER = f"checkov-aiml: {NUMBER} of {NUMBER} controls loaded; everything was looked at; exit code "
FOUND = "enable_network_isolation: not set"

Commands = Callable[[str, str], list[str]]


def assert_red(done: Done) -> None:
    """The gate is shut, and its log says why."""
    assert done.exit_code == 1, done.output
    assert FOUND in done.output and "CKV_AIML_NET_1" in done.output


def assert_answered(done: Done, exit_code: int) -> None:
    """The log ends as the documentation says that it must."""
    assert f"{ANSWER}{exit_code}" in done.output, done.output
    assert done.exit_code == exit_code


def test_local_shell(machine: Machine, project: Path, commands: Commands, fixed: str) -> None:
    install, scan, plain = commands("ci.md", "Local shell")
    assert_red(red := machine.run(f"{install}\n{scan}", project, every_framework=True))
    assert_answered(red, 1)
    assert_red(machine.run(plain, project))
    (project / "main.tf").write_text(fixed, encoding="utf-8")
    assert_answered(machine.run(scan, project), 0)
    assert machine.run(plain, project).exit_code == 0


def test_github_actions(installed_machine: Machine, project: Path, commands: Commands, fixed: str) -> None:
    steps = commands("ci.md", "GitHub Actions")
    assert len(steps) < 5
    written = installed_machine.run("\n".join(steps), project)
    assert written.exit_code == 0, written.output
    workflow = (project / RECIPES["github"].target).read_text(encoding="utf-8")
    script, variables = "\n".join(_github_steps(workflow)), _variables(yaml.safe_load(workflow)["env"])
    assert_red(red := installed_machine.run(script, project, **variables))
    assert_answered(red, 1)
    (project / "main.tf").write_text(fixed, encoding="utf-8")
    assert_answered(installed_machine.run(script, project, **variables), 0)


def test_container(container: Machine, project: Path, commands: Commands, fixed: str) -> None:
    clone, scan = commands("ci.md", "Container")
    assert scan.startswith("docker run ")
    container.add_program("docker", 'while [ "${1#*/checkov:}" = "$1" ]; do shift; done; shift; exec checkov "$@"')
    assert_red(container.run(f"{clone}\n{scan}", project))
    (project / "main.tf").write_text(fixed, encoding="utf-8")
    green = container.run(scan, project)
    assert green.exit_code == 0 and "CKV_AIML_NET_1" in green.output, green.output


def test_git_url(container: Machine, project: Path, commands: Commands, fixed: str) -> None:
    (scan,) = commands("ci.md", "Git URL")
    assert_red(container.run(scan, project))
    (project / "main.tf").write_text(fixed, encoding="utf-8")
    green = container.run(scan, project)
    assert green.exit_code == 0 and "CKV_AIML_NET_1" in green.output, green.output


def _github_steps(workflow: str) -> Iterator[str]:
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    yield from (step["run"] for step in job["steps"] if "run" in step)


def _variables(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _gitlab(text: str) -> tuple[str, dict[str, str]]:
    (job,) = yaml.safe_load(text).values()
    return "\n".join(job["script"]), _variables(job.get("variables", {}))


def _azure(text: str) -> tuple[str, dict[str, str]]:
    pipeline = yaml.safe_load(text)
    return "\n".join(step["bash"] for step in pipeline["steps"] if "bash" in step), _variables(pipeline["variables"])


def _jenkins(text: str) -> tuple[str, dict[str, str]]:
    variables = dict(re.findall(r"^ +(\w+) = '([^']+)'$", text, re.MULTILINE))
    return "\n".join(re.findall(r"^ +sh '([^']+)'$", text, re.MULTILINE)), variables


@pytest.mark.parametrize(
    ("name", "read"),
    [("gitlab", _gitlab), ("azure", _azure), ("jenkins", _jenkins)],
    ids=["gitlab", "azure", "jenkins"],
)
def test_other_pipelines(
    installed_machine: Machine,
    project: Path,
    fixed: str,
    name: str,
    read: Callable[[str], tuple[str, dict[str, str]]],
) -> None:
    script, variables = read(RECIPES[name].text())
    assert script.count("\n") in (1, 2) and list(variables) == ["CHECKOV_AIML"]
    red = installed_machine.run(script, project, **variables)
    assert_red(red)
    assert_answered(red, 1)
    assert "<failure" in (project / "checkov.xml").read_text(encoding="utf-8")
    if name == "gitlab":  # The last command is the same in all.
        (project / "main.tf").write_text(fixed, encoding="utf-8")
        assert_answered(installed_machine.run(script.splitlines()[-1], project, **variables), 0)


def test_gitlab_with_the_container(container: Machine, project: Path) -> None:
    script, variables = _gitlab(RECIPES["gitlab-container"].text())
    red = container.run(script.replace("python3", str(container.programs / "python")), project, **variables)
    assert_red(red)
    assert f"{NUMBER} controls load" in red.output


@pytest.mark.parametrize("name", ["github-action-dirs", "github-action-repos"])
def test_checkov_action(container: Machine, clone: Path, project: Path, name: str) -> None:
    """The action's container turns its inputs into options, in the way of its entry point."""
    job = yaml.safe_load(RECIPES[name].text())["jobs"]["scan"]
    for step in job["steps"]:
        if "repository" in step.get("with", {}):  # The action that checks a repository out.
            assert step["uses"].startswith("actions/checkout@")
            container.run(f"git clone --quiet {clone.as_uri()} {step['with']['path']}", project)
    script = "\n".join([*(step["run"] for step in job["steps"] if "run" in step), _action(job["steps"][-1]["with"])])
    assert_red(container.run(script, project))


def _action(inputs: Mapping[str, Any]) -> str:
    """The command of checkov-action: https://github.com/bridgecrewio/checkov/tree/main/github_action_resources."""
    options = {
        "directory": "-d",
        "external_checks_dirs": "--external-checks-dir",
        "external_checks_repos": "--external-checks-git",
        "skip_path": "--skip-path",
        "output_format": "--output",
        "skip_download": "--skip-download",
        "quiet": "--quiet",
        "compact": "--compact",
    }
    words = ["checkov"]
    for name, value in inputs.items():
        words += [options[name]] if value is True else [options[name], shlex.quote(str(value))]
    return " ".join(words)


@pytest.fixture
def planning_machine(installed_machine: Machine, tmp_path: Path) -> tuple[Machine, dict[str, str]]:
    """The machine with a `terraform` that plans what a committed plan holds: variables that lead to it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    installed_machine.add_program(
        "terraform",
        'case $1 in init) ;; plan) for last; do :; done; echo plan > "${last#-out=}" ;;\n'
        'show) test -s "$3" && cat "$COMMITTED_PLAN" ;; esac',
        programs,
    )
    return installed_machine, {"PATH": f"{programs}:{installed_machine.environment['PATH']}"}


def _plan_gate() -> str:
    return RECIPES["plan-gate"].text()


def _github_plan_gate() -> str:
    return "\n".join(_github_steps(RECIPES["github-plan-gate"].text()))


def _atlantis() -> str:
    steps = yaml.safe_load(RECIPES["atlantis"].text())["workflows"]["checkov-aiml"]["plan"]["steps"]
    built_in = {"init": "terraform init", "plan": 'terraform plan -out="$PLANFILE"'}
    return "\n".join(built_in[step] if isinstance(step, str) else step["run"] for step in steps)


@pytest.mark.parametrize("script", [_plan_gate, _github_plan_gate, _atlantis])
def test_plan_gate(planning_machine: tuple[Machine, dict[str, str]], project: Path, script: Callable[[], str]) -> None:
    machine, variables = planning_machine
    variables["PLANFILE"] = "atlantis.bin"
    variables["CHECKOV_AIML"] = "checkov-aiml"  # Installed already.
    variables["COMMITTED_PLAN"] = str(PLANS / "aws-insecure.json")
    red = machine.run(script(), project, **variables)
    assert_answered(red, 1)
    assert "CKV_AIML_NET_1" in red.output


def test_plan_gate_opens_and_refuses_what_is_no_plan(
    planning_machine: tuple[Machine, dict[str, str]], project: Path
) -> None:
    machine, variables = planning_machine
    shutil.copytree(REPOSITORY / "examples" / "aws" / "secure" / "samples", project / "samples")
    secure = {**variables, "COMMITTED_PLAN": str(PLANS / "aws-secure.json")}
    # The secure example keeps to these controls; its README says where it departs from Checkov's own.
    assert_answered(machine.run(f"{_plan_gate().rstrip()} --check 'CKV_AIML_*'", project, **secure), 0)
    cut_off = project / "cut-off.txt"
    cut_off.write_bytes((PLANS / "aws-secure.json").read_bytes()[:9000])
    done = machine.run(_plan_gate(), project, **{**variables, "COMMITTED_PLAN": str(cut_off)})
    assert done.exit_code == 2 and "cut-off or damaged plan" in done.output, done.output
