"""Azure's locations: where a resource is, which location Azure pairs with which, and what is at none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from checkov_aiml.judgements.residency import allowance, is_allowed, judge_name, judge_place
from checkov_aiml.terraform_view.regions import location_of, normalised
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

GLOBAL = "global"
_BOTS = "a global bot has no residency, and there are no regional bots in the United Kingdom"
_NEAREST = "the data centre that is nearest to the caller, anywhere, answers"
EVERYWHERE = {
    "azurerm_bot_": _BOTS,
    "azurerm_cognitive_account": _NEAREST,
    "azurerm_ai_services": _NEAREST,
    "microsoft.bing/": "Bing is outside of Azure's geographies and compliance boundary",
    "microsoft.botservice/": _BOTS,
    "microsoft.cognitiveservices/": _NEAREST,
}
"""How the types start for which `global` is a place that processes data, and what it means.

https://learn.microsoft.com/azure/bot-service/bot-builder-concept-regionalization and
https://learn.microsoft.com/azure/bot-service/ref-oauth-redirect-urls,
https://learn.microsoft.com/azure/ai-services/translator/region-support,
https://learn.microsoft.com/azure/ai-foundry/agents/how-to/tools/bing-grounding,
https://learn.microsoft.com/legal/cognitive-services/agents/data-privacy-security
"""


@lru_cache(maxsize=1)
def pairs() -> Mapping[str, str | None]:
    """Every location of the public cloud with the one that it is paired with, None where it has none."""
    content = (files("checkov_aiml") / "data" / "azure_locations.json").read_text(encoding="utf-8")
    return json.loads(content)["pairs"]


def judge_location(resource: Resource) -> Verdict:
    """The effective location of an Azure resource must be allowed; `global` is judged by what the type does there."""
    place = location_of(resource)
    is_update = resource.terraform_type == "azapi_update_resource" and not resource.attribute("location").is_set
    if place.is_missing or is_update:
        return not_applicable("nothing in the files says where it is")
    if place.name != GLOBAL or is_allowed(GLOBAL, "azure"):
        return judge_place(place, "azure").about("location")
    kind = (place.source or resource).type.lower()
    meaning = next((text for start, text in EVERYWHERE.items() if kind.startswith(start)), None)
    if meaning is None:
        return not_applicable("its type is at no location")
    return failed(f"{GLOBAL} ({place.cause}), which is no location: {meaning}; {allowance('azure')}").about("location")


def judge_location_name(attribute: Attribute, what: str) -> Verdict:
    """A location that an argument names must be allowed; `what` says in the message what it is the location of."""
    if isinstance(attribute.state, Unset):
        return not_applicable(f"no location of {what}")
    if isinstance(attribute.known, str):
        return judge_name(normalised(attribute.known), "azure", what).about(attribute.path)
    state = attribute.state
    text = "no single text" if isinstance(state, Known) else state.text
    return unresolved(f"the location of {what} is not known ({text})").about(attribute.path)


def judge_copies_to_pair(location: str | None, how: str, path: str) -> Verdict:
    """What Azure copies to the location paired with this one must stay in an allowed one; `how` says what copies it.

    Where the location itself is not allowed nothing is said: that is a finding of its own.
    """
    if location is None:
        return unresolved(f"{how} copies to the paired location, and the location is not known").about(path)
    if not is_allowed(location, "azure"):
        return not_applicable("the location itself is not allowed")
    if location not in pairs():
        return unresolved(f"{how} copies to the paired location, and that of {location} is not known").about(path)
    pair = pairs()[location]
    if pair is None or is_allowed(pair, "azure"):
        return passed(f"{how} copies to {pair or 'no other location'}").about(path)
    return failed(f"{how} copies to {pair}, with which Azure pairs {location}; {allowance('azure')}").about(path)


def location_in(address: str) -> str | None:
    """The location that an address names as a part of its host, as in `https://eastus.api.cognitive.microsoft.com`."""
    host = re.sub(r"^[a-z]+://", "", address.lower()).partition("/")[0].partition(":")[0]
    return next((label for label in host.split(".") if label in pairs()), None)
