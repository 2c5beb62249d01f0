"""The shapes that most controls have: an attribute must be one of some values, be set, or name a customer's key."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY, Known, Reference, Unresolved, Unset
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

Judgement = Callable[[Attribute], Verdict]


def each(resource: Resource, paths: Iterable[str], judge: Judgement, implied: Collection[str] = ()) -> Verdict:
    """One verdict for everything that stands at some paths; places whose enclosing block is absent do not count.

    `implied` names the blocks whose absence means the same as an empty block.
    """
    verdicts = [judge(attribute) for path in paths for attribute in resource.attributes(path, implied)]
    return all_of(verdicts) if verdicts else not_applicable("nothing of what is judged is configured")


def one_of(*allowed: Any) -> Judgement:
    """The attribute's value, or the provider's default where it is absent, must be one of these.

    Booleans and their text are the same, as are upper and lower case: providers accept both, and plans mix them.
    """
    wanted = f"set it to {' or '.join(_shown(value) for value in allowed)}"
    accepted = {_shown(value).casefold() for value in allowed}

    def judge(attribute: Attribute) -> Verdict:
        state = attribute.state
        if isinstance(state, Unset) and attribute.default is None:
            return failed(f"not set; {wanted}")
        if isinstance(state, Unset):
            default = _shown(attribute.default)
            text = f"not set, which means {default}"
            return passed(text) if default.casefold() in accepted else failed(f"{text}; {wanted}")
        if not isinstance(state, Known):
            return unresolved(f"the value of {state.text} is not known")
        if isinstance(attribute.known, (str, bool, int, float)):
            found = _shown(attribute.known)
            return passed(f"{found}") if found.casefold() in accepted else failed(f"{found}; {wanted}")
        return failed(f"not a single value; {wanted}")

    return lambda attribute: judge(attribute).about(attribute.path)


def public_access_off(attribute: Attribute) -> Verdict:
    """A switch of public network access must be off; providers spell it as a boolean or as a word.

    `SecuredByPerimeter` leaves the decision to a network security perimeter and refuses all other public traffic.
    """
    if attribute.path.endswith("_enabled"):
        return one_of(False)(attribute)
    secured = isinstance(attribute.known, str) and attribute.known.casefold() == "securedbyperimeter"
    return one_of("SecuredByPerimeter" if secured else "Disabled")(attribute)


def is_set(what: str) -> Judgement:
    """The attribute must have a value, whatever it is; `what` says in a message what belongs there."""

    def judge(attribute: Attribute) -> Verdict:
        if isinstance(attribute.state, Unset) or attribute.known == []:
            return failed(f"not set; give {what}")
        return passed("set") if attribute.is_set else unresolved("may be absent")

    return lambda attribute: judge(attribute).about(attribute.path)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


AWS_MANAGED_ALIAS = re.compile(r"(?:^|:)alias/aws/[\w-]*")
_AWS_KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key")
_AZURE_KEYS = ("azurerm_key_vault_key", "azurerm_key_vault_managed_hardware_security_module_key")


def customer_managed_key(attribute: Attribute) -> Verdict:
    """The attribute must name a KMS key or Key Vault key of the customer's own.

    AWS keeps the alias prefix `alias/aws/` for keys that it manages itself
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html); any other literal key or alias is the
    customer's. A key that is made in the same configuration counts as set.
    """
    return _key_judgement(attribute).about(attribute.path)


def _key_judgement(attribute: Attribute) -> Verdict:
    state = attribute.state
    if isinstance(state, Unset):
        return failed("not set, so no customer-managed key is used; name a key of your own")
    if isinstance(state, Reference) and AWS_MANAGED_ALIAS.search(state.text):
        return _named_key(state.text)
    verdicts = [verdict for target in attribute.targets if (verdict := _key(target)) is not None]
    if verdicts and not isinstance(state, Unresolved):
        return all_of(verdicts)
    if isinstance(attribute.known, str):
        return _named_key(attribute.known)
    if isinstance(state, Known):
        return failed("not the name of a key; name a key of your own")
    if isinstance(state, Reference) and _tells(state.text):
        return _named_key(state.text)
    return unresolved(f"{state.text} names no key that can be seen")


def _tells(text: str) -> bool:
    """Whether a text tells what kind of key it names although parts of it are unknown, or is planned to be made."""
    return text == AFTER_APPLY.text or bool(re.search(r":key/|alias/(?!\$)", text))


def _named_key(name: str) -> Verdict:
    managed = AWS_MANAGED_ALIAS.search(name)
    if managed:
        return failed(f"{managed.group().lstrip(':')} is a key that AWS manages; name a key of your own")
    return passed("a customer-managed key")


def _key(target: Resource) -> Verdict | None:
    """What a named resource says about the key; None when it is no key."""
    if target.mode == "managed" and target.type in (*_AWS_KEYS, *_AZURE_KEYS, "aws_kms_alias"):
        return passed(f"{target.address} is a customer-managed key")
    if target.mode == "data" and target.type in ("aws_kms_alias", "aws_kms_key"):
        name = target.attribute("name" if target.type == "aws_kms_alias" else "key_id")
        if isinstance(name.known, str):
            return _named_key(name.known)
        return unresolved(f"{target.address} looks up a key that is not known")
    if target.mode == "data" and target.type in _AZURE_KEYS:
        return passed(f"{target.address} is a customer-managed key")
    return None


def kms_encryption(
    resource: Resource,
    algorithm: str,
    key: str,
    *,
    separate: bool = False,
    by: Collection[str] = ("aws:kms", "aws:kms:dsse"),
    implied: Collection[str] = (),
) -> Iterator[Verdict]:
    """Where one argument names the kind of encryption and another the key: KMS by name, and a customer-managed key.

    `separate` says that the verdict is on another resource, of which this one configures a part.
    """
    pairs = zip(resource.attributes(algorithm, implied), resource.attributes(key, implied), strict=True)
    for kind, named in pairs:
        verdict = one_of(*by)(kind.of(resource) if separate else kind)
        yield verdict
        if verdict.outcome is not Outcome.FAILED:
            yield customer_managed_key(named.of(resource) if separate else named)


def either_name(resource: Resource, path: str, *earlier: str) -> Attribute:
    """The attribute under whichever of its names it stands: an earlier provider version's, or else the present one."""
    found = [attribute for name in earlier for attribute in resource.attributes(name)]
    return next((attribute for attribute in found if not isinstance(attribute.state, Unset)), resource.attribute(path))
