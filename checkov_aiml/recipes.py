"""Ready-made pipeline files: the documentation shows them, `checkov-aiml init --ci` writes them, the tests run them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data" / "ci"
"""Where they are. Checkov parses every `.yaml` and `.yml` of a repository that is its checks directory, and stops at a
second document or a tag: each file here is one plain mapping. No name equals that of a Python module."""


@dataclass(frozen=True)
class Recipe:
    """A file of `data/ci`, and where a user's repository has it."""

    file: str
    target: str

    def text(self) -> str:
        return (FOLDER / self.file).read_text(encoding="utf-8")


RECIPES: Mapping[str, Recipe] = {
    "github": Recipe("github-actions.yml", ".github/workflows/checkov-aiml.yml"),
    "github-action-dirs": Recipe("github-action-dirs.yml", ".github/workflows/checkov.yml"),
    "github-action-repos": Recipe("github-action-repos.yml", ".github/workflows/checkov.yml"),
    "github-plan-gate": Recipe("github-plan-gate.yml", ".github/workflows/plan-gate.yml"),
    "gitlab": Recipe("gitlab-ci.yml", ".gitlab-ci.yml"),
    "gitlab-container": Recipe("gitlab-ci-container.yml", ".gitlab-ci.yml"),
    "azure": Recipe("azure-pipelines.yml", "azure-pipelines.yml"),
    "jenkins": Recipe("Jenkinsfile", "Jenkinsfile"),
    "atlantis": Recipe("atlantis.yaml", "atlantis.yaml"),
    "plan-gate": Recipe("plan-gate.sh", "plan-gate.sh"),
    "pre-commit": Recipe("pre-commit-config.yaml", ".pre-commit-config.yaml"),
    "pre-commit-stock-hook": Recipe("pre-commit-stock-hook.yaml", ".pre-commit-config.yaml"),
    "checkov": Recipe("checkov-config.yaml", ".checkov.yaml"),
}
"""What `--ci` takes."""


def write(recipe: Recipe) -> Path:
    """Write it below the current folder. Raises `FileExistsError` when its file exists, `OSError` when it cannot."""
    path = Path(recipe.target)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(recipe.text())
    return path
