"""The hooks, by the real pre-commit: from the repository, and as a hook of one's own beside Checkov's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from checkov_aiml.recipes import RECIPES

if TYPE_CHECKING:
    from conftest import Done, Machine

PERSONAL = "name,email\n" + "".join(f"Person {n},person{n}@northwick-clinic.co.uk\n" for n in range(20))
MASKED = "name,email\n" + "".join("<PERSON>,<EMAIL_ADDRESS>\n" for _ in range(20))


@pytest.fixture
def commit(machine: Machine, project: Path) -> Callable[..., Done]:
    """Write files into the project and commit them; a file without content is deleted."""

    def write_and_commit(**files: str | None) -> Done:
        for name, content in files.items():
            path = project / name
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
        return machine.run("git add --all\ngit commit --quiet --message 'A change'", project)

    return write_and_commit


def test_hooks_of_the_repository(
    machine: Machine,
    project: Path,
    commit: Callable[..., Done],
    commands: Callable[[str, str], list[str]],
    fixed: str,
) -> None:
    (project / ".pre-commit-config.yaml").write_text(RECIPES["pre-commit"].text(), encoding="utf-8")
    steps = commands("ci.md", "pre-commit")
    assert len(steps) < 5

    bad = machine.run("\n".join(steps), project)
    assert bad.exit_code == 1, bad.output
    assert "aws_sagemaker_model.fraud" in bad.output and "enable_network_isolation: not set" in bad.output

    good = commit(**{"main.tf": fixed})
    assert good.exit_code == 0, good.output

    broken = commit(**{".checkov-aiml.yaml": "unresolvd: fail\n"})
    assert broken.exit_code == 1 and ".checkov-aiml.yaml" in broken.output and "unresolvd" in broken.output, (
        broken.output
    )

    personal = commit(**{".checkov-aiml.yaml": None, "data/sample.csv": PERSONAL})
    assert personal.exit_code == 1 and "EMAIL_ADDRESS" in personal.output, personal.output
    assert "person1@northwick" not in personal.output

    masked = commit(**{"data/sample.csv": MASKED})
    assert masked.exit_code == 0, masked.output


def test_checkovs_own_hook_with_the_controls(
    machine: Machine, project: Path, commit: Callable[..., Done], fixed: str
) -> None:
    """Checkov's repository is not at hand: the hook of the same text is a local one, with Checkov as a dependency."""
    (stock,) = yaml.safe_load(RECIPES["pre-commit-stock-hook"].text())["repos"]
    (hook,) = stock["hooks"]
    needed = ["checkov", *hook["additional_dependencies"]]
    local: dict[str, Any] = {**hook, "name": "Checkov", "language": "python", "additional_dependencies": needed}
    text = yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}, sort_keys=False)
    (project / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    assert machine.run("pre-commit install", project).exit_code == 0

    bad = commit()
    assert bad.exit_code == 1 and "CKV_AIML_NET_1" in bad.output, bad.output
    assert "enable_network_isolation: not set" in bad.output
    good = commit(**{"main.tf": fixed})
    assert good.exit_code == 0, good.output
