"""`path`, `list`, `explain`, `init` and `doctor` on a package that is in order."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checkov_aiml import control_catalogue, settings, settings_file

REPOSITORY = Path(__file__).resolve().parents[2]


def test_path_names_the_checks_folder(aiml: Callable, tmp_path: Path) -> None:
    result = aiml("path", cwd=tmp_path)
    assert result.exit_code == 0
    assert Path(result.output.strip()) == control_catalogue.directory()


def test_path_imports_nothing_heavy() -> None:
    code = "import sys, checkov_aiml.cli; print([name for name in sys.modules if name in ('checkov', 'pydantic')])"
    process = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_list_shows_every_control_once(aiml: Callable, tmp_path: Path) -> None:
    listed = json.loads(aiml("list", "--format", "json", cwd=tmp_path).output)
    assert {one["id"]: tuple(one["frameworks"]) for one in listed} == {
        identifier: tuple(member.framework for member in members)
        for identifier, members in control_catalogue.by_id().items()
    }
    table = aiml("list", cwd=tmp_path).output.splitlines()
    assert table[0].split() == ["ID", "SEVERITY", "NAME", "FRAMEWORKS"]
    assert [line.split()[0] for line in table[1:]] == [one["id"] for one in listed]


def test_list_of_a_family(aiml: Callable, tmp_path: Path) -> None:
    markdown = aiml("list", "--family", "rbac", "--format", "markdown", cwd=tmp_path).output.splitlines()
    assert markdown[1] == "| --- | --- | --- | --- |"
    assert markdown[2:] and all(line.startswith("| CKV_AIML_RBAC_") for line in markdown[2:])
    unknown = aiml("list", "--family", "NOPE", cwd=tmp_path)
    assert unknown.exit_code == 2
    assert "NOPE: no such family" in unknown.words


@pytest.mark.parametrize("identifier", ["CKV_AIML_RBAC_1", "rbac_1"])
def test_explain_says_everything_that_the_head_says(aiml: Callable, tmp_path: Path, identifier: str) -> None:
    result = aiml("explain", identifier, cwd=tmp_path)
    assert result.exit_code == 0
    told = " ".join(result.output.split())
    for member in control_catalogue.by_id()["CKV_AIML_RBAC_1"]:
        for said in (member.name, member.why, member.fix, member.guideline, member.limits, member.fails, member.passes):
            assert " ".join(said.split()) in told
        for subject, attributes in member.attributes_read().items():
            assert f"{subject}: {', '.join(attributes)}" in told
        assert all(name in told for name in (*member.covers, *member.maps, type(member).severity.name))


def test_explain_of_an_unknown_control(aiml: Callable, tmp_path: Path) -> None:
    result = aiml("explain", "NET_9999", cwd=tmp_path)
    assert result.exit_code == 2
    assert result.words.startswith("NET_9999: no such control")


@pytest.mark.parametrize("profile", ["default", "predecessor"])
def test_init_writes_valid_settings_and_never_overwrites(aiml: Callable, tmp_path: Path, profile: str) -> None:
    assert aiml("init", "--profile", profile, cwd=tmp_path).exit_code == 0
    path = tmp_path / settings.FILE_NAME
    written = path.read_text(encoding="utf-8")
    filled_in = settings_file.PROFILES[profile]
    assert settings.read(path) == settings.Settings.model_validate(filled_in, strict=False)
    again = aiml("init", cwd=tmp_path)
    assert again.exit_code == 2
    assert "exists already" in again.words
    assert path.read_text(encoding="utf-8") == written


def test_init_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    text = settings_file.text()
    path.write_text(re.sub(r"^#(?=\S|  )", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert settings.read(path) == settings.Settings()
    for name, setting in settings.Settings.model_fields.items():
        assert f"\n#{name}:" in text
        for member in getattr(setting.annotation, "model_fields", {}):
            assert f"\n#  {member}:" in text


def test_predecessor_profile_fills_in_its_values(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(settings_file.text("predecessor"), encoding="utf-8")
    values = settings.read(path)
    assert values.tags.required["Environment"] == ("dev", "staging", "prod", "preprod")
    assert set(values.tags.required) == {"Environment", "Project", "CostCenter"}
    assert values.classification.values == ("public", "internal", "confidential", "pii")
    assert values.models.approved_versions == ("1.0.0", "1.1.0", "2.0.0")
    assert [marker.key for marker in values.markers.tags] == ["workload_type", "DataType"]
    services = {service.service: service.required_tag for service in values.identity.trusted_services}
    assert services["sagemaker.amazonaws.com"] is None
    assert services["lambda.amazonaws.com"] == settings.TagMarker(key="purpose", value="security_remediation")


def test_doctor_of_a_package_in_order(aiml: Callable, tmp_path: Path) -> None:
    result = aiml("doctor", cwd=tmp_path)
    assert (result.exit_code, result.output, result.words) == (
        0,
        f"{len({control.id for control in control_catalogue.controls()})} controls load\n",
        "",
    )
