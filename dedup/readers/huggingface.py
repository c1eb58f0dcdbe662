"""Hugging Face datasets: the Arrow files of a folder that ``save_to_disk`` of the library ``datasets`` wrote.

Such a folder has ``dataset_info.json`` and ``state.json``, which names its files, or ``dataset_dict.json``, which names a folder for each
split.
"""

from __future__ import annotations

import json
import os
from typing import Any

from ..errors import InputError

_MOST = 1 << 24  # bytes of a description


def dataset_files(folder: str) -> tuple[str, ...] | None:
    """Return the Arrow files of a saved dataset, in their order; None for a folder that is none. Raises `InputError`.

    A reader of the folder reads these files and no others: the descriptions beside them are no documents.
    """
    if (splits := _described(folder, "dataset_dict.json")) is not None:
        names = _names(splits.get("splits"), folder, "dataset_dict.json")
        found = [dataset_files(os.path.join(folder, name)) for name in names]
        if None in found:
            raise InputError("a split of this dataset is not there", path=folder, hint="copy the whole folder")
        return tuple(path for paths in found for path in paths or ())
    state = _described(folder, "state.json")
    if state is None or not os.path.isfile(os.path.join(folder, "dataset_info.json")):
        return None
    files = state.get("_data_files")
    if not isinstance(files, list):
        return None
    names = _names([file.get("filename") if isinstance(file, dict) else None for file in files], folder, "state.json")
    paths = tuple(os.path.join(folder, name) for name in names)
    if missing := next((path for path in paths if not os.path.isfile(path)), None):
        raise InputError("a file of this dataset is not there", path=missing, hint="copy the whole folder")
    return paths


def _described(folder: str, name: str) -> dict[str, Any] | None:
    path = os.path.join(folder, name)
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _MOST:
            return None
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"the description of a dataset that cannot be read ({error})", path=path, hint="copy the whole folder") from error
    return found if isinstance(found, dict) else None


def _names(names: Any, folder: str, of: str) -> list[str]:
    """Return names of files in this folder. A name that leads out of it is refused."""
    if not isinstance(names, list) or not all(isinstance(name, str) and name not in ("", ".", "..") for name in names):
        raise InputError("no names of files", path=os.path.join(folder, of), hint="write the dataset again with save_to_disk")
    if out := next((name for name in names if os.path.basename(name) != name or "\0" in name), None):
        raise InputError(f"a name outside of the folder: {out!r}", path=os.path.join(folder, of), hint="write it again with save_to_disk")
    return names
