"""Which pipelines of GitHub and GitLab may assume a role with their OpenID Connect tokens.

Subjects: https://docs.github.com/actions/reference/security/oidc and
https://docs.gitlab.com/ci/secrets/id_token_authentication/. Claims of GitHub that a trust policy may compare beside
the subject: https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from checkov_aiml.judgements.caller_conditions import lets_absence_pass
from checkov_aiml.judgements.role_trust import by_address, is_instance_of, readable_trust
from checkov_aiml.terraform_view.permissions import roles_of
from checkov_aiml.terraform_view.policy import Condition, Member, Principal, Statement
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_HOLE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_UNDECIDED = re.compile(r"\$\{[^}]*\b(?:var|local|each|module)\.")
_WILD = r"[*?]*(?::|$)"
_ANYTHING = re.compile(r"(?:.*/)?[*?]*")

_ADVICE = {
    "GitHub": "compare sub with repo:OWNER/REPOSITORY:environment:NAME or …:ref:refs/heads/BRANCH",
    "GitLab": "compare sub with project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH",
}

_PLACES = rf"environment:(?!{_WILD})|ref:refs/(?:heads|tags)/(?!{_WILD})|workflow_ref:(?!{_WILD})"

_DEMANDED = {
    "GitHub": {
        "repository": (
            re.compile(r"[*?].*|(?!.*\b(?:repo|repository|repository_id):[^:*?]+(?::|$)).*"),
            ("repository", "repository_id"),
        ),
        "branch, tag or environment": (
            re.compile(rf"(?!.*(?:{_PLACES})).*"),
            ("environment", "job_workflow_ref", "ref", "workflow"),
        ),
    },
    "GitLab": {
        "project": (re.compile(r"(?!project_path:[^:*?]+(?::|$)).*"), ()),
        "branch or tag": (re.compile(rf"(?!.*:ref:(?!{_WILD})).*"), ()),
    },
}
"""What the subject must name: which subjects do not, such as `repo:org/*`, `…:pull_request` or `…:ref:refs/heads/*`,
and which other claims name it as well."""


def concerns_ai(role: Resource) -> bool:
    """Whether a role is one of a pipeline, in a root module that has AI in it or with rights on AI."""
    index, estate = roles_of(role), role.estate
    assumed = estate.once(("pipeline roles by address", role.root), lambda: by_address({**index.ci, **index.ai}))
    if role.address not in assumed:
        return False
    if index.ai or next(estate.ai_resources(role.root), None):
        return True
    own = (index.permissions[one] for one in index.ci if is_instance_of(one, role))
    return any(policy.names_ai_actions for permissions in own for policy in permissions.policies)


def judge_pipelines(role: Resource) -> Verdict:
    """Whether only pipelines of a named repository and branch, tag or environment may assume a role."""
    verdicts = [verdict for one in readable_trust(role) if one.allows for verdict in _statement(one)]
    return all_of(verdicts) if verdicts else not_applicable("no pipeline assumes the role")


def _statement(statement: Statement) -> Iterator[Verdict]:
    federated = [one for one in statement.principals if one.kind.casefold() == "federated"]
    platforms = dict.fromkeys(_platform(_issuer(one), statement) for one in federated)
    for platform in filter(None, platforms):
        yield from (verdict.about(statement.name) for verdict in judge_claims(platform, statement.conditions))


def _issuer(principal: Principal) -> str:
    """The address of who issues the tokens: from the provider's ARN, or of the provider that it names."""
    providers = (t for t in principal.targets if t.type == "aws_iam_openid_connect_provider")
    urls = (provider.text("url") or "" for provider in providers)
    return " ".join([principal.partition(":oidc-provider/")[2] or principal, *urls]).casefold()


def _platform(issuer: str, statement: Statement) -> str | None:
    """GitHub or GitLab, by the issuer's address or the shape of the subjects; None for any other issuer."""
    told = " ".join([issuer, *(condition.key for condition in statement.conditions)])
    subjects = [value for one in statement.conditions if _claim(one) == "sub" for value in one.values]
    if "oidc.eks." in told or any(subject.startswith("system:serviceaccount:") for subject in subjects):
        return None
    if "githubusercontent.com" in told or "/_services/token" in told:
        return "GitHub"
    if "gitlab" in told or any(subject.startswith("project_path:") for subject in subjects):
        return "GitLab"
    return "GitHub" if any(subject.startswith("repo:") for subject in subjects) else None


def _claim(condition: Condition) -> str:
    """The claim that a condition compares: `sub` for `token.actions.githubusercontent.com:sub`."""
    return condition.key.rpartition(":")[2]


def judge_claims(platform: str, conditions: Iterable[Condition]) -> Iterator[Verdict]:
    """What a statement's conditions let pass of the tokens of GitHub or GitLab."""
    conditions = tuple(conditions)
    if not all(condition.is_known for condition in conditions):
        yield unresolved("a condition is not known")
        return
    demanded = defaultdict[str, list[Condition]](list)
    for condition in conditions:
        if not condition.is_negative and not lets_absence_pass(condition):
            demanded[_claim(condition)].append(condition)
    skipped = {_claim(condition) for condition in conditions if lets_absence_pass(condition)} - set(demanded)
    trap = f" (…IfExists and ForAllValues let in tokens without {', '.join(sorted(skipped))})" if skipped else ""
    yield _pipelines(platform, demanded, trap)
    if _names(demanded["aud"], _ANYTHING) is False:
        yield failed(f"takes tokens for any audience{trap}; compare aud, with sts.amazonaws.com for AWS's own action")


def _pipelines(platform: str, demanded: Mapping[str, list[Condition]], trap: str) -> Verdict:
    """Whether the subject, or else GitHub's other claims, name a repository and a branch, tag or environment."""
    missing, answers = [], []
    for what, (is_open, claims) in _DEMANDED[platform].items():
        others = [condition for name in claims for condition in demanded.get(name, ())]
        limits = (_names(demanded.get("sub", []), is_open), _names(others, _ANYTHING))
        answers.append(True if True in limits else None if None in limits else False)
        missing += [what] if answers[-1] is False else []
    if missing:
        subjects = ", ".join(value for condition in demanded.get("sub", ()) for value in condition.values)
        if not subjects:
            return failed(f"no condition demands a sub{trap}, so anyone's pipeline gets the role; {_ADVICE[platform]}")
        return failed(f"sub may be {subjects}, which names no {' and no '.join(missing)}; {_ADVICE[platform]}")
    if None in answers:
        return unresolved(f"which pipelines of {platform} may assume the role is not known")
    return passed(f"pipelines of a named repository on {platform}")


def _names(conditions: list[Condition], is_open: re.Pattern[str]) -> bool | None:
    """Whether one of several conditions has only values that are not open; None where nobody can tell."""
    answers = [_all_closed(one, is_open) for one in conditions]
    return True if True in answers else None if None in answers else False


def _all_closed(condition: Condition, is_open: re.Pattern[str]) -> bool | None:
    """Wildcards count where the operator takes them; elsewhere they are characters like others."""
    like = "like" in condition.operator.casefold()
    answers = [_is_closed(value, is_open, like) for value in condition.values]
    return False if False in answers or not answers else None if None in answers else True


def _is_closed(value: Member, is_open: re.Pattern[str], like: bool) -> bool | None:
    if value.is_unresolved or _UNDECIDED.search(value):
        return None
    text = str(value) if value.is_known or "${" in value else "x"
    text = _HOLE.sub("x", text)
    return not is_open.fullmatch(text if like else re.sub("[*?]", "x", text))
