"""Who may assume the roles of AI, as their trust policies say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checkov_aiml.judgements.caller_conditions import CALLER, SOURCE, any_demands
from checkov_aiml.judgements.resource_policies import RESOURCE_POLICIES
from checkov_aiml.judgements.role_holders import holder_types
from checkov_aiml.terraform_view.iam_actions import AI_PRINCIPAL
from checkov_aiml.terraform_view.permissions import roles_of
from checkov_aiml.terraform_view.policy import Member, Principal, Statement, statements
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset, Value
from checkov_aiml.verdict import MalformedError, Verdict, all_of, failed, not_applicable, passed, unresolved

_GUIDES = "https://docs.aws.amazon.com/"
_DEPUTY = "cross-service-confused-deputy-prevention.html"

NAMES_ITS_SOURCE: Mapping[str, str] = {
    "bedrock": f"{_GUIDES}bedrock/latest/userguide/agents-permission.html",
    "bedrock-agentcore": f"{_GUIDES}bedrock-agentcore/latest/devguide/runtime-security-best-practices.html",
    "comprehend": f"{_GUIDES}comprehend/latest/dg/{_DEPUTY}",
    "frauddetector": f"{_GUIDES}frauddetector/latest/ug/confused-deputy-prevention.html",
    "kendra": f"{_GUIDES}kendra/latest/dg/{_DEPUTY}",
    "lexv2": f"{_GUIDES}lexv2/latest/dg/{_DEPUTY}",
    "personalize": f"{_GUIDES}personalize/latest/dg/{_DEPUTY}",
    "qbusiness": f"{_GUIDES}amazonq/latest/qbusiness-ug/kendra-retriever-iam-role.html",
    "rekognition": f"{_GUIDES}rekognition/latest/dg/{_DEPUTY}",
    "sagemaker": f"{_GUIDES}sagemaker/latest/dg/security-confused-deputy-prevention.html",
    "transcribe": f"{_GUIDES}transcribe/latest/dg/security_iam_id-based-policy-examples.html",
}
"""AI services, by service principal without `.amazonaws.com`, for which AWS gives a trust policy with
`aws:SourceAccount` or `aws:SourceArn`, and where it does; of no other is the condition demanded."""

_SERVED = {
    "aws_chimesdkmediapipelines_media_insights_pipeline_configuration": ("mediapipelines.chime",),
    "aws_glue_ml_transform": ("glue",),
    "aws_sagemaker_device_fleet": ("credentials.iot",),
    "aws_sagemaker_domain": ("emr-serverless",),
    "aws_sagemaker_user_profile": ("emr-serverless",),
}
"""Types whose roles another service assumes too: what transforms, devices and the clusters of notebooks run on."""

_SUFFIX = re.compile(r"\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?(?:amazonaws\.com(?:\.cn)?|\$\{.*\})$")
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::.*)?")
_WHOLE_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::(?P<id>\d{12}):root|(?P<bare>\d{12}))")
_ANYONE = re.compile(r"\*|arn:[^:]*:(?:iam|sts)::[*?]*:.*")


def trust_of(role: Resource) -> list[Statement] | None:
    """The statements of a role's trust policy; None where it is not known. Raises `MalformedError`."""
    return role.estate.once(("trust policy", role), lambda: statements(role.attribute("assume_role_policy")))


def readable_trust(role: Resource) -> list[Statement]:
    """The same where it can be read; that it cannot be is said once, where its principals are judged."""
    try:
        return trust_of(role) or []
    except MalformedError:
        return []


def service_name(principal: Member) -> str:
    """The name of a service principal: `sagemaker` for `sagemaker.amazonaws.com`, in any partition and region."""
    return _SUFFIX.sub("", principal.casefold())


def is_ai_role(role: Resource) -> bool:
    """Whether an AI service may assume a role, an AI resource works with it, or a marker names it as AI's.

    That the policy of an AI resource admits a role is not enough: it may be that of a pipeline or a person.
    """
    why = why_of_ai(role)
    if why is None or not why.startswith("used by"):
        return why is not None or bool(holder_types(role))
    users = (user for user in role.referrers if role.estate.is_ai(user) and user.type not in RESOURCE_POLICIES)
    return bool(holder_types(role)) or any(users)


def why_of_ai(role: Resource) -> str | None:
    """Why a role, or an instance of its block, is one of AI; None where it is none."""
    found = role.estate.once(("AI roles by address", role.root), lambda: by_address(roles_of(role).ai))
    return found.get(role.address)


def is_instance_of(role: Resource, block: Resource) -> bool:
    """Whether a role is one of a block's instances, or the block itself."""
    return role.address == block.address or role.address.startswith(f"{block.address}[")


def by_address(found: Mapping[Resource, str]) -> dict[str, str]:
    """What is told of roles, by address; what is told of an instance is told of its block too."""
    told = {role.address: text for role, text in found.items()}
    blocks = {address[: address.rindex("[")]: text for address, text in told.items() if address.endswith("]")}
    return blocks | told


def judge_principals(role: Resource) -> Verdict:
    """Whether only approved services and named principals may assume a role."""
    found = trust_of(role)
    if found is None:
        return unresolved("the trust policy is not known").about("assume_role_policy")
    verdicts = [verdict for statement in found for verdict in _principals(role, statement)]
    return all_of(verdicts) if verdicts else not_applicable("nobody may assume the role")


