"""British phone numbers, found as Presidio's recognizer finds them but without parsing what cannot be one.

`phonenumbers` tries to parse every run of digits. Most cells of a dataset hold runs that no parse can accept; which
these are follows from its own metadata, and everything in doubt is left to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_DIGITS = re.compile(r"[0-9]+")
_RUN = re.compile(r"[0-9][-0-9xX ()./\[\]~]{5,}")
_PLAIN_NUMBER = re.compile(
    r"(?:0|\+44 ?(?:\(0\) ?)?)(?P<open>[1-9][0-9]*(?: [0-9]+){0,4})"
    r"|\(0(?P<bracketed>[1-9][0-9]*\) ?[0-9]+(?: [0-9]+){0,3})"
)
_TYPES = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
    "mobile",
)
_SHORTEST = 7
"""Digits of the shortest British number; a number of another country starts with 00 or a plus sign."""


def _union(regions: tuple[str, ...]) -> re.Pattern[str]:
    """What the national numbers of these regions may look like."""
    parts = []
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region(region, None)
        for kind in _TYPES:
            description = getattr(metadata, kind)
            if description is not None and description.national_number_pattern:
                lengths = description.possible_length or metadata.general_desc.possible_length
                length = "|".join(f".{{{n}}}" for n in lengths if n > 0)
                parts.append(f"(?=(?:{length})$)(?:{description.national_number_pattern})")
    return re.compile("|".join(parts))


def _prefixed_formats() -> re.Pattern[str]:
    """National numbers that count only when they are written with the national prefix; nothing when some need none."""
    formats = PhoneMetadata.metadata_for_region("GB", None).number_format
    if any(not f.national_prefix_formatting_rule or f.national_prefix_optional_when_formatting for f in formats):
        return re.compile(r"(?!)")
    return re.compile("|".join(f"(?=(?:{f.leading_digits_pattern[-1]}))(?:{f.pattern})" for f in formats))


class BritishNumbers:
    """Tells cells without a phone number, and cells that are one, from those that `phonenumbers` must look at."""

    def __init__(self) -> None:
        regions = COUNTRY_CODE_TO_REGION_CODE[44]
        self._possible = _union(regions).fullmatch
        self._certain = _union(("GB",)).fullmatch
        self._needs_prefix = _prefixed_formats().fullmatch

    def is_number(self, text: str) -> bool:
        """Whether the whole text certainly is one number."""
        plain = _PLAIN_NUMBER.fullmatch(text)
        if not plain:
            return False
        national = (plain["open"] or plain["bracketed"]).replace(" ", "").replace(")", "")
        return self._certain(national) is not None

    def may_hold_number(self, text: str) -> bool:
        """False when no number can be found in the text, which is ASCII."""
        if "+" in text:
            return True
        return any(map(self._run_may_hold_number, _RUN.findall(text)))

    def _run_may_hold_number(self, run: str) -> bool:
        """The same of a run of digits and of what may stand between the digits of a number."""
        blocks = _DIGITS.findall(run)
        if len(blocks) == 1:
            return len(blocks[0]) >= _SHORTEST and (len(blocks[0]) > 400 or self._may_be_number(blocks[0]))
        if len(blocks) > 24:
            return True
        for first in range(len(blocks)):
            digits = ""
            for block in blocks[first:]:
                digits += block
                if len(digits) > 32:
                    break
                if len(digits) >= _SHORTEST and self._may_be_number(digits):
                    return True
        return False

    def _may_be_number(self, digits: str) -> bool:
        if digits[0] == "0":
            return self._possible(digits[1:]) is not None if digits[1] != "0" else _possible_abroad(digits[2:])
        if digits.startswith("44"):
            return self._possible(digits[2:].lstrip("0")) is not None or self._unprefixed(digits)
        return digits.startswith("180020") or self._unprefixed(digits)

    def _unprefixed(self, digits: str) -> bool:
        return self._possible(digits) is not None and self._needs_prefix(digits) is None


@lru_cache(maxsize=512)
def _national_lengths(country_code: int) -> frozenset[int]:
    lengths: set[int] = set()
    for region in COUNTRY_CODE_TO_REGION_CODE[country_code]:
        if region == "001":
            metadata = PhoneMetadata.metadata_for_nongeo_region(country_code, None)
        else:
            metadata = PhoneMetadata.metadata_for_region(region, None)
        lengths.update(metadata.general_desc.possible_length if metadata else range(2, 18))
    # A national prefix or carrier code of up to five digits may stand before the number.
    return frozenset(length + prefix for length in lengths for prefix in range(6))


def _possible_abroad(digits: str) -> bool:
    """Whether digits that follow an international prefix may be a country code and a number of that country."""
    for size in (1, 2, 3):
        if digits[:size] and int(digits[:size]) in COUNTRY_CODE_TO_REGION_CODE and digits[0] != "0":
            return len(digits) - size in _national_lengths(int(digits[:size]))
    return False
