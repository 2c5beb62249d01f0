"""Where the connections of Azure AI projects and workspaces lead, and where serverless endpoints take models from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkov_aiml.judgements.azure_locations import location_in
from checkov_aiml.judgements.residency import judge_name
from checkov_aiml.terraform_view.regions import normalised
from checkov_aiml.terraform_view.resources import Attribute
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.verdict import Verdict, unresolved

AZURE_ADDRESSES = {
    **dict.fromkeys(
        (
            "azurerm_cognitive_account_connection_account_key",
            "azurerm_cognitive_account_connection_account_managed_identity",
            "azurerm_cognitive_account_connection_api_key",
            "azurerm_cognitive_account_connection_custom_keys",
            "azurerm_cognitive_account_connection_entra_id",
        ),
        ("target",),
    ),
    **dict.fromkeys(
        (
            "Microsoft.CognitiveServices/accounts/connections",
            "Microsoft.CognitiveServices/accounts/projects/connections",
            "Microsoft.MachineLearningServices/workspaces/connections",
        ),
        ("properties.target",),
    ),
    "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints": ("properties.modelSettings.modelId",),
}
"""Types, and where each names an address in which a location may stand."""

_ASSET = re.compile(r"^azureml://locations/(?P<location>[^/]+)/")


def judge_named_location(attribute: Attribute) -> Iterator[Verdict]:
    """A verdict on the location in the host of an address, or in a model's asset id; nothing where none is named."""
    if isinstance(attribute.known, str):
        asset = _ASSET.match(attribute.known)
        location = asset["location"] if asset else location_in(attribute.known)
        if location is not None:
            yield judge_name(normalised(location), "azure", "in the address").about(attribute.path)
    elif not isinstance(attribute.state, (Known, Unset)) and not attribute.targets:
        yield unresolved("whether it names a location is not known").about(attribute.path)
