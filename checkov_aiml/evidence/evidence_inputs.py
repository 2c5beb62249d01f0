"""What a report is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from checkov_aiml.evidence.checkov_results import Scanned
from checkov_aiml.evidence.evidence_files import EvidenceError, EvidenceFile, read
from checkov_aiml.evidence.git_blame import Checkout
from checkov_aiml.evidence.scan_answers import ScanAnswers, is_answers


@dataclass
class Inputs:
    """The title and date of a report, and what was read for it; without a baseline its files are empty."""

    title: str
    day: date
    checkout: Checkout | None = None
    scanned: Scanned = field(default_factory=Scanned)
    files: list[EvidenceFile] = field(default_factory=list)
    answers: ScanAnswers = field(default_factory=ScanAnswers)
    baseline: Scanned = field(default_factory=Scanned)
    baseline_files: list[EvidenceFile] = field(default_factory=list)

    def read(self, results: Iterable[Path], answers: Iterable[Path], baseline: Iterable[Path]) -> None:
        """Read the files; among the results may be answers. Raises `EvidenceError` when one cannot be used."""
        for file in map(read, results):
            self.files.append(file)
            if all(map(is_answers, file.documents)):
                self.answers.add(file)
            else:
                self.scanned.add(file)
        if self.files and len(self.answers.files) == len(self.files):
            raise EvidenceError(
                f"{self.files[0].path}: answers of a scan alone: name the results that belong to them too"
            )
        for file in map(read, answers):
            self.files.append(file)
            self.answers.add(file)
        for file in map(read, baseline):
            self.baseline_files.append(file)
            self.baseline.add(file)
