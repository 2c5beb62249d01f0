"""Names and places found by a spaCy model that is installed: one is looked for, none is ever downloaded."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from checkov_aiml.pii.engine.scanner import Finding

ENTITIES = ("PERSON", "LOCATION", "NRP")
"""What only a model finds in prose: names, places, and nationalities, religions and political groups."""

_MOST_CHARACTERS = 20_000


class ModelError(Exception):
    """The language model that the settings name cannot be used; the text says why and what to do."""


@lru_cache(maxsize=4)
def language_model(name: str | None, language: str) -> LanguageModel | None:
    """The model of that name or path, else an installed one of the language, the largest; None when there is none.

    Raises `ModelError` when the one that is named cannot be loaded.
    """
    from spacy.util import get_installed_models

    if name is None:
        sizes = ("trf", "lg", "md", "sm")
        installed = [found for found in get_installed_models() if found.startswith(f"{language}_")]
        ranked = sorted(installed, key=lambda found: next((i for i, s in enumerate(sizes) if found.endswith(s)), 9))
        name = next(iter(ranked), None)
    elif name not in get_installed_models() and not Path(name).is_dir():
        raise ModelError(f"the spaCy model {name} is not installed: python -m spacy download {name}")
    return LanguageModel(name, language) if name else None


class LanguageModel:
    """One spaCy model, through Presidio's mapping of its labels."""

    def __init__(self, name: str, language: str) -> None:
        from presidio_analyzer.nlp_engine import SpacyNlpEngine

        self.name = name
        self.language = language
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        try:
            self._engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": name}])
            self._engine.load()
        except (SystemExit, Exception) as error:
            raise ModelError(
                f"the spaCy model {name} cannot be loaded: {type(error).__name__}; install it again"
            ) from None

    def find(self, texts: Iterable[str]) -> Mapping[str, list[Finding]]:
        """The names, places and groups in each text; texts without any are left out."""
        found = {}
        shortened = [(text[:_MOST_CHARACTERS], text) for text in texts]
        for _, artifacts, text in self._engine.process_batch(shortened, self.language, batch_size=64, as_tuples=True):
            findings = [
                Finding(entity.label_, entity.start_char, entity.end_char, score)
                for entity, score in zip(artifacts.entities, artifacts.scores, strict=False)
                if entity.label_ in ENTITIES
            ]
            if findings:
                found[text] = findings
        return found
