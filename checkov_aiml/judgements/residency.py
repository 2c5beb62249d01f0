"""Where AI resources and AI data may be: a region or location against the settings."""

from __future__ import annotations

from typing import Literal

from checkov_aiml.terraform_view.regions import Place, normalised
from checkov_aiml.verdict import Verdict, failed, passed, unresolved

Cloud = Literal["aws", "azure"]


def allowed_places(cloud: Cloud) -> tuple[str, ...]:
    """The regions or locations that the settings allow, as they write them."""
    from checkov_aiml import settings

    return getattr(settings.current().regions, cloud)


def allowance(cloud: Cloud) -> str:
    """What a message says of the setting: "the setting regions.aws allows eu-west-2"."""
    return f"the setting regions.{cloud} allows {', '.join(allowed_places(cloud))}"


def is_allowed(name: str, cloud: Cloud) -> bool:
    """Whether a region or location is allowed, however it is spelt: `UK South` is `uksouth`."""
    return normalised(name) in map(normalised, allowed_places(cloud))


def judge_name(name: str, cloud: Cloud, cause: str = "") -> Verdict:
    """A region or location given as text must be allowed; `cause` says in the message where it comes from."""
    where = f"{name} ({cause})" if cause else name
    return passed(where) if is_allowed(name, cloud) else failed(f"{where}; {allowance(cloud)}")


def judge_place(place: Place, cloud: Cloud) -> Verdict:
    """The place of a resource must be allowed; unresolved where the files do not give it."""
    if place.name is not None:
        return judge_name(place.name, cloud, place.cause)
    what = "region" if cloud == "aws" else "location"
    if place.is_missing:
        return unresolved(f"the files give no {what} ({place.cause}), so the environment decides")
    return unresolved(f"the {what} is not known ({place.cause})")
