"""Whether a place is allowed by the settings, said so that the reader knows which setting allows more.

The list is an organisation's own policy: the UK GDPR restricts transfers to other countries, it does not forbid them.
"""

from __future__ import annotations

from typing import Literal

from checkov_aiml import settings
from checkov_aiml.terraform_view.regions import Place, normalised
from checkov_aiml.terraform_view.state import Known
from checkov_aiml.verdict import Verdict, failed, passed, unresolved

Cloud = Literal["aws", "azure"]


def allowed(cloud: Cloud) -> tuple[str, ...]:
    """The allowed regions or locations of a cloud, in the cloud's own spelling."""
    return tuple(normalised(place) for place in getattr(settings.current().regions, cloud))


def allowance(cloud: Cloud) -> str:
    """What the settings allow, for the end of a message."""
    return f"the setting regions.{cloud} allows {', '.join(allowed(cloud))}"


def is_allowed(name: str, cloud: Cloud) -> bool:
    return normalised(name) in allowed(cloud)


def judge_place(place: Place, cloud: Cloud, what: str = "") -> Verdict:
    """The verdict on where something is; `what` names it when it is not the judged resource itself."""
    subject = f"{what} is in " if what else "in "
    if place.name is not None:
        text = f"{subject}{place.name} ({place.cause})"
        return passed(text) if is_allowed(place.name, cloud) else failed(f"{text}; {allowance(cloud)}")
    if isinstance(place.value.state, Known):
        return failed(f"{subject}no single place ({place.cause}); {allowance(cloud)}")
    if place.is_missing:
        return unresolved(f"nothing in the files says where ({place.cause}); the environment decides")
    return unresolved(f"{place.value.state.text} decides where ({place.cause}), and its value is not known")
