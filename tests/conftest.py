"""What every test needs: no settings file or Checkov option of the machine reaches a scan."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkov_aiml import settings

REPOSITORY = Path(__file__).resolve().parents[1]

logging.disable(logging.INFO)  # Checkov notes each of its thousand checks, which buries what a failed test says.


@pytest.fixture(autouse=True)
def only_default_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts with the default settings, from a folder above which nobody keeps a settings file."""
    for name in [name for name in os.environ if name.startswith(("CHECKOV_", "CKV_", "EVAL_TF_PLAN"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(REPOSITORY)
    settings.forget()
    yield
    settings.forget()
