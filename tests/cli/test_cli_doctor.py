"""`doctor` on packages that are broken in the ways in which they break."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import Requirement

from checkov_aiml.doctor import SUPPORTED_CHECKOV

REPOSITORY = Path(__file__).resolve().parents[2]


def test_supported_range_is_the_one_that_is_required() -> None:
    configuration = configparser.ConfigParser()
    configuration.read(REPOSITORY / "setup.cfg", encoding="utf-8")
    lines = configuration["options"]["install_requires"].splitlines()
    required = {Requirement(line).name: Requirement(line).specifier for line in lines if line.strip()}
    assert required["checkov"] == SUPPORTED_CHECKOV


def test_doctor_names_everything_that_is_wrong(
    aiml: Callable, copied_package: Path, add_control: Callable, tmp_path: Path
) -> None:
    """One broken copy with several faults: each is named, and none hides another."""
    package = copied_package / "checkov_aiml"
    taken = add_control("rbac_901_taken.py", "CKV_K8S_49", "raise AssertionError('doctor judges nothing')")
    broken = taken.with_name("rbac_902_broken.py")
    broken.write_text("import no_such_module_anywhere\n")
    doctor = package / "doctor.py"
    doctor.write_text(re.sub(r'SpecifierSet\(".*?"\)', 'SpecifierSet("<1")', doctor.read_text()))
    (tmp_path / ".checkov-aiml.yaml").write_text("unresolved: maybe\n")
    result = aiml("doctor", cwd=tmp_path, package=copied_package)
    assert result.exit_code == 2
    assert result.output == ""
    told = result.words.splitlines()
    for beginning, part in (
        (str(tmp_path / ".checkov-aiml.yaml"), "unresolved"),
        ("Checkov 3.", "not supported: install checkov<1"),
        (str(broken), "cannot be imported: ModuleNotFoundError"),
        ("CKV_K8S_49", "built-in"),
        ("CKV_AIML_RBAC_901 (kubernetes)", "not loaded"),
        ("CKV_AIML_RBAC_902 (kubernetes)", "not loaded"),
    ):
        assert any(line.startswith(beginning) and part in line for line in told), (beginning, result.words)
    assert len(told) == 6


def test_doctor_survives_a_control_that_ends_the_process(aiml: Callable, copied_package: Path, tmp_path: Path) -> None:
    family = copied_package / "checkov_aiml" / "checks" / "kubernetes" / "rbac"
    (family / "rbac_903_quits.py").write_text("raise SystemExit(3)\n")
    result = aiml("doctor", cwd=tmp_path, package=copied_package)
    assert result.exit_code == 2
    assert "exit code 3" in result.words


def test_doctor_finds_another_copy_of_the_package(aiml: Callable, copied_package: Path, tmp_path: Path) -> None:
    """Run from a clone while another copy is what Python imports by itself: the two would be mixed."""
    shadow = tmp_path / "shadow"
    (shadow / "checkov_aiml").mkdir(parents=True)
    (shadow / "checkov_aiml" / "__init__.py").write_text("__version__ = '0.0.1'\n")
    code = (
        f"import sys; sys.path.insert(0, {str(copied_package)!r}); from checkov_aiml.cli import main; main(['doctor'])"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(shadow)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 2
    assert f"{shadow / 'checkov_aiml'}: another copy of checkov_aiml" in process.stderr
