"""The controls through Checkov: which uploads are datasets, how paths are resolved, and what is said of them."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from checkov_aiml import control_catalogue
from checkov_aiml.pii import judge, uploads
from checkov_aiml.pii.uploads import is_dataset_name

REPOSITORY = Path(__file__).resolve().parents[2]
STORE = """
resource "aws_s3_bucket" "ai" {
  bucket = "training"
}
resource "aws_s3_bucket" "other" {
  bucket = "lambdas"
}
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/m:1"
    model_data_url = "s3://${aws_s3_bucket.ai.id}/model.tar.gz"
  }
}
"""


def upload(name: str, source: str, bucket: str = "ai", key: str | None = None, more: str = "") -> str:
    lines = f"  bucket = aws_s3_bucket.{bucket}.id\n  key = {json.dumps(key or name)}\n  {source}\n{more}"
    return f'resource "aws_s3_object" "{name}" {{\n{lines}\n}}\n'


def results(root: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(control, resource) to (result, reason) of the PII controls, through Checkov's runners."""
    from checkov.kubernetes.runner import Runner as KubernetesRunner
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.plan_runner import Runner as PlanRunner
    from checkov.terraform.runner import Runner

    found = {}
    options: dict[str, Any] = {"external_checks_dir": [str(control_catalogue.directory())]}
    for runner in (Runner, PlanRunner, KubernetesRunner):
        chosen = RunnerFilter(checks=["CKV_AIML_PII_*"], framework=[runner.check_type])
        report = runner().run(root_folder=str(root), runner_filter=chosen, **options)
        for record in (*report.passed_checks, *report.failed_checks, *report.skipped_checks):
            result = record.check_result
            found[record.check_id.removeprefix("CKV_AIML_"), record.resource] = (
                result["result"].value,
                result.get("reason", ""),
            )
    return found


@pytest.fixture
def leaking(made: Any) -> str:
    return "\n".join(["email,score", *(f"{e},0.5" for e in made.column(made.email, 20, 1))])


def test_paths_as_terraform_resolves_them(tmp_path: Path, leaking: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "module").mkdir()
    for path in ("data/a.csv", "data/b.csv", "module/m.csv"):
        (tmp_path / path).write_text(leaking)
    (tmp_path / "data" / "clean.csv").write_text("score\n0.5\n")
    sources = {
        "by_module": 'source = "${path.module}/data/a.csv"',
        "by_root": 'source = "${path.root}/data/a.csv"',
        "by_cwd": 'source = "${path.cwd}/data/a.csv"',
        "relative": 'source = "data/a.csv"',
        "joined": 'source = join("/", [path.module, "data", "a.csv"])',
        "content_of_file": 'content = file("${path.module}/data/a.csv")',
        "clean": 'source = "./data/clean.csv"',
        "unknown": "source = var.file",
    }
    each = upload(
        "each",
        'source = "${path.module}/data/${each.value}"',
        key="x.csv",
        more='  for_each = fileset("${path.module}/data", "*.csv")',
    )
    module = 'variable "bucket" {}\n' + upload("inner", 'source = "${path.module}/m.csv"').replace(
        "aws_s3_bucket.ai.id", "var.bucket"
    )
    text = STORE + 'variable "file" {}\nmodule "m" {\n  source = "./module"\n  bucket = aws_s3_bucket.ai.id\n}\n' + each
    text += "".join(upload(name, source, key=f"{name}.csv") for name, source in sources.items())
    (tmp_path / "main.tf").write_text(text)
    (tmp_path / "module" / "main.tf").write_text(module)
    found = results(tmp_path)
    expected = {f"aws_s3_object.{name}" for name in sources if name != "unknown"} | {
        "aws_s3_object.each",
        "module.m.aws_s3_object.inner",
    }
    assert {resource for control, resource in found if control == "PII_1"} == expected
    assert {resource for control, resource in found if control == "PII_4"} == expected
    for resource in expected:
        wanted = "PASSED" if resource.endswith("clean") else "FAILED"
        assert found["PII_1", resource][0] == wanted, resource
        assert found["PII_4", resource][0] == "PASSED"
    assert "email holds EMAIL_ADDRESS in 20 of its cells (100%)" in found["PII_1", "aws_s3_object.relative"][1]
    assert "b.csv" in found["PII_1", "aws_s3_object.each"][1]


