"""The matrix of resources and guardrail families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from checkov_aiml import control_catalogue
from checkov_aiml.evidence.checkov_results import OUTCOMES
from checkov_aiml.evidence.family_words import SEVERITIES

Document = dict[str, Any]
"""Plain values by documented keys."""


def gravity(severity: str) -> int:
    """The place of a severity, the gravest first; those that are not known come last."""
    return list(SEVERITIES).index(severity) if severity in SEVERITIES else len(SEVERITIES)


def matrix(results: Sequence[Document]) -> Document:
    """Resource by family, the worst rows first; a cell has counts and the gravest severity of what failed in it."""
    rows = []
    for (file, resource), found in groupby(results, key=lambda one: (one["file"], one["resource"])):
        of_resource = list(found)
        cells = {
            code: _cell([one for one in of_resource if one["family"] == code])
            for code in dict.fromkeys(one["family"] for one in of_resource)
        }
        skips = [{"control": one["control"], **one["skip"]} for one in of_resource if one["skip"]]
        rows.append({"file": file, "resource": resource, "cells": cells, "skips": skips})
    used = {code for row in rows for code in row["cells"]}
    known = list(control_catalogue.FAMILIES)
    families = [*(code for code in known if code in used), *sorted(used.difference(known))]
    return {"families": families, "rows": sorted(rows, key=_row_order)}


def _cell(found: Sequence[Document]) -> Document:
    counts = Counter(one["outcome"] for one in found)
    failed = [one["severity"] for one in found if one["outcome"] == "failed"]
    return {
        **{outcome: counts[outcome] for outcome in OUTCOMES},
        "skipped_without_reason": sum(one["skip"] is not None and one["skip"]["reason"] is None for one in found),
        "gravest": min(failed, key=gravity, default=""),
    }


def _row_order(row: Mapping[str, Any]) -> tuple[object, ...]:
    cells = list(row["cells"].values())
    gravest = min((gravity(cell["gravest"]) for cell in cells if cell["failed"]), default=len(SEVERITIES) + 1)
    totals = (-sum(cell[key] for cell in cells) for key in ("failed", "skipped_without_reason", "skipped"))
    return gravest, *totals, row["file"], row["resource"]
