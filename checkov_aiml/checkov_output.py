"""What Checkov prints: the formats of the running scan, and the keys that our results add to its JSON.

Checkov writes a check's `details` into SARIF as attachments without a location, which the SARIF 2.1.0 schema refuses.
Measured on Checkov 3.3.30.
"""

from __future__ import annotations

import sys
from functools import lru_cache

REASON = "reason"
"""Key of a check result in Checkov's JSON: what was found, of a passed or failed result."""
EXEMPTION = "exemption"
"""Key of a check result in Checkov's JSON: reason, owner and date of the exemption that made it a skipped one."""


@lru_cache(maxsize=8)
def _formats(arguments: tuple[str, ...]) -> frozenset[str]:
    import configargparse
    from checkov.common.util.config_utils import get_default_config_paths
    from checkov.common.util.ext_argument_parser import ExtArgumentParser

    parser = ExtArgumentParser(
        default_config_files=get_default_config_paths(list(arguments)),
        config_file_parser_class=configargparse.YAMLConfigFileParser,
        add_help=False,
    )
    parser.add_parser_args()
    try:
        known, _ = parser.parse_known_args(list(arguments))
    except (SystemExit, Exception):  # Arguments of another program than Checkov: nothing says SARIF.
        return frozenset()
    return frozenset(known.output or ("cli",))


def scan_prints_sarif() -> bool:
    """Whether this scan prints SARIF too, by its command line, the environment or Checkov's configuration file."""
    return "sarif" in _formats(tuple(sys.argv[1:]))
