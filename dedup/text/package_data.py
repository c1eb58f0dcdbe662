"""JSON files of the package, read beside a module: without ``importlib.resources``, which takes longer to load than a file to read."""

from __future__ import annotations

import json
import os
from importlib.machinery import ModuleSpec
from typing import Any


def package_json(module: ModuleSpec | None, *names: str) -> Any:
    """Return what a file of JSON has that stands beside a module, whose ``__spec__`` is given: in a folder or in a zip file.

    >>> package_json(__spec__, "data", "prepared", "hints.json")["languages"][:2]
    ['ar', 'en']
    """
    assert module is not None
    assert module.origin is not None
    content: bytes = module.loader.get_data(os.path.join(os.path.dirname(module.origin), *names))  # type: ignore[union-attr]
    return json.loads(content.decode("utf-8"))
