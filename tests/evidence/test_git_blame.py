"""Who wrote a skip, in real git repositories: and that it is not known rather than wrong."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from checkov_aiml.evidence.checkov_results import Result
from checkov_aiml.evidence.evidence_files import EvidenceError
from checkov_aiml.evidence.git_blame import Author, Checkout

CODE = """\
resource "aws_sagemaker_notebook_instance" "first" {
  name = "first"
}
resource "aws_sagemaker_notebook_instance" "second" {
  name = "second"
}
"""
SKIP = "  #checkov:skip=CKV_AIML_NET_2,CKV_AIML_NET_3:agreed\n"


def git(folder: Path, *arguments: str, author: str = "Asha Patel", day: str = "2026-09-01") -> None:
    moment = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    options = ("-c", f"user.name={author}", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", *options, *arguments], cwd=folder, env={**os.environ, **moment}, capture_output=True, check=True
    )


def skipped(path: Path | str, lines: tuple[int, int] = (4, 7), control: str = "CKV_AIML_NET_3") -> Result:
    return Result(control, "n", "HIGH", "terraform", "skipped", "infra/main.tf", str(path), "r", lines, "agreed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Asha wrote the code, and Morgan the skip in the second resource, on line 5."""
    root = tmp_path / "repository"
    (root / "infra").mkdir(parents=True)
    git(root, "init", "--quiet")
    file = root / "infra" / "main.tf"
    file.write_text(CODE, encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "code")
    file.write_text(CODE.replace('"second" {\n', f'"second" {{\n{SKIP}'), encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "skip", author="Morgan Lee", day="2026-10-14")
    return root


@pytest.mark.parametrize("control", ["CKV_AIML_NET_2", "CKV_AIML_NET_3"])
def test_author_of_the_comment_and_not_of_the_resource(repository: Path, control: str) -> None:
    author = Checkout(repository).author(skipped(repository / "infra" / "main.tf", control=control))
    assert (author.name, author.date, author.why_unknown) == ("Morgan Lee", "2026-10-14", "")
    assert len(author.commit) == 12


@pytest.mark.parametrize(
    "path",
    ["/home/runner/work/estate/infra/main.tf", "C:\\agent\\work\\infra\\main.tf", "infra/main.tf", ""],
)
def test_a_scan_on_another_machine_is_found_again(repository: Path, path: str) -> None:
    assert Checkout(repository).author(skipped(path)).name == "Morgan Lee"


def test_a_folder_of_the_checkout_will_do(repository: Path) -> None:
    assert Checkout(repository / "infra").author(skipped("/elsewhere/infra/main.tf")).name == "Morgan Lee"


@pytest.mark.parametrize(
    "skip",
    [
        skipped("infra/main.tf", lines=(1, 3)),
        skipped("infra/main.tf", control="CKV_AIML_NET_30"),
        skipped("infra/main.tf", lines=(0, 0)),
        skipped("infra/other.tf", lines=(400, 700)),
    ],
    ids=["other-resource", "other-control", "no-lines", "no-file"],
)
def test_what_is_not_found_is_not_known(repository: Path, skip: Result) -> None:
    assert Checkout(repository).author(skip) == Author(why_unknown="the comment was not found in the checkout")


def test_nothing_outside_the_checkout_is_read(repository: Path) -> None:
    """Paths in results are whatever their writer put there; a link may point anywhere."""
    outside = repository.parent / "infra"
    outside.mkdir()
    (outside / "main.tf").write_text((repository / "infra" / "main.tf").read_text(), encoding="utf-8")
    git(repository, "rm", "--quiet", "-r", "infra")
    (repository / "infra").symlink_to(outside)
    for path in (outside / "main.tf", "../infra/main.tf", "infra/main.tf", "--output=x"):
        author = Checkout(repository).author(skipped(path))
        assert author == Author(why_unknown="the comment was not found in the checkout")


def test_a_comment_that_is_not_committed(repository: Path) -> None:
    file = repository / "infra" / "main.tf"
    file.write_text(file.read_text().replace("agreed", "agreed again"), encoding="utf-8")
    assert Checkout(repository).author(skipped(file)).why_unknown == "the comment is not committed"
    (repository / "new.tf").write_text(file.read_text(), encoding="utf-8")
    file.unlink()
    skip = Result("CKV_AIML_NET_3", "n", "HIGH", "terraform", "skipped", "new.tf", "new.tf", "r", (4, 7), "agreed")
    assert Checkout(repository).author(skip).why_unknown == "git does not know the file"


def test_a_shallow_clone_blames_nobody(repository: Path, tmp_path: Path) -> None:
    """Its oldest commit looks like the author of everything: CI systems clone that way."""
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "later", author="Somebody Else")
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "clone")
    author = Checkout(tmp_path / "clone").author(skipped("infra/main.tf"))
    assert author == Author(why_unknown="the checkout is shallow: fetch its whole history")


def test_a_new_indentation_is_no_new_author(repository: Path) -> None:
    file = repository / "infra" / "main.tf"
    file.write_text(file.read_text().replace(SKIP, f"  {SKIP}"), encoding="utf-8")
    git(repository, "commit", "--quiet", "--all", "--message", "format", author="A Formatter")
    assert Checkout(repository).author(skipped(file)).name == "Morgan Lee"


def test_inside_a_git_hook(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks run with variables that name their own repository."""
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert Checkout(repository).author(skipped("infra/main.tf")).name == "Morgan Lee"


@pytest.mark.parametrize(
    "annotation",
    [
        "checkov.io/skip1: CKV_AIML_RBAC_1=agreed",
        "checkov.io/skip2: 'CKV_AIML_RBAC_1'",
        '"bridgecrew.io/skip": "CKV_AIML_RBAC_1=x"',
    ],
)
def test_annotations_of_manifests(repository: Path, annotation: str) -> None:
    manifest = f"kind: Role\nmetadata:\n  annotations:\n    {annotation}\n"
    (repository / "role.yaml").write_text(manifest, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "role", author="Kit Doe")
    skip = Result("CKV_AIML_RBAC_1", "n", "HIGH", "kubernetes", "skipped", "role.yaml", "", "r", (1, 4), "agreed")
    assert Checkout(repository).author(skip).name == "Kit Doe"


def test_a_folder_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvidenceError, match="not a git checkout"):
        Checkout(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EvidenceError, match="git is not installed"):
        Checkout(tmp_path)
