"""The pipeline files: valid by their schemas, pinned, with few rights, shown as they are, and never overwritten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from checkov_aiml import __version__, settings_file
from checkov_aiml.cli import main
from checkov_aiml.recipes import FOLDER, RECIPES

if TYPE_CHECKING:
    from conftest import Machine

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = [FOLDER / recipe.file for name, recipe in RECIPES.items() if name.startswith("github")] + OURS


class _Yaml12(yaml.SafeLoader):
    """YAML as GitHub, GitLab and Azure read it: `on` is a word and no boolean."""


_Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Yaml12)


def _errors(schema_name: str, document: Any) -> list[str]:
    """What the schema that SchemaStore and the vendors publish says of it."""
    text = (files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema_name}.json").read_text(
        encoding="utf-8"
    )
    schema = json.loads(text)
    return [error.message for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(document)]


SCHEMAS = [
    *(("github-workflows", path) for path in WORKFLOWS),
    *(("gitlab-ci", FOLDER / RECIPES[name].file) for name in ("gitlab", "gitlab-container")),
    ("azure-pipelines", FOLDER / RECIPES["azure"].file),
]


@pytest.mark.parametrize(("schema", "path"), SCHEMAS, ids=[path.name for _, path in SCHEMAS])
def test_pipeline_files_keep_to_their_schemas(schema: str, path: Path) -> None:
    assert _errors(schema, _load(path)) == []


def test_schemas_refuse_what_is_wrong() -> None:
    workflow = _load(WORKFLOWS[0])
    workflow["jobs"]["scan"]["step"] = []
    assert _errors("github-workflows", workflow)
    assert _errors("gitlab-ci", {"job": {"script": 1}})
    assert _errors("azure-pipelines", {"steps": [{"bash": "true", "display_name": "x"}]})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_few_rights_and_pinned_actions(path: Path) -> None:
    workflow = _load(path)
    allowed = {"contents": "read"} | ({"id-token": "write"} if "plan-gate" in path.name else {})
    assert workflow["permissions"] == allowed
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] and "permissions" not in job
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] in (False, "false")
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) for action, _ in used)
    assert all(re.match(r" # v\d+\.\d+\.\d+", comment) for _, comment in used)


def test_one_action_has_one_pin() -> None:
    used = {
        action for path in WORKFLOWS for action in re.findall(r"uses: (\S+ # v\S+)", path.read_text(encoding="utf-8"))
    }
    assert len({action.partition("@")[0] for action in used}) == len(used)


def test_every_file_names_this_version() -> None:
    """At the URL that stands for a user's copy: `v` and the version, wherever a tag is named."""
    page = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
    texts = [page, *(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())]
    tags = [
        tag
        for text in texts
        for tag in re.findall(r"(?:@|tags/|--branch |ref: |rev: |tag\n?\W*)v(\d+\.\d+\.\d+)", text)
    ]
    ours = [tag for text in texts for tag in re.findall(r"checkov-aiml\.git(?:@|\?ref=tags/)v([\d.]+\d)", text)]
    assert ours and set(ours) == {__version__} == set(tags)


def test_pages_show_the_files_as_they_are() -> None:
    command = [sys.executable, REPOSITORY / "scripts" / "include_recipes.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/include_recipes.py: {done.stdout}"
    page = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
    assert {recipe.file for recipe in RECIPES.values()} == {path.name for path in FOLDER.iterdir()}
    assert [
        name for name, recipe in RECIPES.items() if f"<!-- file: checkov_aiml/data/ci/{recipe.file} -->" not in page
    ] == []
    assert [name for name in RECIPES if name != "pre-commit-stock-hook" and f"--ci {name}`" not in page] == []


@pytest.mark.parametrize("name", RECIPES)
def test_init_writes_it_and_never_overwrites(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = RECIPES[name]
    printed = CliRunner().invoke(main, ["init", "--ci", name, "--print"])
    assert printed.output == recipe.text() and not list(tmp_path.iterdir())
    written = CliRunner().invoke(main, ["init", "--ci", name])
    assert written.output == f"{recipe.target} written\n"
    assert (tmp_path / recipe.target).read_text(encoding="utf-8") == recipe.text()
    (tmp_path / recipe.target).write_text("mine\n", encoding="utf-8")
    again = CliRunner().invoke(main, ["init", "--ci", name])
    assert again.exit_code == 2 and f"{recipe.target}: exists already" in again.output
    assert (tmp_path / recipe.target).read_text(encoding="utf-8") == "mine\n"


def test_init_prints_settings_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(main, ["init", "--print"])
    assert printed.output == settings_file.text() and not list(tmp_path.iterdir())
    (tmp_path / ".github").write_text("a file", encoding="utf-8")
    refused = CliRunner().invoke(main, ["init", "--ci", "github"])
    assert refused.exit_code == 2 and ".github" in refused.output


def test_checkov_configuration(
    installed_machine: Machine, project: Path, fixed: str, clone: Path, commands: Callable[[str, str], list[str]]
) -> None:
    """As shipped, by `scan` and by Checkov itself, and with its commented settings taken in."""
    text = RECIPES["checkov"].text()
    (project / ".checkov.yaml").write_text(text, encoding="utf-8")
    (project / "elsewhere.yaml").write_text(re.sub(r"^#(?=[a-z-]+:)", "", text, flags=re.MULTILINE), encoding="utf-8")
    (project / ".checkov-aiml").symlink_to(clone)
    scan = "checkov-aiml scan -d ."
    red = installed_machine.run(scan, project, every_framework=True)
    assert red.exit_code == 1 and "FAILED for resource" in red.output and "PASSED for resource" not in red.output
    assert "CKV_AWS_370" in red.output and "CKV_AIML_NET_1" in red.output and "everything was looked at" in red.output
    plain = installed_machine.run("checkov -d . --config-file elsewhere.yaml", project, every_framework=True)
    assert plain.exit_code == 1 and "CKV_AIML_NET_1" in plain.output and "CKV_AWS_370" not in plain.output, plain.output
    (project / "main.tf").write_text(fixed, encoding="utf-8")
    assert installed_machine.run(scan, project, every_framework=True).exit_code == 0


def test_our_own_workflows_use_them(installed_machine: Machine) -> None:
    """With the same actions, and the step that scans: Checkov and these controls find nothing wrong in them."""
    recipe = _load(FOLDER / RECIPES["github"].file)["jobs"]["scan"]["steps"]
    actions = {step["uses"] for step in recipe if "uses" in step}
    ours = {path.name: [step for job in _load(path)["jobs"].values() for step in job["steps"]] for path in OURS}
    assert ours.keys() == {"self-scan.yml", "tests.yml"}
    assert all(actions == {step["uses"] for step in steps if "uses" in step} for steps in ours.values())
    (scan,) = (step["run"] for step in ours["self-scan.yml"] if step.get("name") == "Scan the pipelines")
    assert scan.startswith("checkov-aiml scan -d . ")
    done = installed_machine.run(scan, REPOSITORY)
    assert done.exit_code == 0 and "everything was looked at" in done.output, done.output
