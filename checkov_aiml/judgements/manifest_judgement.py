"""The words and the judgement of a control on Kubernetes objects, whichever framework carries them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from checkov_aiml.control import Control
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.verdict import Verdict, not_applicable


class ManifestJudgement(Control):
    """Everything of a control but its framework: `kinds` maps a kind to the field paths that are read."""

    kinds: ClassVar[Mapping[str, tuple[str, ...]]]

    def verdict_on(self, manifest: Manifest) -> Verdict:
        """The verdict on one object, however it is written."""
        if not self.concerns_manifest(manifest):
            return not_applicable("nothing to judge in it")
        return self.judge_manifest(manifest)

    def concerns_manifest(self, manifest: Manifest) -> bool:
        """Whether an object of one of the kinds holds what the control judges.

        It is asked of every such object, before anything else: controls that concern few of them answer it quickly.
        """
        return True

    @abstractmethod
    def judge_manifest(self, manifest: Manifest) -> Verdict:
        """The verdict on an object that the control concerns."""
