"""`checkov-aiml doctor`: what would keep the controls from working, found before a scan is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import SpecifierSet

from checkov_aiml import loading, settings

SUPPORTED_CHECKOV = SpecifierSet(">=3.2.448,<3.4")
"""The Checkov versions that the package requires; its oldest and the newest are tested."""


def problems() -> Iterator[str]:
    """One line for each thing that is wrong: what, why, what to do. Nothing when the controls work."""
    try:
        settings.current()
    except settings.SettingsError as error:
        yield str(error)
    try:
        probe = loading.probe()
    except RuntimeError as error:
        yield f"Checkov: loading the controls ended the process: {error}"
        return
    if not SUPPORTED_CHECKOV.contains(probe.checkov_version, prereleases=True):
        yield f"Checkov {probe.checkov_version}: not supported: install checkov{SUPPORTED_CHECKOV}"
    yield from _other_copies(probe)
    for path, error in sorted(probe.errors.items()):
        yield f"{path}: cannot be imported: {error}"
    for identifier in probe.built_in:
        yield f"{identifier}: dropped where Checkov has a built-in check of that id: choose another id"
    for identifier, framework in loading.expected():
        if (identifier, framework) not in probe.loaded:
            yield f"{identifier} ({framework}): in the catalogue, but not loaded"


def _other_copies(probe: loading.Probe) -> Iterator[str]:
    own = Path(__file__).resolve().parent
    for verb, origin in (("is imported first", probe.importable), ("is the one that the controls use", probe.used)):
        if origin and Path(origin).resolve().parent != own:
            yield f"{Path(origin).parent}: another copy of checkov_aiml, which {verb}, not {own}: remove one of them"
