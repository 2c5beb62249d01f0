"""Finding literal secrets in text with the detectors of detect-secrets, which Checkov brings along.

The detectors that know a format (cloud keys, tokens, private keys, passwords in URLs) speak for themselves. The one
that goes by the name beside a value calls every `max_tokens` and `tokenizer` a secret, which in ML configuration is
most of what it finds, so its finds count only where name and value could both be a secret's. Nothing here gives out a
value.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

_FORMATS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "cloudant": "CloudantDetector",
    "github_token": "GitHubTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "ibm_cos_hmac": "IbmCosHmacDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "private_key": "PrivateKeyDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "twilio": "TwilioKeyDetector",
}
"""Module of detect-secrets to its detector of a format."""

_PRIVATE_KEYS = [f"-----BEGIN {kind}PRIVATE KEY-----".encode() for kind in ("", "DSA ", "EC ", "OPENSSH ", "RSA ")]
_FURTHER_FORMATS = {
    "Hugging Face Token": r"(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9_])",
    "GitHub Token": r"github_pat_[A-Za-z0-9_]{36,}",
    "Azure Shared Access Signature": r"[?&]sig=((?:[A-Za-z0-9+/_-]|%[0-9A-Fa-f]{2}){40,})",
    "Azure Shared Access Key": r"SharedAccessKey=([A-Za-z0-9+/]{40,}={0,2})",
    # Whole groups of three bytes are written alike in base64, whatever follows them.
    "Private Key": "|".join(re.escape(base64.b64encode(head[: len(head) // 3 * 3]).decode()) for head in _PRIVATE_KEYS),
}
"""Kind of secret to the pattern of formats that detect-secrets does not know.

