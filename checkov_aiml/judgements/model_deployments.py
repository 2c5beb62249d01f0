"""Where a deployment of an Azure AI model processes what it is asked: in the account's location, or anywhere.

https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types
"""

from __future__ import annotations

from collections import defaultdict

from checkov_aiml.judgements.residency import allowance
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable, passed, unresolved

DEPLOYMENT = "azurerm_cognitive_deployment"
ARM_DEPLOYMENT = "Microsoft.CognitiveServices/accounts/deployments"
SPILLOVER = "properties.spilloverDeploymentName"
SKUS = {DEPLOYMENT: ("sku.name", "scale.type"), ARM_DEPLOYMENT: ("sku.name",)}

_REGIONAL = ("standard", "provisionedmanaged", "manual")
_ANYWHERE = {
    "global": "any Azure region may process what it is asked",
    "datazone": "any region of a data zone (US, EU or Asia Pacific, none of them the UK) may process what it is asked",
    "developer": "any Azure region may process what it is asked",
}


def judge_sku(deployment: Resource) -> Verdict:
    """The SKU, or in azurerm 3 the scale type, must keep processing in the account's location."""
    found = [one for path in _paths(deployment) for one in deployment.attributes(path)]
    given = next((one for one in found if not isinstance(one.state, Unset)), None)
    if given is None:
        return not_applicable("names no SKU")
    if not isinstance(given.known, str):
        text = "not a single text" if isinstance(given.state, Known) else given.state.text
        return unresolved(f"the SKU is not known ({text})").about(given.path)
    return _judged(given).about(given.path)


def _judged(sku: Attribute) -> Verdict:
    name = sku.known.casefold()
    reach = next((text for start, text in _ANYWHERE.items() if name.startswith(start)), None)
    if reach is not None:
        return failed(f"{sku.known}: {reach}, while {allowance('azure')}; set it to Standard or ProvisionedManaged")
    if name in _REGIONAL:
        return passed(f"{sku.known} processes in the location of the account")
    return unresolved(f"where {sku.known} processes is not known")


def judge_spillover(deployment: Resource) -> Verdict:
    """What a full deployment passes its requests to must process in the account's location too.

    The other deployment belongs to the same account
    (https://learn.microsoft.com/azure/foundry/openai/how-to/spillover-traffic-management).
    """
    named = deployment.attribute(SPILLOVER)
    if isinstance(named.state, Unset):
        return not_applicable("spills over to none")
    others = [one for one in named.targets if _is_deployment(one)] or _siblings(deployment, deployment.text(SPILLOVER))
    if len(others) != 1:
        return unresolved("the deployment that takes what is too much is not in the files").about(SPILLOVER)
    verdict = judge_sku(others[0])
    if verdict.outcome is not Outcome.FAILED:
        return verdict.about(SPILLOVER)
    return failed(f"passes on to {others[0].address} what is too much ({verdict.reason})").about(SPILLOVER)


def _paths(deployment: Resource) -> tuple[str, ...]:
    return SKUS[DEPLOYMENT if deployment.type == DEPLOYMENT else ARM_DEPLOYMENT]


def _is_deployment(resource: Resource) -> bool:
    return resource.type == DEPLOYMENT or resource.type.lower() == ARM_DEPLOYMENT.lower()


def _siblings(deployment: Resource, name: str | None) -> list[Resource]:
    """The other deployments of a name, of the same account where the files tell."""
    estate, root = deployment.estate, deployment.root
    named = estate.once(("deployments by name", root), lambda: _by_name(estate, root)).get(name, []) if name else []
    account = _account(deployment)
    return [one for one in named if one is not deployment and (account is None or _account(one) in (None, account))]


def _by_name(estate: Estate, root: str) -> dict[str | None, list[Resource]]:
    found: dict[str | None, list[Resource]] = defaultdict(list)
    for one in filter(_is_deployment, estate.ai_resources(root)):
        found[one.text("name")].append(one)
    return found


def _account(deployment: Resource) -> Resource | None:
    path = "cognitive_account_id" if deployment.type == DEPLOYMENT else "parent_id"
    return next(iter(deployment.attribute(path).targets), None)
