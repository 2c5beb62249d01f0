"""Makes the controls below import the copy of `checkov_aiml` that they are part of.

Checkov puts no package's parent on the import path, and an older installed copy would otherwise be taken. Each folder
that the documentation names as an external checks directory starts with such a file, because Checkov executes a
folder's own files before those of its subfolders.
"""

import sys
from pathlib import Path

_package = Path(__file__).resolve().parents[1]
_loaded = sys.modules.get("checkov_aiml")
if _loaded is None or Path(_loaded.__file__ or "").resolve().parent != _package:
    for _name in [name for name in sys.modules if name.split(".")[0] == "checkov_aiml"]:
        del sys.modules[_name]
    # For this import alone: what lies beside the package, site-packages perhaps, must not shadow the standard library.
    sys.path.insert(0, str(_package.parent))
    import checkov_aiml  # noqa: F401

    sys.path.remove(str(_package.parent))