def test_what_is_a_dataset(tmp_path: Path, leaking: str, made: Any) -> None:
    for name in ("a.csv", "config.json", "notes.txt", "lambda.zip", "train.json"):
        (tmp_path / name).write_text(
            leaking if name != "train.json" else json.dumps({"email": made.column(made.email, 3, 1)})
        )
    text = STORE + 'resource "aws_s3_bucket" "marked" {\n  bucket = "x"\n  tags = { DataType = "AI-ML-Training" }\n}\n'
    cases = {
        "csv": ("a.csv", "ai"),
        "config": ("config.json", "ai"),
        "notes": ("notes.txt", "ai"),
        "zip": ("lambda.zip", "ai"),
        "train": ("train.json", "ai"),
        "elsewhere": ("a.csv", "other"),
        "marked": ("a.csv", "marked"),
    }
    text += "".join(upload(name, f'source = "{file}"', bucket, file) for name, (file, bucket) in cases.items())
    (tmp_path / "main.tf").write_text(text)
    judged = {resource.removeprefix("aws_s3_object.") for control, resource in results(tmp_path) if control == "PII_1"}
    assert judged == {"csv", "train", "marked"}
    assert is_dataset_name("x/y.csv.gz") and not is_dataset_name("package.json") and not is_dataset_name("README.txt")


def test_settings_globs_make_a_dataset(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.yaml").write_text("pii:\n  globs: ['seed/*.csv']\n")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "s.yaml"))
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "a.csv").write_text(leaking)
    (tmp_path / "main.tf").write_text(STORE + upload("a", 'source = "${path.module}/seed/a.csv"', "other", "a"))
    assert results(tmp_path)["PII_1", "aws_s3_object.a"][0] == "FAILED"


def test_unreadable_is_pii_4(tmp_path: Path, leaking: str) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    for folder in (outside, root):
        folder.mkdir()
    (outside / "a.csv").write_text(leaking)
    (root / "link.csv").symlink_to(outside / "a.csv")
    (root / "bad.jsonl").write_text('{"a": 1}\n{"a":\n')
    sources = {"missing": "no.csv", "above": "../outside/a.csv", "link": "link.csv", "bad": "bad.jsonl"}
    (root / "main.tf").write_text(
        STORE + "".join(upload(n, f'source = "{s}"', key=Path(s).name) for n, s in sources.items())
    )
    found = results(root)
    assert {control for control, _ in found} == {"PII_4"}
    reasons = {resource.removeprefix("aws_s3_object."): reason for (_, resource), (_, reason) in found.items()}
    assert {result for result, _ in found.values()} == {"FAILED"}
    assert "there is no such file" in reasons["missing"]
    assert "outside the scanned folder" in reasons["above"] and "outside the scanned folder" in reasons["link"]
    assert "bad.jsonl: line 2" in reasons["bad"]


