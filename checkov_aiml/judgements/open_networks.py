"""Which address ranges are the internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from checkov_aiml.terraform_view.resources import Attribute
from checkov_aiml.terraform_view.state import Known
from checkov_aiml.verdict import Verdict, all_of, failed, passed, unresolved

_LARGEST_PRIVATE_PREFIX = {4: 8, 6: 7}
"""10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193): a shorter prefix reaches beyond any private range.

That takes in `0.0.0.0/0` and its halves `0.0.0.0/1` and `128.0.0.0/1`.
"""


def is_internet(text: str) -> bool:
    """Whether an address range is so large that it holds everyone's public addresses; ValueError where it is none."""
    network = ip_network(text, strict=False)
    return network.prefixlen < _LARGEST_PRIVATE_PREFIX[network.version]


def closed(attributes: Iterable[Attribute], direction: str) -> Verdict:
    """No range of a rule's address lists may be the internet; `direction` says in messages what is open.

    A prefix list that the files make is judged by its entries; another one counts as named ranges.
    """
    verdicts = [_range(item, direction) for attribute in attributes for item in _ranges(attribute)]
    return all_of(verdicts) if verdicts else passed(f"{direction} names no address range")


def _ranges(attribute: Attribute) -> Iterator[Attribute]:
    if "prefix_list" not in attribute.path:
        yield from attribute.items()
        return
    for prefix_list in attribute.targets:
        if prefix_list.mode == "managed" and prefix_list.type == "aws_ec2_managed_prefix_list":
            yield from (cidr.of(prefix_list) for cidr in prefix_list.attributes("entry.cidr"))
            for entry in prefix_list.estate.parts_of(prefix_list, "aws_ec2_managed_prefix_list_entry"):
                yield entry.attribute("cidr").of(entry)


def _range(item: Attribute, direction: str) -> Verdict:
    if not isinstance(item.state, Known):
        return unresolved("the address range is not known").about(item.path)
    try:
        if is_internet(str(item.known)):
            return failed(f"{direction} is open to {item.known}; name the ranges that are needed").about(item.path)
    except ValueError:
        return failed("no address range; give one in CIDR notation").about(item.path)
    return passed(f"{direction} is limited to named ranges").about(item.path)
