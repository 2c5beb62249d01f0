"""The body of an azapi resource: an HCL object in azapi 2, JSON text in azapi 1, judged alike.

`identity`, `location` and `tags` may stand beside the body or in it
(https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource).
"""

from __future__ import annotations

import json
from typing import Any

from checkov_aiml.terraform_view.state import UNSET, Known, Unset, Value, from_plain, unresolved
from checkov_aiml.verdict import MalformedError

TYPES = ("azapi_resource", "azapi_update_resource")


class ArmBody:
    """The ARM body by name, with the arguments that may stand beside it."""

    def __init__(self, resource_body: Any) -> None:
        self._outer = resource_body
        self._inner: Value | None = None

    def get(self, name: str) -> Value:
        """The value of an ARM property; unresolved when the whole body is. Raises `MalformedError`."""
        if name in ("identity", "location", "tags", "name", "parent_id", "resource_id"):
            beside = self._outer.get(name)
            # A plan shows a block that is left out as an empty list.
            if not isinstance(beside.state, Unset) and beside.known != []:
                return beside
        body = self._body()
        if isinstance(body.state, Unset):
            return UNSET
        if not isinstance(body.state, Known):
            return unresolved(f"body ({body.state.text})", body)
        return body.known.get(name) or UNSET

    def _body(self) -> Value:
        if self._inner is None:
            self._inner = _parsed(self._outer.get("body"))
        return self._inner


def _parsed(body: Value) -> Value:
    if not isinstance(body.state, Known) or hasattr(body.known, "get"):
        return body
    content = body.known
    if isinstance(content, list) and len(content) == 1:
        return _parsed(content[0])
    if not isinstance(content, str):
        raise MalformedError("body is neither an object nor JSON text")
    try:
        document = json.loads(content)
    except ValueError as error:
        position = (
            f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its start"
        )
        raise MalformedError(f"body is no JSON from {position} on; correct the text or give an HCL object") from None
    if not isinstance(document, dict):
        raise MalformedError("body is JSON but no object")
    return from_plain(document).naming(body)