def test_outside_is_followed_when_the_settings_say_so(
    tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.yaml").write_text("pii:\n  follow_outside_root: true\n")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "s.yaml"))
    (tmp_path / "a.csv").write_text(leaking)
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").write_text(STORE + upload("a", 'source = "../a.csv"', key="a.csv"))
    assert results(tmp_path / "root")["PII_1", "aws_s3_object.a"][0] == "FAILED"


def test_archives_and_blobs_and_inline_content(tmp_path: Path, leaking: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text(leaking)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "handler.py").write_text("pass\n")
    archive = (
        'data "archive_file" "%s" {\n  type = "zip"\n  source_dir = "${path.module}/%s"\n  output_path = "%s.zip"\n}\n'
    )
    text = STORE + archive % ("d", "data", "d") + archive % ("s", "src", "s")
    text += upload("data_zip", "source = data.archive_file.d.output_path", key="d.zip")
    text += upload("src_zip", "source = data.archive_file.s.output_path", key="s.zip")
    text += upload("inline", f"content = {json.dumps(leaking)}", key="i.csv")
    text += upload("encoded", f'content_base64 = "{base64.b64encode(leaking.encode()).decode()}"', key="e.csv")
    text += """
resource "azurerm_storage_account" "ml" {
  name = "mldata"
  location = "uksouth"
  resource_group_name = "r"
  account_tier = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_storage_container" "c" {
  name = "samples"
  storage_account_name = azurerm_storage_account.ml.name
}
resource "azurerm_machine_learning_workspace" "w" {
  name = "w"
  location = "uksouth"
  resource_group_name = "r"
  storage_account_id = azurerm_storage_account.ml.id
}
resource "azurerm_storage_blob" "b" {
  name = "a.csv"
  storage_account_name = azurerm_storage_account.ml.name
  storage_container_name = azurerm_storage_container.c.name
  type = "Block"
  source = "${path.module}/data/a.csv"
}
"""
    (tmp_path / "main.tf").write_text(text)
    failed = {
        resource
        for (control, resource), (result, _) in results(tmp_path).items()
        if control == "PII_1" and result == "FAILED"
    }
    assert failed == {
        "aws_s3_object.data_zip",
        "aws_s3_object.inline",
        "aws_s3_object.encoded",
        "azurerm_storage_blob.b",
    }


def test_each_dataset_is_judged_once(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text(leaking)
    (tmp_path / "main.tf").write_text(
        STORE + "".join(upload(f"o{i}", 'source = "a.csv"', key=f"{i}.csv") for i in range(5))
    )
    judged = []
    original = judge.judge_source
    monkeypatch.setattr(judge, "judge_source", lambda *args, **kwargs: judged.append(1) or original(*args, **kwargs))
    assert len(results(tmp_path)) == 10
    assert len(judged) == 1


def test_manifests(tmp_path: Path, leaking: str) -> None:
    encoded = base64.b64encode(leaking.encode()).decode()
    manifests = {
        "plain": {"kind": "ConfigMap", "data": {"a.csv": leaking}},
        "binary": {"kind": "ConfigMap", "binaryData": {"a.csv": encoded}},
        "secret": {"kind": "Secret", "data": {"a.csv": encoded}},
        "string": {"kind": "Secret", "stringData": {"a.csv": leaking}},
        "config": {"kind": "ConfigMap", "data": {"config.json": '{"owner": "jane.roe@gmail.com"}', "run.sh": "echo"}},
        "clean": {"kind": "ConfigMap", "data": {"a.csv": "score\n1\n"}},
        "broken": {"kind": "ConfigMap", "data": {"a.jsonl": "{"}},
    }
    for name, manifest in manifests.items():
        content = {"apiVersion": "v1", "metadata": {"name": name, "namespace": "x"}, **manifest}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(content))
    found = {
        (control, resource.rpartition(".")[2]): result for (control, resource), (result, _) in results(tmp_path).items()
    }
    masked = {name: result for (control, name), result in found.items() if control == "PII_2"}
    assert masked == {"plain": "FAILED", "binary": "FAILED", "secret": "FAILED", "string": "FAILED", "clean": "PASSED"}
    assert found["PII_4", "broken"] == "FAILED" and found["PII_4", "plain"] == "PASSED"
    assert not [name for _, name in found if name == "config"]


def test_plan(tmp_path: Path, leaking: str) -> None:
    """A minimal plan made here: paths start at the folder of the plan file."""
    (tmp_path / "a.csv").write_text(leaking)
    bucket = {
        "address": "aws_s3_bucket.ai",
        "mode": "managed",
        "type": "aws_s3_bucket",
        "name": "ai",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": {"bucket": "training", "tags": {"DataType": "AI-ML-Training"}},
        "sensitive_values": {},
    }
    uploaded = {
        **bucket,
        "address": "aws_s3_object.a",
        "type": "aws_s3_object",
        "name": "a",
        "values": {"bucket": "training", "key": "a.csv", "source": "./a.csv"},
    }
    expressions = [
        {
            "address": r["address"],
            "mode": "managed",
            "type": r["type"],
            "name": r["name"],
            "provider_config_key": "aws",
            "schema_version": 0,
            "expressions": {}
            if r is bucket
            else {
                "bucket": {"references": ["aws_s3_bucket.ai.id", "aws_s3_bucket.ai"]},
                "source": {"references": ["path.module"]},
            },
        }
        for r in (bucket, uploaded)
    ]
    changes = [
        {
            **{k: r[k] for k in ("address", "mode", "type", "name", "provider_name")},
            "change": {"actions": ["create"], "before": None, "after": r["values"], "after_unknown": {}},
        }
        for r in (bucket, uploaded)
    ]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [bucket, uploaded]}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": expressions}},
    }
    (tmp_path / "tfplan.json").write_text(json.dumps(plan))
    assert results(tmp_path)["PII_1", "aws_s3_object.a"][0] == "FAILED"


