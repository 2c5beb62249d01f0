"""Whether an Azure AI resource lets in whoever holds a key, a shared signature or a password."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved


class Switch(NamedTuple):
    """Where a type says whether keys count, what keeps them out, and what an ARM update of it would set instead."""

    path: str
    allowed: tuple[Any, ...]
    update: str = ""
    kind: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.path, self.kind)))


_ML = "Microsoft.MachineLearningServices/workspaces"
COMPUTE_KIND = "properties.computeType"
_DISABLED = "properties.disableLocalAuth"
_STORES = "properties.systemDatastoresAuthMode"
_IDENTITY = ("Identity", "UserDelegationSAS")
_LOCAL = Switch("local_auth_enabled", (False,), _DISABLED)
_LOCAL_AUTHENTICATION = Switch("local_authentication_enabled", (False,), _DISABLED)
_TOKENS = Switch("properties.authMode", ("AADToken", "AMLToken"))

SWITCHES = {
    "azurerm_ai_services": _LOCAL_AUTHENTICATION,
    "azurerm_bot_service_azure_bot": _LOCAL_AUTHENTICATION,
    "azurerm_cognitive_account": _LOCAL,
    "azurerm_machine_learning_compute_cluster": _LOCAL,
    "azurerm_machine_learning_compute_instance": _LOCAL,
    "azurerm_machine_learning_synapse_spark": _LOCAL,
    "azurerm_machine_learning_workspace": Switch("storage_account_access_type", ("Identity",), _STORES),
    "azurerm_search_service": _LOCAL_AUTHENTICATION,
    "Microsoft.BotService/botServices": Switch(_DISABLED, (True,)),
    "Microsoft.CognitiveServices/accounts": Switch(_DISABLED, (True,)),
    "Microsoft.Search/searchServices": Switch(_DISABLED, (True,)),
    _ML: Switch(_STORES, _IDENTITY, kind="kind"),
    f"{_ML}/batchEndpoints": _TOKENS,
    f"{_ML}/computes": Switch(_DISABLED, (True,), kind=COMPUTE_KIND),
    f"{_ML}/onlineEndpoints": _TOKENS,
    f"{_ML}/serverlessEndpoints": Switch("properties.authMode", ("AAD",)),
}
"""Types with one argument for it; on Azure Resource Manager the polarity is the other way round than in azurerm."""

CREDENTIALS = {
    "azurerm_machine_learning_datastore_blobstorage": ("account_key", "shared_access_signature"),
    "azurerm_machine_learning_datastore_datalake_gen2": ("client_secret",),
    "azurerm_machine_learning_datastore_fileshare": ("account_key", "shared_access_signature"),
    f"{_ML}/datastores": ("properties.credentials.credentialsType",),
}
"""Types that keep a credential where an identity would do, and where."""

_ARM_CONNECTION = ("properties.category", "properties.authType")
CONNECTIONS = {
    "azurerm_cognitive_account_connection_account_key": ("category", ""),
    "azurerm_cognitive_account_connection_api_key": ("category", ""),
    "Microsoft.CognitiveServices/accounts/connections": _ARM_CONNECTION,
    "Microsoft.CognitiveServices/accounts/projects/connections": _ARM_CONNECTION,
    f"{_ML}/connections": _ARM_CONNECTION,
}
"""Types that connect a service: where the kind of service stands, and the way to sign in, which is a key if empty."""

_TAKES_ENTRA = frozenset(
    (
        "adlsgen2",
        "aiservices",
        "apimanagement",
        "appconfig",
        "azureblob",
        "azurekeyvault",
        "azureopenai",
        "azurestorageaccount",
        "cognitivesearch",
        "cognitiveservice",
        "cosmosdb",
        "managedonlineendpoint",
    )
)
"""Kinds of service behind a connection that take Entra sign-in: those of azurerm's connections by Entra id or managed
identity, https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/cognitive_account_connection_entra_id,
and the storage of Azure ML."""

_KEYS = frozenset(
    ("accesskey", "accountkey", "apikey", "customkeys", "pat", "sas", "serviceprincipal", "usernamepassword")
)
_OWN_COMPUTE = frozenset(("amlcompute", "computeinstance", "synapsespark"))


def is_attached(resource: Resource) -> bool:
    """Whether it is compute that another service runs and a workspace only uses, such as a Databricks workspace."""
    kind = resource.text(COMPUTE_KIND) if resource.type.lower() == f"{_ML}/computes".lower() else None
    return kind is not None and kind.lower() not in _OWN_COMPUTE


def keys_off(resource: Resource) -> Verdict:
    """Whether the resource, of any type in the tables here, lets in only those who sign in with Entra."""
    kind = resource.type.lower()
    for name, switch in SWITCHES.items():
        if name.lower() == kind:
            return _switched_off(resource, switch)
    for name, paths in CREDENTIALS.items():
        if name.lower() == kind:
            return _keeps_none(resource, paths)
    return next(_connection(resource, *paths) for name, paths in CONNECTIONS.items() if name.lower() == kind)


def _switched_off(resource: Resource, switch: Switch) -> Verdict:
    if switch.kind == "kind" and (resource.text("kind") or "").lower() == "project":
        return not_applicable("a project takes its hub's setting")
    if is_attached(resource):
        return not_applicable("compute that is attached has its own sign-in")
    if isinstance(resource.value(switch.path).state, Unset):
        updates = [one_of(*_same(switch))(update) for update in _updates(resource, switch.update)]
        if updates:
            verdict = all_of(updates)
            good = verdict.outcome is Outcome.PASSED
            return verdict if good else not_applicable("azapi sets it, and is judged where it does")
    return each(resource, (switch.path,), one_of(*switch.allowed), implied=("properties",))


def _same(switch: Switch) -> tuple[Any, ...]:
    """What an ARM update has to say for the same effect."""
    return (True,) if switch.update == _DISABLED else _IDENTITY


def _updates(resource: Resource, path: str) -> Iterator[Attribute]:
    """What azapi sets on a resource that azurerm makes, for arguments that the provider's version has not."""
    for referrer in resource.referrers if path else ():
        if referrer.terraform_type == "azapi_update_resource" and resource in referrer.value("resource_id").targets:
            yield from (attribute.of(referrer) for attribute in referrer.attributes(path))


def _keeps_none(resource: Resource, paths: tuple[str, ...]) -> Verdict:
    if paths[0].startswith("properties."):
        return each(resource, paths, one_of("None"), implied=("properties", "properties.credentials"))
    return all_of(_is_absent(resource.attribute(path)) for path in paths)


def _is_absent(credential: Attribute) -> Verdict:
    if isinstance(credential.state, Unset):
        verdict = passed("no credential is kept")
    elif credential.is_set:
        verdict = failed("a credential that opens the store to whoever reads it; leave it out and use an identity")
    else:
        verdict = unresolved("may be set")
    return verdict.about(credential.path)


def _connection(resource: Resource, category: str, sign_in: str) -> Verdict:
    service, way = resource.attribute(category), resource.attribute(sign_in) if sign_in else None
    if way is not None and not isinstance(way.known, str):
        return unresolved("how the connection signs in is not known").about(way.path)
    if way is not None and way.known.lower() not in _KEYS:
        return passed(way.known).about(way.path)
    if not isinstance(service.known, str):
        return unresolved("the kind of service is not known").about(service.path)
    if service.known.lower() not in _TAKES_ENTRA:
        return not_applicable("the service behind the connection is not known to take Entra sign-in")
    statement = f"a connection to {service.known} with a stored credential; let it sign in with an identity"
    return failed(statement).about((way or service).path)
