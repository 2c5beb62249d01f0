"""Signs a copy of the package for Checkov's `--external-checks-public-key`.

    python scripts/sign_checks.py PRIVATE_KEY.pem [FOLDER]

Each Python file of the copy ends with a line `# checkov-digest: HEX`: the ECDSA signature (P-256, SHA-256, DER) of all
bytes before that line, as checkov/common/external_checks/verification of Checkov 3.3.30 reads it. OpenSSL signs, so
the key never enters this program; CHECKOV_AIML_KEY_PASSWORD holds its password when it has one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "checkov_aiml"
PASSWORD = "CHECKOV_AIML_KEY_PASSWORD"


def sign(key: Path, target: Path, package: Path = PACKAGE) -> int:
    """Write the signed copy to `target`, which must not exist, and return the number of files signed.

    Raises `FileExistsError`, and `subprocess.CalledProcessError` when OpenSSL cannot use the key.
    """
    shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__"))
    files = sorted(target.rglob("*.py"))
    for path in files:
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            content += b"\n"
        path.write_bytes(content + b"# checkov-digest: " + _signature(key, content).hex().encode() + b"\n")
    return len(files)


def _signature(key: Path, content: bytes) -> bytes:
    password = ["-passin", f"env:{PASSWORD}"] if PASSWORD in os.environ else []
    command = ["openssl", "dgst", "-sha256", "-sign", str(key), *password]
    return subprocess.run(command, input=content, check=True, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = Path(sys.argv[2] if len(sys.argv) == 3 else "build/signed/checkov_aiml")
    try:
        print(f"{folder}: {sign(Path(sys.argv[1]), folder)} files signed")
    except FileExistsError:
        sys.exit(f"{folder}: exists already: remove it first")
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit(error.returncode)
