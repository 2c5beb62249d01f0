"""The managed network of an Azure ML workspace, AI Foundry hub or AI services account."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset

_ARM_MODE = "properties.managedNetwork.isolationMode"
ISOLATION_MODES = {
    "azurerm_machine_learning_workspace": "managed_network.isolation_mode",
    "azurerm_ai_foundry": "managed_network.isolation_mode",
    "Microsoft.MachineLearningServices/workspaces": _ARM_MODE,
    "Microsoft.CognitiveServices/accounts/managedNetworks": _ARM_MODE,
}
"""Types that have a managed network, and where each says how far it is isolated."""

_BLOCKS = ("managed_network", "properties", "properties.managedNetwork")


def isolation_modes(workspace: Resource) -> Iterator[Attribute]:
    """The isolation mode that a workspace sets, or else what an azapi_update_resource sets for it; else its absence."""
    own = list(workspace.attributes(isolation_path(workspace.type), implied=_BLOCKS))
    if all(isinstance(mode.state, Unset) for mode in own):
        own = list(_set_by_updates(workspace)) or own
    yield from own


def isolation_path(kind: str) -> str:
    """Where a type says how far its managed network is isolated; the empty string for types without one."""
    return next((path for name, path in ISOLATION_MODES.items() if name.lower() == kind.lower()), "")


def _set_by_updates(workspace: Resource) -> Iterator[Attribute]:
    for update in workspace.referrers:
        if update.terraform_type == "azapi_update_resource" and workspace in update.attribute("resource_id").targets:
            for mode in update.attributes(_ARM_MODE):
                if not isinstance(mode.state, Unset):
                    yield mode.of(update)