def test_attestation(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    (tmp_path / "a.csv").write_text(leaking)
    digest = hashlib.sha256((tmp_path / "a.csv").read_bytes()).hexdigest()
    (tmp_path / "main.tf").write_text(STORE + upload("a", 'source = "a.csv"', key="a.csv"))
    monkeypatch.chdir(tmp_path)
    from checkov_aiml import settings

    def with_attestation(sha256: str, expires: str) -> tuple[str, str]:
        entry = {
            "file": "a.csv",
            "sha256": sha256,
            "method": "synthetic data",
            "owner": "data-team",
            "expires": expires,
        }
        (tmp_path / ".checkov-aiml.yaml").write_text(yaml.safe_dump({"attestations": [entry]}))
        settings.forget()
        return results(tmp_path)["PII_1", "aws_s3_object.a"]

    result, reason = with_attestation(digest, "2999-01-01")
    assert result == "PASSED" and "attested by data-team" in reason and "no personal data" not in reason
    assert with_attestation("0" * 64, "2999-01-01")[0] == "FAILED"
    result, reason = with_attestation(digest, "2020-01-01")
    assert result == "FAILED" and "expired on 2020-01-01" in reason


def test_without_presidio_only_pii_4_changes(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        judge.importlib.util, "find_spec", lambda name, *a: None if name == "presidio_analyzer" else find(name, *a)
    )
    (tmp_path / "a.csv").write_text(leaking)
    (tmp_path / "main.tf").write_text(STORE + upload("a", 'source = "a.csv"', key="a.csv"))
    found = results(tmp_path)
    assert found == {
        ("PII_4", "aws_s3_object.a"): ("FAILED", "a.csv: Presidio is not installed: pip install 'checkov-aiml[pii]'")
    }


def test_a_scan_without_datasets_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(STORE + upload("model", 'source = "model.tar.gz"', key="model.tar.gz"))
    code = f"""
import sys
from checkov.runner_filter import RunnerFilter
from checkov.terraform.runner import Runner
report = Runner().run(root_folder={str(tmp_path)!r}, external_checks_dir=[{str(control_catalogue.directory())!r}],
                      runner_filter=RunnerFilter(checks=["CKV_AIML_*"]))
assert report.failed_checks
heavy = ("presidio_analyzer", "spacy", "tldextract", "phonenumbers", "pyarrow", "pandas")
print([name for name in heavy if name in sys.modules])
"""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert process.stdout.strip().splitlines()[-1] == "[]"


def test_no_value_in_output_log_or_report(tmp_path: Path, made: Any) -> None:
    """A whole estate of personal data and damaged files through Checkov's command line, with the log at its loudest."""
    r = random.Random(1)
    table = {name: made.column(generator, 30, 77) for name, generator in made.PERSONAL.items()}
    made.write_csv(tmp_path / "a.csv", table)
    (tmp_path / "b.json").write_text(json.dumps({f"{table['email'][0]}": {"phone": table["mobile"][0]}}))
    (tmp_path / "train.jsonl").write_text(json.dumps({"x": table["email"][1]}) + "\n{" + table["email"][2])
    (tmp_path / "headerless.csv").write_text(
        "\n".join(f"{table['email'][i]},{table['full_name'][i]}" for i in range(20))
    )
    (tmp_path / "bad.csv").write_text('a,b\n"' + table["iban"][0] + "," + "x" * 100)
    with zipfile.ZipFile(tmp_path / "c.parquet", "w") as archive:
        archive.writestr(table["email"][3], table["email"][3])
    names = ("a.csv", "b.json", "train.jsonl", "headerless.csv", "bad.csv", "c.parquet")
    text = STORE + "".join(upload(f"o{i}", f'source = "{name}"', key=f"train/{name}") for i, name in enumerate(names))
    (tmp_path / "main.tf").write_text(text)
    command = [
        sys.executable,
        "-m",
        "checkov.main",
        "-d",
        str(tmp_path),
        "--external-checks-dir",
        str(control_catalogue.directory()),
        "--check",
        "CKV_AIML_PII_*",
        "--skip-download",
        "-o",
        "cli",
        "-o",
        "json",
        "-o",
        "sarif",
        "--framework",
        "terraform",
        "--output-file-path",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LOG_LEVEL": "DEBUG"}
    process = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    written = "".join(path.read_text() for path in (tmp_path / "out").iterdir()) + process.stdout
    shown = (written + process.stderr).splitlines()
    assert "CKV_AIML_PII_1" in written
    values = {v for column in table.values() for v in column if len(v) > 7} | set(table["email"])
    leaked = [
        name for name, column in table.items() for v in column if v in values and any(v in line for line in shown)
    ]
    assert leaked == []
    assert r


def test_uploads_names_the_attributes_that_exist() -> None:
    assert set(uploads.STORES) == set(uploads.UPLOADS)


@pytest.mark.parametrize("given", ["checkov_aiml", "checkov_aiml/checks"])
def test_whatever_folder_of_ours_checkov_walks(given: str, tmp_path: Path, leaking: str) -> None:
    """A module of ours that stands under the name of one of spaCy's does not keep Presidio from loading."""
    (tmp_path / "a.csv").write_text(leaking)
    (tmp_path / "main.tf").write_text(STORE + upload("a", 'source = "a.csv"', key="a.csv"))
    command = [sys.executable, "-m", "checkov.main", "-d", str(tmp_path), "--framework", "terraform", "--skip-download"]
    command += ["--external-checks-dir", str(REPOSITORY / given), "--check", "CKV_AIML_PII_*", "-o", "json"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    found = {record["check_id"] for record in json.loads(process.stdout)["results"]["failed_checks"]}
    assert found == {"CKV_AIML_PII_1"}
