"""The tests run the package that is installed: the folders ``dedup`` and ``reports`` of the checkout are out of reach."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("dedup", "reports")
_INSTALL = "install it again (rm -rf build; .venv/bin/pip install '.[test]'), or for good as the checkout itself (--editable '.[test]')"


def script() -> Path:
    """Return the command that was installed."""
    return Path(sysconfig.get_path("scripts")) / "dedup"


def is_editable() -> bool:
    """Say whether somebody asked for this checkout itself, with ``pip install --editable``."""
    # A build leaves metadata in the checkout as well, which do not say so.
    origins = [json.loads(found.read_text("direct_url.json") or "{}") for found in distributions(name="bulletin-dedup")]
    return any(origin.get("dir_info", {}).get("editable") and origin.get("url") == ROOT.as_uri() for origin in origins)


def problem(checkout: Path, place: Path | None, editable: bool) -> str | None:
    """Return one line that says why the packages in a folder are not what the tests are for, or None where they are."""
    if place is None:
        return f"bulletin-dedup is not installed: {_INSTALL}"
    if place == checkout:
        return None if editable else f"dedup would be imported from the checkout itself, {checkout}: {_INSTALL}"
    for package in PACKAGES:
        names = {path.relative_to(folder) for folder in (checkout, place) for path in (folder / package).rglob("*.py")}
        for name in sorted(names):
            here, there = checkout / name, place / name
            if not (here.exists() and there.exists() and here.read_bytes() == there.read_bytes()):
                return f"what is installed in {place} is another version: {name} is not what the checkout has: {_INSTALL}"
    return None


def hide_checkout() -> str | None:
    """Put the checkout out of reach of this process and of its children, and return what is wrong with what is installed, or None."""
    editable = is_editable()
    if not editable:
        sys.path[:] = [entry for entry in sys.path if Path(entry or os.curdir).resolve() != ROOT]
        entries = [entry for entry in os.environ.pop("PYTHONPATH", "").split(os.pathsep) if entry and Path(entry).resolve() != ROOT]
        if entries:
            os.environ["PYTHONPATH"] = os.pathsep.join(entries)
        os.environ["PYTHONSAFEPATH"] = "1"  # a child does not begin its search in the folder that it runs in, or in that of its script
    found = find_spec(PACKAGES[0])
    place = Path(found.origin).resolve().parent.parent if found and found.origin else None
    return problem(ROOT, place, editable)
