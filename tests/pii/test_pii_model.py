"""An installed spaCy model finds names and places: a tiny pipeline made here, no downloaded weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkov_aiml import settings
from checkov_aiml.pii import judge
from checkov_aiml.pii.engine import model
from checkov_aiml.pii.engine.masking import mask_text
from checkov_aiml.pii.judge import State, judge_file
from checkov_aiml.settings import PersonalData


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import spacy

    folder = tmp_path_factory.mktemp("model") / "tiny"
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "John Doe"},
            {"label": "GPE", "pattern": "Leeds"},
            {"label": "ORG", "pattern": "Acme"},
        ]
    )
    nlp.to_disk(folder)
    return folder


@pytest.fixture(autouse=True)
def models_are_forgotten() -> Iterator[None]:
    yield
    model.language_model.cache_clear()
    judge._load.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(f"pii:\n  model: {name}\n")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "s.yaml"))
    settings.forget()


def test_text(pipeline: Path) -> None:
    chosen = PersonalData(model=str(pipeline))
    assert (
        mask_text("User John Doe (john@example.com) purchased item X", chosen)
        == "User <PERSON> (<EMAIL_ADDRESS>) purchased item X"
    )
    assert mask_text("Acme in Leeds", chosen) == "Acme in <LOCATION>"


def test_prose_column(pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    rows = [made.sentence(__import__("random").Random(i)) for i in range(20)]
    path = made.write_csv(
        tmp_path / "a.csv", {"notes": [*rows, "A call with John Doe about it", "Then John Doe left for good"]}
    )
    assert judge_file(path).state is State.CLEAN
    use(monkeypatch, tmp_path, str(pipeline))
    judgement = judge_file(path)
    assert judgement.state is State.LEAK
    assert {(r.column, r.entity) for r in judgement.results} == {("notes", "PERSON")}
    assert "not looked for" not in str(judgement)


def test_a_model_that_is_not_installed_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    use(monkeypatch, tmp_path, "en_core_web_nothing")
    assert "python -m spacy download en_core_web_nothing" in judge_file(tmp_path / "a.csv").reason


def test_a_loader_that_exits_is_contained(pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    def leave(self: Any) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(SpacyNlpEngine, "load", leave)
    with pytest.raises(model.ModelError, match="cannot be loaded: SystemExit"):
        model.language_model(str(pipeline), "en")


def test_an_installed_model_is_found(pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy.util

    monkeypatch.setattr(
        spacy.util, "get_installed_models", lambda: ["de_core_news_lg", "en_core_web_sm", "en_core_web_lg"]
    )
    asked = []
    monkeypatch.setattr(model.LanguageModel, "__init__", lambda self, name, language: asked.append(name))
    model.language_model(None, "en")
    assert asked == ["en_core_web_lg"]
