"""Reads what `checkov-aiml scan --answers` wrote: what was not looked at, what stayed open, which exemptions hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkov_aiml.evidence.evidence_files import EvidenceFile, clean

_LISTS: Mapping[str, tuple[str, ...]] = {
    "not_looked_at": ("path", "place", "reason", "remedy"),
    "accepted": ("path", "place", "reason", "accepted_because"),
    "crashed": ("id", "address", "error"),
    "exemptions": ("id", "address", "owner", "expires"),
    "exemptions_expired": ("id", "address", "owner", "expires"),
    "exemptions_unmatched": ("id", "resource", "owner", "expires"),
    "undecided": ("address", "attribute"),
    "not_loaded": ("id", "framework"),
}
"""The lists of the answers, and the texts of an entry."""


def is_answers(document: Any) -> bool:
    """Whether a JSON document is what `--answers` writes."""
    return isinstance(document, dict) and {"not_looked_at", "controls", "checkov_exit_code"} <= document.keys()


class ScanAnswers:
    """The answers of one or several scans: `lists` by name as in `_LISTS`, and the settings' errors."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.settings_errors: list[str] = []
        self.lists: dict[str, list[dict[str, Any]]] = {name: [] for name in _LISTS}

    def add(self, file: EvidenceFile) -> None:
        """Add a file of answers. Raises `EvidenceError` when it is none."""
        for document in file.documents:
            if not is_answers(document):
                raise file.error("", "not the answers of a scan: give the file that `scan --answers FILE` wrote")
            for name, keys in _LISTS.items():
                entries = document["controls"] if name == "not_loaded" else document
                found = entries.get(name, []) if isinstance(entries, dict) else None
                if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
                    raise file.error(name, "must be a list of objects; write the file anew with `scan --answers FILE`")
                self._extend(name, keys, found)
            if isinstance(document.get("settings_error"), str):
                self.settings_errors.append(clean(document["settings_error"]))
        self.files.append(file.path.name)

    def _extend(self, name: str, keys: tuple[str, ...], found: list[dict[str, Any]]) -> None:
        for entry in found:
            kept: dict[str, Any] = {key: clean(str(entry.get(key) or "")) for key in keys}
            if name == "undecided":
                controls = entry.get("controls")
                kept["controls"] = sorted(map(clean, map(str, controls))) if isinstance(controls, list) else []
            if kept not in self.lists[name]:
                self.lists[name].append(kept)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was lost in the scans that were answered for."""
        lost = (self.lists[name] for name in ("not_looked_at", "crashed", "not_loaded"))
        return not any(lost) and not self.settings_errors
