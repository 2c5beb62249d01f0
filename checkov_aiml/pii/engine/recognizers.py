"""The Presidio recognizers that datasets are judged with. Importing this module imports Presidio: about a second.

The selection is that of a UK organisation. Presidio's American recognizers, URLs, UUIDs and dates are left out: on
feature columns they find something in almost every cell.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

import tldextract
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
)

REGISTRY_FLAGS = re.DOTALL | re.MULTILINE | re.IGNORECASE
"""What Presidio's registry gives every recognizer that it loads; some constructors have other defaults."""

INTERNAL_DOMAINS = ("local", "localdomain", "corp", "internal", "intranet", "lan", "home", "private")

# The bundled list: the default extractor would fetch one over HTTP, without a time limit.
_extract_domain = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_NOT_BASE58 = re.compile(r"[^1-9A-HJ-NP-Za-km-z]")
_PLAIN_ADDRESS = re.compile(r"[\w.+-]+@([\w.-]+)")


@lru_cache(maxsize=65_536)
def _is_registrable(address: str) -> bool:
    return _extract_domain(address).fqdn != ""


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's e-mail recognizer with the bundled list of public suffixes: nothing is fetched, nothing is cached."""

    def validate_result(self, pattern_text: str) -> bool:
        plain = _PLAIN_ADDRESS.fullmatch(pattern_text)
        return _is_registrable(f"x@{plain[1]}" if plain else pattern_text)


class QuietIbanRecognizer(IbanRecognizer):
    """Presidio's IBAN recognizer, which would log the text of what it cannot compute."""

    def validate_result(self, pattern_text: str) -> bool | None:
        return super().validate_result(pattern_text) if pattern_text.isascii() else False


class QuickCryptoRecognizer(CryptoRecognizer):
    """Presidio's recognizer of Bitcoin addresses, which computes checksums of what is not base 58 too."""

    def validate_result(self, pattern_text: str) -> bool:
        if pattern_text[0] in "13" and _NOT_BASE58.search(pattern_text):
            return False
        return bool(super().validate_result(pattern_text))


def _own_recognizers(language: str) -> list[EntityRecognizer]:
    """What Presidio has no pattern for: Mastercard's second range, cards of 19 digits, mail inside an organisation."""
    cards = [
        Pattern("Mastercard 2-series", r"\b2[2-7]\d{2}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}\b", 0.3),
        Pattern("19 digits", r"\b(?:4|6[0245])\d{2,3}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{3}\b", 0.3),
    ]
    internal = rf"\b[\w.+-]{{1,64}}@(?:[\w-]+\.)*[\w-]+\.(?:{'|'.join(INTERNAL_DOMAINS)})\b"
    return [
        CreditCardRecognizer(patterns=cards, supported_language=language, name="MoreCardsRecognizer"),
        PatternRecognizer(
            "EMAIL_ADDRESS",
            name="InternalEmailRecognizer",
            patterns=[Pattern("Internal e-mail", internal, 0.5)],
            context=["email"],
            supported_language=language,
        ),
    ]


def uk_recognizers(language: str = "en") -> list[EntityRecognizer]:
    """The built-in set. Phone numbers are those of Great Britain, and those of any country with a plus sign."""
    kinds: list[Any] = [
        NhsRecognizer,
        UkNinoRecognizer,
        UkPostcodeRecognizer,
        UkPassportRecognizer,
        UkDrivingLicenceRecognizer,
        UkVehicleRegistrationRecognizer,
        OfflineEmailRecognizer,
        CreditCardRecognizer,
        IpRecognizer,
        MacAddressRecognizer,
        QuickCryptoRecognizer,
    ]
    recognizers: list[EntityRecognizer] = [kind(supported_language=language) for kind in kinds]
    recognizers.append(QuietIbanRecognizer(supported_language=language, regex_flags=REGISTRY_FLAGS))
    recognizers.append(PhoneRecognizer(supported_language=language, supported_regions=("GB",)))
    return [*recognizers, *_own_recognizers(language)]


def analyzer(recognizers: list[EntityRecognizer], language: str = "en") -> AnalyzerEngine:
    """Presidio's own engine with these recognizers and no language model."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    configuration = {"nlp_engine_name": "no_op", "models": [{"lang_code": language, "model_name": "no_op"}]}
    nlp_engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    registry = RecognizerRegistry(recognizers=recognizers, supported_languages=[language])
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=[language])
