"""IAM_14 who may call AgentCore gateways, runtimes and registries, and what their policy engine does."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, any_of, failed, passed, unresolved

_JWT = "authorizer_configuration.custom_jwt_authorizer"
_LIMITS = ("allowed_audience", "allowed_clients", "allowed_scopes", "custom_claim.inbound_token_claim_name")
_MODE = "policy_engine_configuration.mode"
_TYPES = ("authorizer_type", "discovery_configuration.authorizer_type")


def _paths(prefix: str = "") -> tuple[str, ...]:
    """Where a token's issuer stands, and what of its tokens is let in."""
    return tuple(f"{prefix}{_JWT}.{name}" for name in ("discovery_url", *_LIMITS))


class AgentCoreAuthorisation(TerraformControl):
    id = "CKV_AIML_IAM_14"
    name = "Ensure AgentCore gateways, runtimes and registries authorise callers and their policies are enforced"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {
        "aws_agentregistry_registry": (_TYPES[1], *_paths("discovery_configuration.")),
        "aws_bedrockagentcore_agent_runtime": _paths(),
        "aws_bedrockagentcore_gateway": (_TYPES[0], *_paths(), _MODE),
        "aws_bedrockagentcore_harness": _paths(),
        "aws_bedrockagentcore_policy": ("validation_mode",),
        "aws_bedrockagentcore_registry": (_TYPES[0], *_paths()),
    }
    why = (
        "A gateway without inbound authorisation lends its tools, and the credentials it holds for them, to anyone who "
        "finds its address; a token authoriser without audience, client, scope or claim takes every token that the "
        "identity provider ever gave to any application. A policy engine that only logs refuses nothing."
    )
    fix = (
        "Set authorizer_type to AWS_IAM, or to CUSTOM_JWT with allowed_audience, allowed_clients, allowed_scopes or "
        "custom_claim, and a policy engine's mode to ENFORCE."
    )
    guideline = "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html"
    covers = ("C2", "C3", "C7")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.3", "ATLAS:AML.T0012", "FSBP:BedrockAgentCore.2")
    limits = (
        "A runtime or harness without an authoriser takes requests signed with IAM credentials, and a registry too, so "
        "they pass. A policy engine is demanded only of a gateway that merely authenticates; of policies it is judged "
        "that the service's own findings, such as one that permits everything, refuse them, not what they say."
    )
    fails = """
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "tools"
  role_arn        = "arn:aws:iam::111122223333:role/tools"
  protocol_type   = "MCP"
  authorizer_type = "NONE"
}
"""
    passes = """
resource "aws_bedrockagentcore_gateway" "tools" {
  name            = "tools"
  role_arn        = "arn:aws:iam::111122223333:role/tools"
  protocol_type   = "MCP"
  authorizer_type = "CUSTOM_JWT"
  authorizer_configuration {
    custom_jwt_authorizer {
      discovery_url    = "https://login.example.org/.well-known/openid-configuration"
      allowed_audience = ["tools"]
    }
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "aws_bedrockagentcore_policy":
            return one_of("FAIL_ON_ANY_FINDINGS")(resource.attribute("validation_mode"))
        kinds = [resource.attribute(path) for path in self.paths(resource) if path in _TYPES]
        engine = each(resource, [_MODE], one_of("ENFORCE")) if _MODE in self.paths(resource) else None
        verdicts = [_kind(kind, engine) for kind in kinds]
        verdicts += _tokens(resource, self.paths(resource))
        if engine is not None:
            verdicts.append(engine)
        return all_of(verdicts) if verdicts else passed("callers sign requests with IAM credentials")


def _kind(kind: Attribute, engine: Verdict | None) -> Verdict:
    """One that only authenticates leaves the decision to a policy engine, where there is one."""
    has_engine = engine is not None and engine.outcome is not Outcome.NOT_APPLICABLE
    offloaded = isinstance(kind.known, str) and kind.known.upper() == "AUTHENTICATE_ONLY"
    return one_of("AWS_IAM", "CUSTOM_JWT", *(["AUTHENTICATE_ONLY"] if has_engine and offloaded else []))(kind)


def _tokens(resource: Resource, paths: tuple[str, ...]) -> Iterator[Verdict]:
    """Where tokens are taken: their issuer's address is encrypted, and not every token of that issuer is let in."""
    issuers = [issuer for path in paths if path.endswith(".discovery_url") for issuer in resource.attributes(path)]
    yield from map(_issuer, issuers)
    if issuers:
        limits = [path for path in paths if path.endswith(_LIMITS)]
        yield any_of(_limit(limit) for path in limits for limit in resource.attributes(path))


def _issuer(url: Attribute) -> Verdict:
    if isinstance(url.known, str) and not url.known.lower().startswith("https://"):
        return failed("no https address, so who is on the way may forge the issuer's keys; use https").about(url.path)
    return passed("https").about(url.path) if url.is_set else unresolved("not known").about(url.path)


def _limit(limit: Attribute) -> Verdict:
    if isinstance(limit.state, Unset) or limit.known == []:
        place = limit.path.partition(".custom_jwt_authorizer")[0]
        text = "takes every token of its issuer; give allowed_audience, allowed_clients, allowed_scopes or custom_claim"
        return failed(text).about(place)
    return passed("limited").about(limit.path) if limit.is_set else unresolved("may be empty").about(limit.path)


check = AgentCoreAuthorisation()