Tokens of https://huggingface.co/docs/hub/security-tokens, fine-grained ones of GitHub, signatures in URLs and keys in
connection strings of Azure, private keys as kubeconfig files hold them.
"""

_PUBLIC_PEM = re.compile(
    r"-----BEGIN (CERTIFICATE|PUBLIC KEY|[\w ]*CERTIFICATE REQUEST)-----.*?(-----END|\Z)", re.DOTALL
)
_NO_SECRET_NAME = re.compile(
    r"""token(s|iz|is)|  # max_tokens, tokenizer
        (^|[_.-])(bos|cls|eos|eot|image|mask|max|min|next|num|pad|per|sep|special|start|stop|unk|no|use)[_.-]?token|
        token[_.-]?(budget|count|len|limit|size|type)|
        (^|[_.-])(public|foreign|primary|sort|partition|cache|row|object|label|annotation|map|entity|feature|group|index|
         join|merge|shard)[_.-]?key|
        (alg|algorithm|arn|audience|authentication|backend|class|config|count|database|dir|directory|
         driver|enabled|encryption|endpoint|engine|env|expir\w*|file|filename|fingerprint|
         format|hasher|header|host|id|identifier|ids|interval|issuer|key[_-]?name|kind|
         length|location|login|manager|mode|mount|name|namespace|names|path|policy|port|
         prefix|project|provider|ref|refresh|region|rotation|schedule|secs?|seconds|sha\d*|
         source|store|suffix|template|timeout|ttl|type|uri|url|usage|user|username|vault|
         version|volume)s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSWORD_NAME = re.compile(
    r"(pass(wd|word|phrase)?|pwd)s?([_.-]?(\d+|dev|live|prod|stage|staging|test|uat))?$", re.IGNORECASE
)
_ENTROPY_NAME = re.compile(r"(key|credentials?)$", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"""[\W_x0]*|(true|false|null|none|nil|undefined|yes|no|on|off|n/?a|tbd|todo)|[\d.,:e+-]+|
        .*(change|replace)[-_ ]?(me|this).*|
        (.*[\W_])?(change|replace|update|insert|fill|put|set)[-_ ]?(it|me|this|in|here)(\d{1,3}|[\W_].*)?|
        (.*[\W_])?(not?[-_ ]([a-z]+[-_ ])?|none[-_ ])(needed|necessary|required|used)([\W_].*)?|unused|
        .*(place[-_ ]?holder|redacted|dummy|example|sample|your[-_ ]|to[-_ ]be[-_ ]|injected|overrid).*|
        \$.*|<.*>|\{\{.*|.*\}\}|%.*%|%(\(\w+\))?[a-z]|\[.*\]|\(.*\)|@.*@|__.*__|
        (vault|ssm|secretsmanager|ref|arn|op|projects|gcp|azure|akv|env|secret|file|s3|gs|https?|k8s|valueFrom)[:/].*|
        \.{0,2}/.*|~/.*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_NAME_LIKE = re.compile(r"[a-z]+([-_. /][a-z]+)*[-_]?\d{0,2}")
_WORDY = re.compile(r"[a-z]+([-_. /:]+([a-z]+\d{0,2}|\d{1,4}[a-z]?))*")
_ASSIGNED = re.compile(r"""(?P<name>[\w.-]+)["'\]]*\s*(?::=|={1,3}|=>|:)\s*[@fbru]{0,2}["'`]?$""")
_TEMPLATE = re.compile(r"\$\{[^{}]*\}|\$\(\w+\)|\{\{[^{}\n]*\}\}|__not-known-\d+__")
"""What is filled in later; the last is what `terraform_view.encoding` writes for an expression."""
_PIECES = re.compile(
    r"""(?: "[^"=:\n]*" | '[^'=:\n]*' | (?! [,;{}] | \s\#\s | \s(?=["\w.-]+["']?=) ). )+""", re.VERBOSE
)
"""The parts of a line of which each holds one assignment; a quoted text that assigns nothing is never cut."""
_INDENTATION = re.compile(r"\n[ \t]+")
_CALL = re.compile(r"[\w.]+\(.*|[\w.]+\[.*|[\w.| ]+ = .*")
"""Code where a value would stand: a call, an index, a parameter's type."""
_WORDS = re.compile(
    r"(api|auth|service|account|db|database|priv|private|client|nessus|recaptcha\w*)[_.-]?key|pass|pwd|token|secret|contrase"
)
"""Without one of these words the detector that goes by names finds nothing; to look for them first is much faster.

This one and the next are looked for in folded text, which is several times faster than to ignore case.
"""
_MAY_HOLD_A_FORMAT = re.compile(r"[a-z0-9+/=_-]{20}|://|eyj|xox|sq0csp|begin|putty|sig=")
"""Without any of these no detector of a format finds anything: most look for a long run of letters and digits."""
_LONGEST = 200_000
_LONGEST_PIECE = 2000
_GAP = "\0"


@lru_cache(maxsize=1)
def _detectors() -> tuple[list[Any], Any, Any]:
    # Imported here because every runner loads this module, and few scans hold a text to look into.
    from importlib import import_module

    from detect_secrets.plugins.base import RegexBasedDetector
    from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString
    from detect_secrets.plugins.keyword import CONFIG_DENYLIST_REGEX_TO_GROUP, KeywordDetector

    formats: list[Any] = [
        type(kind, (RegexBasedDetector,), {"secret_type": kind, "denylist": [re.compile(pattern)]})()
        for kind, pattern in _FURTHER_FORMATS.items()
    ]
    formats += [getattr(import_module(f"detect_secrets.plugins.{name}"), kind)() for name, kind in _FORMATS.items()]
    keyword = KeywordDetector()
    return (
        formats,
        lambda line: keyword.analyze_string(line, CONFIG_DENYLIST_REGEX_TO_GROUP),
        Base64HighEntropyString(4.5),
    )


def secrets_in(fields: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Place, name and kind of secret of those fields, each a place, a name and a value, whose value looks like one."""
    named = list(fields)
    # One look at all texts together is much faster than one at each, and most often finds nothing.
    any_format = _format_in("\n".join(value[:_LONGEST] for _, _, value in named)) is not None
    any_name = _may_name_a_secret([text for _, name, value in named for text in (name, value[:_LONGEST])])
    for place, name, value in named:
        kind = (any_format and _format_in(value[:_LONGEST])) or (any_name and _named_secret(name, value))
        if kind:
            yield place, name, kind


def secret_in_value(name: str, value: str) -> str | None:
    """What kind of secret the value of a named field, variable or parameter looks like; None when like none."""
    return next((kind for _, _, kind in secrets_in([("", name, value)])), None)


def _may_name_a_secret(texts: list[str]) -> bool:
    """Whether one of some names and values holds what `_by_name` goes by."""
    return _has_word("\n".join(texts)) or any(map(_ENTROPY_NAME.search, texts))


def _has_word(text: str) -> bool:
    return _WORDS.search(text.casefold()) is not None


def _named_secret(name: str, value: str) -> str | None:
    by_name = _by_name(name, value.strip()) if "\n" not in value.strip() else None
    return by_name or _in_pairs(_PUBLIC_PEM.sub("", value[:_LONGEST]))


def is_placeholder(value: str) -> bool:
    """Whether a value only stands in for a secret: empty, a template's variable, or the likes of `change-me`."""
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


def names_no_secret(name: str) -> bool:
    """Whether a name is that of something beside a secret, such as a host, a user or a token's length."""
    return _NO_SECRET_NAME.search(name) is not None


def _stands_in(value: str) -> bool:
    """Whether a value is a placeholder, or is put together when it is used."""
    return is_placeholder(value) or _TEMPLATE.search(value) is not None


def _may_hold_a_format(text: str) -> bool:
    return _MAY_HOLD_A_FORMAT.search(text.casefold()) is not None


def _format_in(text: str) -> str | None:
    from detect_secrets.filters.heuristic import is_prefixed_with_dollar_sign, is_templated_secret

    if not _may_hold_a_format(text):
        return None
    formats, _, _ = _detectors()
    text = _PUBLIC_PEM.sub("", _INDENTATION.sub("\n", text)).replace("://:", "://_:")  # A password without a user.
    for detector in formats:
        for value in detector.analyze_string(text):
            if not (
                is_templated_secret(value) or is_prefixed_with_dollar_sign(value) or _is_harmless(detector, value, text)
            ):
                return str(detector.secret_type)
    return None


def _is_harmless(detector: Any, value: str, text: str) -> bool:
    """Whether a password in a URL is a placeholder, or the URL one of documentation's domains."""
    if type(detector).__name__ != "BasicAuthDetector":
        return False
    url = re.search(rf"[^\s\"']*:{re.escape(value)}@[^\s\"']*", text)
    return _stands_in(value) or url is None or not detector.analyze_line(filename="", line=url[0])


def _by_name(name: str, value: str) -> str | None:
    """Whether a name makes its value a secret's."""
    if not (_has_word(name) or _ENTROPY_NAME.search(name)):
        return None
    _, keyword, entropy = _detectors()
    if not value or names_no_secret(name) or _stands_in(value):
        return None
    plain = re.sub(r"[\s'\"`]", "_", value)
    if any(keyword(f'{name}: "{plain}"')) and _could_be(name, value):
        return "Secret Keyword"
    if not _ENTROPY_NAME.search(name) or len(value) < 16 or (_WORDY.fullmatch(value) and not _has_word(name)):
        return None
    if any(entropy.analyze_string(f'"{plain}"')):
        return "High Entropy String"
    return None


def _could_be(name: str, value: str) -> bool:
    """Passwords may be words; a token or key that is but a few words is the name of one."""
    if _PASSWORD_NAME.search(name):
        return len(value) > 3
    return len(value) >= 8 and " " not in value and not _NAME_LIKE.fullmatch(value)


def _in_pairs(text: str) -> str | None:
    """What the names and values in the lines of a text look like."""
    for name, value in _candidates(text):
        if not _CALL.fullmatch(value) and _by_name(name, value):
            return "Secret Keyword"
    return None


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    _, keyword, _ = _detectors()
    for line in text.splitlines():
        # Most lines name no secret, and what is filled in later would be cut at its braces.
        pieces = _PIECES.finditer(_TEMPLATE.sub(_GAP, line.replace('\\"', '"'))) if _has_word(line) else ()
        for piece in (match.group() for match in pieces):
            if len(piece) > _LONGEST_PIECE or not _has_word(piece):
                continue
            for found in keyword(piece):
                match = _ASSIGNED.search(piece.rpartition(found)[0])
                if match and _GAP not in found:
                    yield match["name"], found.strip().rstrip(";,").strip("\"'`")
