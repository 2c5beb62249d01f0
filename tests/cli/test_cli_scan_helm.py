"""Helm charts: rendered ones are looked at, those that `helm` cannot render are not.

Helm itself is not needed: a script that prints what `helm` prints stands for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

HELM = """#!/bin/sh
case "$1" in
version) echo 'version.BuildInfo{Version:"v3.14.0", GitCommit:"x"}' ;;
template)
    case "$3" in
    *damaged) echo 'Error: parse error' >&2; exit 1 ;;
    esac
    printf -- '---\\n# Source: %s/templates/role.yaml\\n' "$(basename "$3")"
    sed 's/{{ .Values.name }}/rendered/' "$3/templates/role.yaml"
    ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path, write: Callable, role: Callable) -> Path:
    """Two charts, one of which has a chart of its own inside, and a `helm` that renders one of them."""
    for chart in ("sound", "damaged", "damaged/charts/inner"):
        meta = f"apiVersion: v2\nname: {chart.rpartition('/')[2]}\nversion: 0.1.0\n"
        template = role("{{ .Values.name }}").replace("[get]", '["*"]')
        write(tmp_path / "estate" / chart, {"Chart.yaml": meta, "templates/role.yaml": template})
    helm = write(tmp_path / "bin", {"helm": HELM}) / "helm"
    helm.chmod(0o755)
    return tmp_path


def test_charts(folder: Path, scan: Callable, checkov: Callable) -> None:
    path = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    arguments = ("-d", ".", "--check", "CKV_AIML_RBAC_1")
    rendered = scan(*arguments, "--framework", "kubernetes", "helm", cwd=folder / "estate", **path)
    assert "Role.default.rendered" in rendered.output
    assert rendered.exit_code == 2
    assert rendered.unlooked() == {("damaged", "")}
    assert "`helm template` gave Checkov no manifest" in rendered.reason("damaged")

    plain = checkov(*arguments, "--framework", "kubernetes", cwd=folder / "estate", **path)
    assert plain.exit_code == 0
    alone = scan(*arguments, "--framework", "kubernetes", cwd=folder / "estate", **path)
    assert alone.exit_code == 2
    assert alone.unlooked() == {("sound", ""), ("damaged", "")}
    assert "the framework kubernetes cannot render" in alone.reason("sound")

    (folder / "bin" / "helm").write_text("#!/bin/sh\necho 'Version:\"v2.17.0\", '\n")
    without = scan(*arguments, cwd=folder / "estate", **path)
    assert without.exit_code == 2
    assert without.unlooked() == {("sound", ""), ("damaged", "")}
    assert "found no `helm` 3 or 4" in without.reason("sound")