def _principals(role: Resource, statement: Statement) -> Iterator[Verdict]:
    if not statement.is_known:
        yield unresolved("a part of the statement is not known").about(statement.name)
    known = [one for one in statement.principals if statement.allows and not one.is_unresolved]
    services = [one for one in known if one.kind.casefold() == "service" and not _ANYONE.fullmatch(one)]
    if services:
        yield _services(role, services).about(statement.name)
    for principal in known:
        if principal not in services:
            yield _principal(role, principal, statement).about(statement.name)


def _principal(role: Resource, principal: Principal, statement: Statement) -> Verdict:
    own, whole = _own_accounts(role), _WHOLE_ACCOUNT.fullmatch(principal)
    account = (whole["id"] or whole["bare"]) if whole else None
    named = any_demands(statement.conditions, CALLER) if principal.kind.casefold() in ("aws", "*", "") else False
    if _ANYONE.fullmatch(principal):
        what, instead = "admits everyone", "name the services and principals that assume the role"
    elif own and account and account not in own:
        what, instead = f"lets all of account {account} assume the role", "name a role of it, or demand sts:ExternalId"
    else:
        return passed("named principals")
    if named is None:
        return unresolved(f"{what} under a condition that is not known")
    return passed("named principals") if named else failed(f"{what}; {instead}")


def _services(role: Resource, principals: list[Principal]) -> Verdict:
    from checkov_aiml import settings

    approved = {one.service.casefold(): one.required_tag for one in settings.current().identity.trusted_services}
    others = [one for one in principals if not _is_of_ai(role, service_name(one))]
    strangers = [one for one in others if one.casefold() not in approved]
    if strangers:
        advice = "take that out, or approve it in the settings under identity.trusted_services"
        return failed(f"lets {', '.join(strangers)} assume the role, beside the services of AI; {advice}")
    tags = [(one, approved[one.casefold()]) for one in others]
    return all_of([passed("approved services"), *(_tagged(role, tag.key, tag.value, one) for one, tag in tags if tag)])


def _is_of_ai(role: Resource, service: str) -> bool:
    served = {name for kind in holder_types(role) for name in _SERVED.get(kind, ())}
    return bool(AI_PRINCIPAL.fullmatch(f"{service}.amazonaws.com")) or service in served


def _tagged(role: Resource, key: str, value: str | None, service: str) -> Verdict:
    places = (role.value("tags"), role.value("tags_all"), _default_tags(role))
    found = [(tags.known.get(key) or UNSET) if hasattr(tags.known, "get") else tags for tags in places]
    if any(one.known is not None and value in (None, str(one.known)) for one in found):
        return passed("approved services")
    if any(not isinstance(one.state, (Known, Unset)) for one in found):
        return unresolved(f"whether the role has the tag {key} is not known")
    wanted = f"{key}={value}" if value else key
    return failed(f"lets {service} assume the role, which is approved for roles tagged {wanted} only; add the tag")


def _default_tags(role: Resource) -> Value:
    provider = role.estate.provider_of(role)
    return provider.value("default_tags.tags") if provider else UNSET


def _own_accounts(role: Resource) -> frozenset[str]:
    """The accounts in which the role's root module is known to work; none where nothing tells which is the role's."""
    provider = role.estate.provider_of(role)
    return role.estate.once(("own accounts", role.root, provider), lambda: _accounts(role, provider))


def _accounts(role: Resource, own: Resource | None) -> frozenset[str]:
    providers = [one for one in role.estate.providers if one.root == role.root and one.type == "aws"]
    told = {provider: set(_accounts_told(provider)) for provider in providers}
    if len(providers) > 1 and not (own and told.get(own)):
        return frozenset()
    callers = (one for one in role.estate.resources if one.type == "aws_caller_identity" and one.root == role.root)
    looked_up = {one.text("account_id") for one in callers if len(providers) <= 1}
    return frozenset(account for found in (*told.values(), looked_up) for account in found if account)


def _accounts_told(provider: Resource) -> Iterator[str]:
    for path in ("allowed_account_ids", "assume_role.role_arn"):
        for item in (item for found in provider.attributes(path) for item in found.items()):
            account = _ACCOUNT.fullmatch(str(item.known))
            yield from [account[1]] if account else []


def judge_deputy(role: Resource) -> Verdict:
    """Whether AI services may assume a role only for the accounts or resources that its trust policy names."""
    return all_of(_deputy(statement) for statement in readable_trust(role))


def _deputy(statement: Statement) -> Verdict:
    principals = [one for one in statement.principals if statement.allows and one.kind.casefold() in ("service", "")]
    services = [name for name in dict.fromkeys(map(service_name, principals)) if name in NAMES_ITS_SOURCE]
    if not services and any(one.is_unresolved for one in principals):
        return unresolved("which services may assume the role is not known").about(statement.name)
    if not services:
        return not_applicable("no AI service that says for whom it acts")
    demanded = any_demands(statement.conditions, SOURCE)
    if demanded is None:
        return unresolved("a condition is not known").about(statement.name)
    if demanded:
        return passed("names for whom the service acts").about(statement.name)
    text = "may assume the role on behalf of any account; demand aws:SourceAccount or aws:SourceArn in a condition"
    return failed(f"{', '.join(services)} {text}").about(statement.name)
