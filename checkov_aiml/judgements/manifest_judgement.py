"""The words and the judgement of a control on Kubernetes objects, whichever framework carries them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from checkov_aiml.control import Control
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.verdict import Verdict


class ManifestJudgement(Control):
    """Everything of a control but its framework: `kinds` maps a kind to the field paths that are read."""

    kinds: ClassVar[Mapping[str, tuple[str, ...]]]

    @abstractmethod
    def judge_manifest(self, manifest: Manifest) -> Verdict:
        """The verdict on one object, however it is written."""
