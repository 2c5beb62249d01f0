"""What the families of guardrails mean, for readers who are no engineers."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "NET": "AI systems are not reachable from the public internet, and cannot send data out to it.",
    "ENC": "Data is unreadable to outsiders, stored or on its way, and the organisation holds the keys.",
    "RES": "Data and its processing stay in the regions that the organisation allows, by default in the UK.",
    "IAM": "People and systems in the cloud may do what their work needs, and no more.",
    "RBAC": "People and programs on the Kubernetes platform may do what their work needs, and no more.",
    "SEC": "Passwords and keys come from a vault at the time of use, and are not written into code.",
    "PII": "Sample datasets that lie beside the code hold no personal data that anybody could read.",
    "GRD": "Models refuse harmful requests, and do not reveal what they should keep.",
    "GOV": "It is known who owns a model, what it is made of, and whether it is approved.",
    "LOG": "What AI systems do is recorded, kept as long as it should be, and watched.",
    "CI": "The pipelines that build and deploy AI systems cannot be turned against them.",
}
"""Family code to what it protects, in one sentence."""

SEVERITIES: Mapping[str, str] = {
    "CRITICAL": "An attacker could take over systems or data. Correct it before anything is deployed.",
    "HIGH": "A serious weakness that exposes data or systems. Correct it before deployment.",
    "MEDIUM": "A weakness that makes an attack easier or its damage greater. Plan its correction.",
    "LOW": "Good practice that is missing.",
}
"""Severity, the gravest first, to what it means."""
