"""Builds the wheel and the source distribution of the last commit, reproducibly.

    python scripts/make_distributions.py [FOLDER]

Only what is committed goes in. The same commit, built with the same setuptools, gives the same bytes wherever and
whenever it is built: file times are the commit's, owners and access rights are fixed, the order is that of names.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def build(target: Path, repository: Path = REPOSITORY) -> list[Path]:
    """Build both into `target` and return their paths. Raises `subprocess.CalledProcessError` with the output shown."""
    time = int(_git(repository, "log", "-1", "--format=%ct"))
    target.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="checkov-aiml-") as folder:
        work = Path(folder)
        with tarfile.open(fileobj=BytesIO(_git(repository, "archive", "--format=tar", "HEAD"))) as committed:
            committed.extractall(work / "source", filter="data")
        _build("--sdist", work / "source", work / "sdist", time)
        (made,) = (work / "sdist").iterdir()
        sdist = target / made.name
        normalise(made, sdist, time)
        with tarfile.open(sdist) as packed:
            packed.extractall(work / "unpacked", filter="data")
        (unpacked,) = (work / "unpacked").iterdir()
        _build("--wheel", unpacked, work / "wheel", time)
        (made,) = (work / "wheel").iterdir()
        wheel = target / made.name
        wheel.write_bytes(made.read_bytes())
    return [sdist, wheel]


def normalise(source: Path, target: Path, time: int) -> None:
    """Rewrite a `.tar.gz`: the same files in the order of their names, without a trace of who packed them and when."""
    with (
        tarfile.open(source) as old,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=time) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            clean = tarfile.TarInfo(member.name)
            clean.type, clean.size, clean.mtime = member.type, member.size, time
            clean.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            new.addfile(clean, old.extractfile(member) if member.isfile() else None)


def _build(kind: str, source: Path, target: Path, time: int) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(time), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "build", "--no-isolation", kind, "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=repository, check=True, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    for path in build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()):
        print(path)
