"""Several folders in one run of Checkov's command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CHECKS = REPOSITORY / "checkov_aiml" / "checks"

NOTEBOOK = """
variable "rotate" {
  default = %(rotate)s
}
resource "aws_kms_key" "data" {
  enable_key_rotation = var.rotate
}
resource "aws_security_group" "notebook" {
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["%(range)s"]
  }
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name                   = "analysis"
  role_arn               = "arn:aws:iam::111122223333:role/analysis"
  instance_type          = "ml.t3.medium"
  kms_key_id             = %(key)s
  security_groups        = [aws_security_group.notebook.id]
  direct_internet_access = "%(internet)s"
  tags                   = { Key = aws_kms_key.data.id }
}
"""


def test_several_folders_in_one_run(tmp_path: Path) -> None:
    """Files of the same relative name with opposite verdicts: nothing is remembered from one folder in the next.

    With one framework Checkov itself scans the first folder alone and repeats its results (seen on 3.3.30).
    """
    good = {"rotate": "true", "range": "10.0.0.0/16", "key": "aws_kms_key.data.arn", "internet": "Disabled"}
    bad = {"rotate": "false", "range": "0.0.0.0/0", "key": '"alias/aws/sagemaker"', "internet": "Enabled"}
    for folder, values in (("a", good), ("b", bad), ("c", good)):
        (tmp_path / folder / "team").mkdir(parents=True)
        (tmp_path / folder / "team" / "main.tf").write_text(NOTEBOOK % values, encoding="utf-8")
    folders = [argument for folder in "abc" for argument in ("-d", str(tmp_path / folder))]
    options = ["--external-checks-dir", str(CHECKS), "--skip-download", "-o", "json"]
    options += ["--framework", "terraform", "kubernetes"]
    ids = ["CKV_AIML_NET_3", "CKV_AIML_NET_11", "CKV_AIML_ENC_1", "CKV_AIML_ENC_9"]
    finished = subprocess.run(
        [sys.executable, "-m", "checkov.main", *folders, *options, "--check", ",".join(ids)],
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    assert finished.returncode == 1
    found = {
        (Path(record["file_abs_path"]).relative_to(tmp_path).parts[0], record["check_id"], result)
        for report in _documents(finished.stdout)
        for result in ("passed_checks", "failed_checks")
        for record in report.get("results", {}).get(result, ())
    }
    assert found == {
        *((folder, name, "passed_checks") for folder in "ac" for name in ids),
        *(("b", name, "failed_checks") for name in ids),
    }


def _documents(text: str) -> list[dict]:
    """The JSON documents that Checkov prints one after the other, one for each folder."""
    decoder, found, position = json.JSONDecoder(), [], 0
    while position < len(text.rstrip()):
        document, position = decoder.raw_decode(text, position)
        found.append(document)
        position += len(text[position:]) - len(text[position:].lstrip())
    return found
