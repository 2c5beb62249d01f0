"""Releases that anyone can build again, a bill of materials, and controls that nobody changes unnoticed."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from checkov_aiml import __version__, recipes

if TYPE_CHECKING:
    from conftest import Done, Machine

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPTS = REPOSITORY / "scripts"
VERIFIES = Version(importlib.metadata.version("checkov")) >= Version("3.2.532")


def _succeed(*command: str | Path, cwd: Path, umask: int = -1, **variables: str) -> str:
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, umask=umask)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_same_commit_gives_the_same_bytes(clone: Path, tmp_path: Path) -> None:
    """In another folder, at another time, with other access rights, another umask and another time zone."""
    packages = tmp_path / "packages"
    if Version(importlib.metadata.version("setuptools")) < Version("77"):
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--target", packages)
        _succeed(*pip, "setuptools>=77", cwd=tmp_path)
    here, there = tmp_path / "here", tmp_path / "there" / "deeper"
    for copy in (here, there):
        shutil.copytree(clone, copy)
    os.utime(there / "setup.cfg", (0, 10**9))
    (there / "setup.cfg").chmod(0o600)
    (there / "checkov_aiml" / "never_committed.py").write_text("", encoding="utf-8")
    variables = {"PYTHONPATH": str(packages)}
    build = (sys.executable, "scripts/make_distributions.py", "dist")
    _succeed(*build, cwd=here, umask=0o022, TZ="UTC", **variables)
    _succeed(*build, cwd=there, umask=0o077, TZ="Asia/Tokyo", LC_ALL="C", **variables)
    first, second = ({path.name: path for path in (copy / "dist").iterdir()} for copy in (here, there))
    assert sorted(first) == [f"checkov_aiml-{__version__}-py3-none-any.whl", f"checkov_aiml-{__version__}.tar.gz"]
    assert {name: path.read_bytes() for name, path in first.items()} == {
        name: path.read_bytes() for name, path in second.items()
    }
    wheel, sdist = (first[name] for name in sorted(first))
    files = {f"checkov_aiml/data/ci/{recipe.file}" for recipe in recipes.RECIPES.values()}
    assert files <= set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(sdist) as packed:
        members = packed.getmembers()
    assert files <= {member.name.partition("/")[2] for member in members}
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    assert {member.mode for member in members if member.isfile()} <= {0o644, 0o755}


def test_bill_of_materials(installed_machine: Machine, tmp_path: Path) -> None:
    """Of the machine with the package: `make sbom` makes an environment of its own."""
    out = tmp_path / "bom.json"
    script = [
        sys.executable,
        SCRIPTS / "make_sbom.py",
        "no.whl",
        out,
        "--python",
        installed_machine.programs / "python",
    ]
    _succeed(*script, cwd=tmp_path, PYTHONPATH=installed_machine.environment["PYTHONPATH"])
    bill = json.loads(out.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    components = {component["name"]: component for component in bill["components"]}
    assert components["checkov-aiml"]["version"] == __version__
    assert {"checkov", "click", "pydantic"} <= components.keys()
    assert components["checkov"]["purl"].startswith("pkg:pypi/checkov@")
    needed = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    assert components["checkov"]["bom-ref"] in needed[components["checkov-aiml"]["bom-ref"]]


@pytest.mark.skipif(not VERIFIES, reason="Checkov verifies signatures from 3.2.532 on")
def test_signed_controls(
    container: Machine, clone: Path, project: Path, tmp_path: Path, commands: Callable[[str, str], list[str]]
) -> None:
    """Checkov runs the controls as they were signed, and refuses to scan with any other."""
    *make_keys_and_sign, scan = commands("ci.md", "Signed controls")
    repository = tmp_path / "repository"
    shutil.copytree(clone, repository)
    assert (made := container.run("\n".join(make_keys_and_sign), repository)).exit_code == 0, made.output
    for name in ("build", "public.pem"):
        (project / name).symlink_to(repository / name)
    package = repository / "build" / "signed" / "checkov_aiml"

    def scanned(key: str = "public.pem") -> Done:
        return container.run(f"{scan} --quiet --framework terraform".replace("public.pem", key), project)

    genuine = scanned()
    assert genuine.exit_code == 1 and "CKV_AIML_NET_1" in genuine.output, genuine.output

    def assert_refused(done: Done, *names: str) -> None:
        assert done.exit_code == 2, done.output
        assert "refusing to run the scan" in done.output and "terraform scan results" not in done.output
        assert all(name in done.output for name in names)

    control, helper = next(package.glob("checks/terraform/net/net_1_*.py")), package / "verdict.py"
    added = package / "checks" / "terraform" / "net" / "net_99_added.py"
    with _changed(control, "judge", "judged"), _changed(helper, "PASSED", "FAILED"), _changed(added, "", "import os\n"):
        assert_refused(scanned(), control.name, helper.name, added.name)
    with _changed(helper, "PASSED", "FAILED"):
        assert_refused(scanned(), helper.name)
    other = "openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -out other.pem"
    assert container.run(other, project).exit_code == 0
    assert_refused(scanned("other.pem"), "signature verification failed")


@contextlib.contextmanager
def _changed(path: Path, old: str, new: str) -> Iterator[None]:
    """A file with another text for a while; a new one where there was none."""
    original = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((original or "").replace(old, new, 1), encoding="utf-8")
    yield
    if original is None:
        path.unlink()
    else:
        path.write_text(original, encoding="utf-8")


def test_signing_says_what_is_wrong(tmp_path: Path) -> None:
    def sign(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, SCRIPTS / "sign_checks.py", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    missing = sign("missing.pem")
    assert missing.returncode != 0 and "missing.pem" in missing.stderr
    assert not (tmp_path / "build" / "signed" / "checkov_aiml").exists()
    (tmp_path / "there").mkdir()
    again = sign("missing.pem", "there")
    assert again.returncode != 0 and "exists already" in again.stderr
    assert sign().returncode != 0
